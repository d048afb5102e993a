// Tables that sort and search; only the rows that are looked at are built.
const FIRST_ROWS = 50;
const MORE_ROWS = 200;
const PRINT_ROWS = 400;
const table = { current: "observations", sort: { key: "t", down: false }, rows: FIRST_ROWS };

const recordingName = (one) => (DATA.recordings[one.r] ? DATA.recordings[one.r].name : "");
const timeColumn = (open) => ({ key: "t", head: "time", number: true, get: (one) => one.t, show: (one) => link(open(one), since(inRecording(one))) });
const column = (key, head, show, get = (one) => one[key]) => ({ key, head, get, show: show || ((one) => String(get(one) ?? "")) });
const recordingColumn = () => (DATA.recordings.length > 1 ? [column("r", "recording", recordingName)] : []);
const typesColumn = column("types", "data_type", (one) => one.types.map((id) => [typeTag(id), " "]).flat(), (one) => one.types.map(typeName).join(", "));
const tierColumn = column("tier", "tier", (one) => tierBadge(one.tier), (one) => rank(one.tier));
const phaseColumn = column("phase", "phase", (one) => phaseBadge(one.phase));
/** Gives a name that may go on in the next line after a dot, and nowhere else. */
const dotted = (name) => String(name ?? "").split(/(?<=\.)/).flatMap((part, at) => (at ? [el("wbr"), part] : [part]));
const code = (key) => (one) => el("code", { text: one[key] });

const TABLES = {
  observations: {
    head: "observations", rows: () => DATA.observations,
    columns: () => [timeColumn((one) => one.id), ...recordingColumn(), typesColumn, column("value", "value", (one) => el("div", {}, el("code", { text: one.value }), el("small", { class: "soft", text: word("where", one.where) + " " + one.path }))), column("chain", "encodings", (one) => el("code", { text: one.chain.slice(1).join(" › ") }), (one) => one.chain.join()), tierColumn, phaseColumn, column("sdk", "sdk", (one) => dotted(one.sdk)), column("to", "recipient", (one) => dotted(one.to)), column("method", "method", (one) => word("method", one.method) + " " + Math.round(one.confidence * 100) + "\u00a0%")],
  },
  timeline: {
    head: "timeline", rows: () => DATA.timeline,
    columns: () => [timeColumn((one) => one.id), ...recordingColumn(), column("kind", "kind", (one) => word("kind", one.kind)), column("title", "what", (one) => told(one.title)), typesColumn, tierColumn, phaseColumn, column("sdk", "sdk", (one) => dotted(one.sdk)), column("to", "recipient", (one) => dotted(one.to))],
  },
  calls: {
    head: "calls", rows: calls,
    columns: () => [timeColumn((one) => one.id), ...recordingColumn(), column("api", "api", code("api")), column("result", "value", (one) => el("code", { text: one.result ? one.result.text.slice(0, 120) : one.threw }), (one) => (one.result ? one.result.text : one.threw)), typesColumn, tierColumn, phaseColumn, column("sdk", "sdk", (one) => dotted(one.sdk)), column("thread", "thread")],
  },
  flows: {
    head: "flows", rows: () => DATA.flows,
    columns: () => [timeColumn((one) => "flow-" + one.i), ...recordingColumn(), column("line", "request", (one) => el("div", {}, el("code", { text: one.line }), one.read ? "" : el("b", { class: "warn", text: say("flows_opaque_one") }))), typesColumn, tierColumn, column("to", "recipient", (one) => [...dotted(one.to), one.party ? el("small", { class: "soft", text: " " + word("party", one.party) }) : ""]), phaseColumn, column("status", "status"), { ...column("sent", "size", (one) => number(one.sent)), number: true }],
  },
  links: {
    head: "links", rows: () => DATA.links, free: true,
    columns: () => [column("id", "link", (one) => link(one.id, one.id), (one) => Number(one.id.slice(1)) || 0), column("method", "method", (one) => word("link", one.method)), column("event", "from_call", (one) => { const call = details().events[one.event]; return link(one.event, call ? call.api : one.event); }), column("flow", "to_request", (one) => { const flow = flows.get(one.flow); return flow ? link("flow-" + flow.i, flow.line) : ""; }), { ...column("distance", "distance", (one) => since(one.distance)), number: true }, { ...column("confidence", "confidence", (one) => Math.round(one.confidence * 100) + "\u00a0%"), number: true }],
  },
  gaps: {
    head: "gaps", rows: () => DATA.gaps, free: true,
    columns: () => [timeColumn((one) => one.id), ...recordingColumn(), column("kind", "kind", (one) => told(one.kind)), column("subject", "subject", code("subject")), column("why", "why", (one) => told(one.why))],
  },
  hooks: {
    head: "hooks", rows: () => DATA.hooks, free: true,
    columns: () => [...recordingColumn(), column("hook", "hook", code("hook")), column("status", "status", (one) => word("hook", one.status)), { ...column("proven", "proven", (one) => number(one.proven)), number: true }, column("detail", "detail")],
  },
};

function sorted(rows, columns, { key, down }) {
  const one = columns.find((found) => found.key === key);
  if (!one) return rows;
  const order = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a ?? "").localeCompare(String(b ?? ""), isChinese() ? "zh" : "en"));
  const keyed = rows.map((row, at) => [one.get(row), at, row]);
  keyed.sort((a, b) => (down ? order(b[0], a[0]) : order(a[0], b[0])) || a[1] - b[1]);
  return keyed.map((entry) => entry[2]);
}

function build(name, most, { sort = table.sort, all = false } = {}) {
  const kind = TABLES[name];
  const columns = kind.columns();
  const passing = all ? kind.rows() : kind.rows().filter((one) => (kind.free ? passes(one, []) : passes(one)));
  const rows = sorted(passing, columns, sort);
  const head = columns.map((one) => {
    const current = sort.key === one.key;
    const press = () => {
      table.sort = { key: one.key, down: current && !sort.down };
      drawTable();
      byId("table").querySelector(`[data-key="${one.key}"]`)?.focus();
    };
    return el("th", { role: "columnheader", scope: "col", "aria-sort": current ? (sort.down ? "descending" : "ascending") : null }, all ? say(one.head) : el("button", { type: "button", "data-key": one.key, onclick: press }, say(one.head), el("span", { "aria-hidden": "true", class: "arrow", text: current ? (sort.down ? "▼" : "▲") : "" })));
  });
  const body = rows.slice(0, most).map((row) => el("tr", { role: "row" }, columns.map((one) => el("td", { role: "cell", class: "c-" + one.key + (one.number ? " number" : ""), "data-name": say(one.head) }, one.show(row)))));
  // Roles are named, for a narrow window shows rows as blocks, which would take them away.
  const made = el("table", { role: "table" }, el("caption", { class: "visually-hidden", text: say(kind.head) }), el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)), el("tbody", { role: "rowgroup" }, body));
  return { made, count: rows.length, kept: kind.rows().length };
}

function drawTabs() {
  const tabs = Object.entries(TABLES).map(([name, kind]) => {
    const chosen = name === table.current;
    const choose = () => {
      table.current = name;
      table.rows = FIRST_ROWS;
      table.sort = { key: TABLES[name].columns()[0].key, down: false };
      drawTabs();
      drawTable();
      byId("tab-" + name).focus();
    };
    const total = DATA.totals[name === "calls" ? "events" : name];
    return el("button", { type: "button", role: "tab", id: "tab-" + name, "aria-selected": chosen ? "true" : "false", "aria-controls": "table", tabindex: chosen ? 0 : -1, onclick: choose }, say(kind.head), el("small", { text: number(total) }));
  });
  byId("tabs").replaceChildren(...tabs);
}

function drawTable() {
  const { made, count, kept } = build(table.current, table.rows);
  const total = DATA.totals[table.current === "calls" ? "events" : table.current];
  byId("table").replaceChildren(made);
  byId("table").setAttribute("aria-labelledby", "tab-" + table.current);
  byId("table-count").textContent = say("rows_shown", { shown: number(Math.min(count, table.rows)), count: number(count), total: number(total) }) + (total > kept ? " " + say("held_back", { kept: number(kept) }) : "");
  byId("more").hidden = count <= table.rows;
}

function startTables() {
  drawTabs();
  drawTable();
  byId("more").addEventListener("click", () => {
    table.rows += MORE_ROWS;
    drawTable();
  });
  byId("tabs").addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const names = Object.keys(TABLES);
    byId("tab-" + names[(names.indexOf(table.current) + by + names.length) % names.length]).click();
  });
  listeners.push(() => {
    table.rows = FIRST_ROWS;
    drawTable();
  });
}

/** On paper: what was seen, what was sent and what could not be seen, in whole tables as far as there is room. */
function printTables() {
  const parts = ["observations", "flows", "gaps"].filter((name) => TABLES[name].rows().length).flatMap((name) => {
    const { made, count } = build(name, PRINT_ROWS, { sort: { key: "t", down: false }, all: true });
    const note = count > PRINT_ROWS ? el("p", { class: "note", text: say("cut", { shown: number(PRINT_ROWS), total: number(count) }) }) : "";
    return [el("h2", { text: say(TABLES[name].head) }), note, made];
  });
  byId("print").replaceChildren(...parts.filter(Boolean));
}
