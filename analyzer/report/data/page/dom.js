// Builds elements. Foreign text only ever becomes a text node; there is no way from here to markup.

/** Makes an element: `props` are attributes, `on…` listeners, or `text`; children are elements or texts. */
function el(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "text") made.textContent = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const byId = (id) => document.getElementById(id);

/** A link to a part of the evidence: `#o12`, `#flow-3`, `#1-accept/events/161`. */
const link = (id, ...children) => el("a", { href: "#" + encodeURIComponent(id), class: "ref" }, ...children);

const tierBadge = (tier) =>
  tier ? el("span", { class: "tier t-" + tier }, el("i", { "aria-hidden": "true" }), word("tier", tier)) : "";

const phaseBadge = (phase) => el("span", { class: "phase p-" + phase }, word("phase", phase));

const typeTag = (id) => el("span", { class: "type", title: id, text: typeName(id) });

/** Calls `work` once per frame at most, however often it is asked. */
function soon(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}
