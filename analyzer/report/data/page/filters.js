// What is shown: one recording, and of it what passes the filters. Charts and tables listen.
const KINDS = ["phase", "type", "sdk", "to", "tier"];
const state = { recording: 0, search: "", chosen: Object.fromEntries(KINDS.map((kind) => [kind, new Set()])) };
const listeners = [];

function values(one, kind) {
  if (kind === "type") return one.types || [];
  return one[kind] ? [one[kind]] : [];
}

function valueName(kind, value) {
  if (kind === "type") return typeName(value);
  return kind === "phase" || kind === "tier" ? word(kind, value) : value;
}

function haystack(one) {
  if (one.hay === undefined) {
    const parts = [one.title, told(one.title || ""), told(one.why || ""), one.line, one.api, one.hook, one.host, one.to, one.sdk, one.value, one.path, one.why];
    const names = (one.types || []).flatMap((id) => [id, ...(Object.hasOwn(DATA.types, id) ? DATA.types[id] : [])]);
    parts.push(one.subject, one.detail, one.kind, one.id, ...names);
    one.hay = parts.filter((part) => typeof part === "string").join("\n").toLowerCase();
  }
  return one.hay;
}

/** Says whether an entry passes; dimensions that its kind does not have are not asked of it. */
function passes(one, kinds = KINDS) {
  for (const kind of kinds) {
    const chosen = state.chosen[kind];
    if (chosen.size && !values(one, kind).some((value) => chosen.has(value))) return false;
  }
  return !state.search || haystack(one).includes(state.search);
}

function changed() {
  for (const listener of listeners) listener();
}

function clearFilters() {
  for (const kind of KINDS) state.chosen[kind].clear();
  state.search = "";
  byId("search").value = "";
  drawFilters();
  changed();
}

function options(kind) {
  const counts = new Map();
  for (const one of DATA.timeline) for (const value of values(one, kind)) counts.set(value, (counts.get(value) || 0) + 1);
  const order = (value) => (kind === "tier" ? -rank(value) : -counts.get(value));
  return [...counts].sort((one, two) => order(one[0]) - order(two[0]) || (one[0] < two[0] ? -1 : 1)).slice(0, 400);
}

function pick(kind) {
  const summary = el("summary", { class: "button" });
  const name = () => {
    const size = state.chosen[kind].size;
    summary.replaceChildren(say("filter_" + kind), size ? el("b", { class: "count", text: size }) : "");
  };
  const box = (value, count) => {
    const input = el("input", { type: "checkbox", checked: state.chosen[kind].has(value) });
    input.addEventListener("change", () => {
      state.chosen[kind][input.checked ? "add" : "delete"](value);
      name();
      drawChosen();
      changed();
    });
    return el("label", {}, input, el("span", { text: valueName(kind, value) }), el("small", { text: number(count) }));
  };
  name();
  const made = el("details", { class: "pick", "data-kind": kind, name: "pick" }, summary);
  made.addEventListener("toggle", () => {
    if (!made.open || made.children.length > 1) return;
    const list = options(kind).map(([value, count]) => box(value, count));
    made.append(el("fieldset", {}, el("legend", { text: say("filter_" + kind) }), list.length ? list : say("none")));
  });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !made.open) return;
    made.open = false;
    summary.focus();
    event.stopPropagation();
  });
  return made;
}

function drawFilters() {
  byId("picks").replaceChildren(...KINDS.map(pick));
  byId("search").placeholder = say("search");
  drawChosen();
}

/** Shows what is filtered by, each with a button that takes it away. */
function drawChosen() {
  const chips = KINDS.flatMap((kind) =>
    [...state.chosen[kind]].map((value) => {
      const text = say("filter_" + kind) + ": " + valueName(kind, value);
      const off = () => {
        state.chosen[kind].delete(value);
        drawFilters();
        changed();
      };
      return el("button", { type: "button", class: "chip", "aria-label": say("remove", { what: text }), onclick: off }, text, el("span", { "aria-hidden": "true", text: "×" }));
    }),
  );
  if (chips.length || state.search)
    chips.push(el("button", { type: "button", class: "chip clear", onclick: clearFilters, text: say("clear") }));
  byId("chosen").replaceChildren(...chips);
}

function startFilters() {
  const search = byId("search");
  const ask = soon(() => {
    state.search = search.value.trim().toLowerCase();
    drawChosen();
    changed();
  });
  search.addEventListener("input", ask);
  document.addEventListener("click", (event) => {
    for (const open of document.querySelectorAll("details.pick[open]")) if (!open.contains(event.target)) open.open = false;
  });
  drawFilters();
}
