// The panel beside the page: one call, request, link, screen, mark or gap, with the evidence itself.
let opened = null; // what the panel shows, to draw it again in another language
let before = null; // what had the focus before

const facts = (...pairs) =>
  el("dl", { class: "facts" }, pairs.filter(([, value]) => value !== "" && value !== null && value !== undefined).flatMap(([name, value]) => [el("dt", { text: name }), el("dd", {}, value)]));

const section = (title, ...children) => el("section", {}, el("h3", { text: title }), ...children);

const when = (one) => since(inRecording(one), 6) + (DATA.recordings.length > 1 && DATA.recordings[one.r] ? " · " + DATA.recordings[one.r].name : "");

function valueText(value) {
  const size = value.size === null ? "" : ` · ${number(value.size)} B`;
  const cut = value.cut ? el("small", { class: "note", text: say("cut_off") }) : "";
  return el("div", { class: "value" }, el("small", { text: value.type + size }), el("code", { text: value.text || "∅" }), cut);
}

/** Shows who says that this is personal data, and why. */
function observationLine(one) {
  return el("li", {},
    el("div", {}, link(one.id, typeTag(one.type)), " ", tierBadge(one.tier), " ", el("code", { text: one.value })),
    el("div", { class: "soft" }, word("method", one.method) + " · " + Math.round(one.confidence * 100) + " % · " + told(one.why)));
}

function linkLine(one, end) {
  const flow = flows.get(one.flow);
  const call = details().events[one.event];
  const other = end === "flow" ? (flow ? link("flow-" + flow.i, flow.line) : "?") : link(one.event, call ? call.api : one.event);
  return el("li", {}, other, " ", el("span", { class: "soft" }, link(one.id, word("link", one.method)), " · " + since(one.distance) + " · " + Math.round(one.confidence * 100) + "\u00a0%"));
}

function stackList(call) {
  if (call.stack === null) return el("p", { class: "soft", text: say("no_stack") });
  const frames = details().stacks[call.stack];
  const seen = seenByEvent.get(call.id) || [];
  const deciding = new Map(seen.filter((one) => one.frame).map((one) => [one.frame, one.sdk]));
  return el("ol", { class: "stack" }, frames.map((frame) => {
    const sdk = deciding.get(frame);
    return el("li", { class: sdk ? "decides" : null }, el("code", { text: frame }), sdk ? el("span", { class: "sdk", text: "◂ " + sdk }) : "");
  }));
}

function callPanel(id) {
  const call = { ...details().events[id], id };
  const seen = seenByEvent.get(id) || [];
  const joined = linksByEvent.get(id) || [];
  const entry = entries.get(id);
  const named = call.args.map((value, at) => el("li", { value: at + 1 }, valueText(value)));
  return [
    [say("call"), call.api],
    facts([say("time"), when(call)], [say("phase"), phaseBadge(call.phase)], [say("sdk"), entry ? entry.sdk : ""], [say("process"), call.process], [say("thread"), call.thread], [say("hook"), call.hook], [say("record"), id]),
    section(say("arguments"), named.length ? el("ol", { class: "args", start: 1 }, named) : el("p", { class: "soft", text: say("none") }), call.more ? el("p", { class: "note", text: say("and_more", { count: call.more }) }) : ""),
    section(say("value"), call.ending === "threw" ? el("code", { text: say("threw", { what: call.threw }) }) : call.result ? valueText(call.result) : el("p", { class: "soft", text: say("nothing_returned") })),
    seen.length ? section(say("observations"), el("ul", {}, seen.map(observationLine))) : "",
    joined.length ? section(say("left_in"), el("ul", {}, joined.map((one) => linkLine(one, "flow")))) : "",
    section(say("stack"), stackList(call)),
  ];
}

/** Shows a part of a message, finds marked; pressing a mark leads to the chain of decodings below. */
function passageText(passage, flow) {
  const pieces = passage.pieces.map((piece) => {
    if (typeof piece === "string") return piece;
    if (typeof piece === "number") return el("span", { class: "note", text: " … " + say("left_out", { count: number(piece) }) + " … " });
    const [text, ...ids] = piece;
    const seen = ids.map((id) => observations.get(id)).filter(Boolean);
    const names = [...new Set(seen.map((one) => typeName(one.type)))].join(", ");
    const strongest = seen.reduce((best, one) => (rank(one.tier) > rank(best) ? one.tier : best), "");
    const show = () => showWay(ids[0]);
    return el("mark", { class: "t-" + strongest, tabindex: 0, role: "button", title: names, "aria-label": names + ": " + text.slice(0, 200), "data-find": ids.join(" "), onclick: show, onkeydown: (event) => event.key === "Enter" && show() }, text);
  });
  const notes = [passage.undone.length ? say("undone", { what: passage.undone.join(" › ") }) : "", passage.binary ? say("binary") : ""].filter(Boolean);
  return el("div", { class: "passage" }, el("h4", {}, word("part", passage.part), notes.length ? el("small", { class: "note", text: notes.join(" · ") }) : ""), el("pre", { tabindex: 0 }, pieces.length ? pieces : "∅"));
}

function showWay(id) {
  const way = byId("way-" + id);
  if (!way) return;
  for (const other of document.querySelectorAll(".way.lit")) other.classList.remove("lit");
  way.classList.add("lit");
  way.scrollIntoView({ block: "nearest" });
  way.focus({ preventScroll: true });
}

/** Shows the chain of decodings from the part of the message to the value. */
function wayOf(one, ways) {
  const steps = (ways && ways[one.id]) || one.chain.slice(1).map((name) => [name, ""]);
  const shown = [el("li", {}, el("b", { text: word("where", one.where) })), ...steps.map(([name, text]) => el("li", {}, el("b", { text: name }), text ? el("code", { text }) : ""))];
  const call = one.origins.length ? el("div", {}, say("read_by") + " ", one.origins.slice(0, 5).map((id) => [link(id, details().events[id] ? details().events[id].api : id), " "])) : "";
  return el("li", { class: "way", id: "way-" + one.id, tabindex: -1 },
    el("div", {}, typeTag(one.type), " ", tierBadge(one.tier), " ", el("small", { class: "soft", text: one.id })),
    el("ol", { class: "chain" }, shown, el("li", { class: "end" }, el("code", { text: one.value }))),
    call,
    el("div", { class: "soft" }, word("method", one.method) + " · " + Math.round(one.confidence * 100) + " % · " + told(one.why)));
}

function requestParts(flow) {
  const excerpt = details().excerpts[flow.i];
  if (!excerpt) return [el("p", { class: "note", text: flow.read ? say("not_in_page") : say("not_read") })];
  return excerpt.passages.map((passage) => passageText(passage, flow));
}

/** Says of what was read inside the app which unread connection it is the plaintext of. */
function tappedFrom(flow) {
  if (!flow.tapped) return "";
  return flow.tunnel === null ? say("tapped_around") : link("flow-" + flow.tunnel, flow.host);
}

function flowFacts(flow) {
  return facts(
    [say("time"), when(flow)], [say("phase"), phaseBadge(flow.phase)],
    [say("recipient"), flow.to + (flow.party ? " (" + word("party", flow.party) + ")" : "") + (flow.country ? " · " + flow.country : "")],
    [say("why"), told(flow.whose)], [say("owner"), word("owner", flow.owner)], [say("tapped"), tappedFrom(flow)], [say("sdk"), flow.sdk],
    [say("status"), flow.status === null ? say("unanswered") : flow.status], [say("size"), number(flow.sent)], [say("error"), flow.error], [say("record"), flow.id]);
}

function flowPanel(index) {
  const flow = flows.get(index);
  const seen = seenByFlow.get(index) || [];
  const excerpt = details().excerpts[index];
  const joined = linksByFlow.get(index) || [];
  return [
    [say("request"), flow.line],
    flowFacts(flow),
    section(say("content"), requestParts(flow)),
    seen.length ? section(say("found_in_it"), el("ul", { class: "ways" }, seen.slice(0, 200).map((one) => wayOf(one, excerpt && excerpt.ways)))) : "",
    joined.length ? section(say("came_from"), el("ul", {}, joined.slice(0, 200).map((one) => linkLine(one, "event")))) : "",
  ];
}

/** Shows both ends of a link: the call that gave the value, the request that carried it. */
function linkPanel(id) {
  const one = links.get(id);
  const call = details().events[one.event];
  const flow = flows.get(one.flow);
  const seen = one.obs && observations.get(one.obs);
  const excerpt = details().excerpts[one.flow];
  return [
    [say("link"), word("link", one.method)],
    facts([say("distance"), since(one.distance, 6)], [say("confidence"), Math.round(one.confidence * 100) + "\u00a0%"], [say("data_type"), seen ? typeTag(seen.type) : ""]),
    el("section", { class: "end-of-link" }, el("h3", {}, say("from_call")), call ? [link(one.event, call.api), facts([say("time"), when(call)], [say("value"), call.result ? valueText(call.result) : ""]), el("details", {}, el("summary", { text: say("stack") }), stackList({ ...call, id: one.event }))] : one.event),
    el("section", { class: "end-of-link" }, el("h3", {}, say("to_request")), flow ? [link("flow-" + flow.i, flow.line), facts([say("time"), when(flow)], [say("recipient"), flow.to]), seen ? el("ul", { class: "ways" }, wayOf(seen, excerpt && excerpt.ways)) : "", requestParts(flow)] : ""),
  ];
}

function otherPanel(id) {
  const one = entries.get(id);
  const image = one.kind === "screen" ? pictures(id, () => {}) : null;
  const picture = image ? el("img", { src: image.src, width: image.width, height: image.height, alt: told(one.title) }) : "";
  const withheld = one.kind === "screen" && !image ? el("p", { class: "note", text: DATA.withheld ? say("screens_withheld") : say("no_picture") }) : "";
  return [[word("kind", one.kind), told(one.title)], facts([say("time"), when(one)], [say("phase"), phaseBadge(one.phase)], [say("record"), id]), picture, withheld];
}

function gapPanel(id) {
  const gap = gaps.get(id);
  return [[say("gap"), told(gap.kind)], facts([say("time"), when(gap)], [say("subject"), gap.subject], [say("why"), told(gap.why)])];
}

/** What a name leads to: how to draw it, and which entry of the timeline it is. */
function target(name) {
  if (/^flow-\d+$/.test(name)) {
    const flow = flows.get(Number(name.slice(5)));
    return flow && { draw: () => flowPanel(flow.i), entry: flow.id };
  }
  if (flowById.has(name)) return { draw: () => flowPanel(flowById.get(name).i), entry: name };
  if (observations.has(name)) {
    const one = observations.get(name);
    if (one.flow === null) return Object.hasOwn(details().events, one.event) ? { draw: () => callPanel(one.event), entry: one.event } : null;
    return { draw: () => flowPanel(one.flow), entry: flows.get(one.flow) ? flows.get(one.flow).id : "", way: name };
  }
  if (links.has(name)) return { draw: () => linkPanel(name), entry: name };
  if (Object.hasOwn(details().events, name)) return { draw: () => callPanel(name), entry: name };
  if (gaps.has(name)) return { draw: () => gapPanel(name), entry: "" };
  return entries.has(name) ? { draw: () => otherPanel(name), entry: name } : null;
}

function showPanel({ draw, entry, way }, focus = true) {
  const panel = byId("panel");
  const [[kind, title], ...parts] = draw();
  byId("panel-kind").textContent = kind;
  byId("panel-title").textContent = title;
  byId("panel-body").replaceChildren(...parts.filter(Boolean));
  if (panel.hidden) before = document.activeElement;
  panel.style.top = Math.max(0, document.querySelector(".bar").getBoundingClientRect().bottom) + "px";
  panel.hidden = false;
  root.classList.add("with-panel");
  panel.scrollTop = 0;
  const one = entries.get(entry);
  const elsewhere = one && one.r >= 0 && one.r !== state.recording;
  if (chart.selected !== entry || elsewhere) {
    chart.selected = entry;
    if (elsewhere) showRecording(one.r);
    else chart.plot.redraw(false);
  }
  if (focus) byId("panel-title").focus({ preventScroll: true });
  if (way) showWay(way);
}

/** Opens what is named, and says so in the address, so that it can be cited. */
function open(name) {
  const found = target(name);
  if (!found) return false;
  opened = () => found;
  if (location.hash !== "#" + encodeURIComponent(name)) history.replaceState(null, "", "#" + encodeURIComponent(name));
  showPanel(found);
  return true;
}

/** Opens the strongest of several entries at one place, and lists the others. */
function openTogether(found) {
  if (!open(found[0].id) || found.length < 2) return;
  const list = found.slice(0, 50).map((one) => el("li", {}, link(one.id, since(inRecording(one)) + " " + told(one.title)), " ", tierBadge(one.tier)));
  byId("panel-body").append(el("details", { class: "together" }, el("summary", { text: say("together", { count: found.length }) }), el("ul", {}, list)));
}

function closePanel() {
  const panel = byId("panel");
  if (panel.hidden) return;
  panel.hidden = true;
  opened = null;
  root.classList.remove("with-panel");
  history.replaceState(null, "", "#");
  chart.selected = "";
  chart.plot.redraw(false);
  if (before && before.isConnected) before.focus({ preventScroll: true });
}

function fromHash() {
  let name = "";
  try {
    name = decodeURIComponent(location.hash.slice(1));
  } catch {
    return; // an address that somebody made up
  }
  if (name) open(name);
}

function startDetails() {
  byId("panel-close").addEventListener("click", closePanel);
  document.addEventListener("keydown", (event) => event.key === "Escape" && closePanel());
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("a.chip");
    const group = chip && byId(chip.hash.slice(1)).closest("details");
    if (group) group.open = true; // before the browser goes there
    const anchor = event.target.closest("a.ref");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (open(decodeURIComponent(anchor.hash.slice(1)))) event.preventDefault();
  });
  addEventListener("hashchange", fromHash);
  fromHash();
}
