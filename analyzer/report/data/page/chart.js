// The timeline: uPlot keeps the time axis, zoom and cursor; the lanes are drawn by drawing.js.
const chart = { plot: null, layout: null, selected: "", colours: null, cursor: null };
const MOST_LINKS = 150;
const ON_PAPER = 500; // pixels that fit beside the names of lanes on a portrait page

function chosenLinks() {
  const one = chart.selected;
  if (links.has(one)) return [links.get(one)];
  const flow = flowById.get(one);
  const own = [...(linksByEvent.get(one) || []), ...(flow ? linksByFlow.get(flow.i) || [] : [])];
  if (own.length || DATA.links.length > MOST_LINKS) return own.slice(0, 500);
  return DATA.links;
}

function view(plot) {
  const { min, max } = plot.scales.x;
  const ratio = uPlot.pxRatio;
  const { left, top, width } = plot.bbox;
  const from = chart.layout.from;
  const scale = width / (max - min);
  return {
    ctx: plot.ctx, ratio, left, top, right: left + width,
    min: min * 1e6 + from, max: max * 1e6 + from,
    toX: (t) => left + ((t - from) / 1e6 - min) * scale,
    colours: chart.colours, stamps: chart.stamps, selected: chart.selected, links: chosenLinks(),
    font: '"Noto Sans CJK SC", "WenQuanYi Micro Hei", system-ui, sans-serif',
    redraw: soon(() => chart.plot && chart.plot.redraw(false)),
  };
}

function chartOptions(width) {
  const { layout, colours } = chart;
  const length = (layout.to - layout.from) / 1e6;
  return {
    width, height: layout.height + 34, pxAlign: false, legend: { show: false },
    padding: [0, 14, 0, 14],
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: true } },
    scales: { x: { time: false, range: (_, min, max) => clamp(min, max, length) }, y: { range: [0, 1] } },
    axes: [
      {
        side: 0, size: 34, stroke: colours.soft, font: "12px system-ui, sans-serif",
        grid: { stroke: colours.line, width: 1 }, ticks: { stroke: colours.line, width: 1 },
        values: (_, splits) => splits.map((at) => (at >= 600 ? (at / 60).toFixed(at % 60 ? 1 : 0) + " min" : +at.toFixed(6) + " s")),
      },
      { show: false },
    ],
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: { draw: [(plot) => drawLanes(view(plot), layout)], setScale: [() => showRange()] },
  };
}

/** Keeps a stretch inside of the recording, and at least a millisecond long. */
function clamp(min, max, length) {
  const edge = length * 0.02;
  const wide = Math.min(Math.max(max - min, 0.001), length + 2 * edge);
  const start = Math.min(Math.max(min, -edge), length + edge - wide);
  return [start, start + wide];
}

function buildChart() {
  const kept = chart.plot && chart.recording === state.recording ? { ...chart.plot.scales.x } : null;
  if (chart.plot) chart.plot.destroy();
  chart.recording = state.recording;
  chart.colours = palette();
  chart.stamps = new Map(["", ...TIERS].map((tier) => [tier, stamp(tier, chart.colours, uPlot.pxRatio)]));
  chart.layout = layOut();
  const length = (chart.layout.to - chart.layout.from) / 1e6;
  const place = byId("chart");
  chart.plot = new uPlot(chartOptions(root.classList.contains("printing") ? ON_PAPER : Math.max(200, place.clientWidth)), [[0, length], [0, 0]], place);
  if (kept && kept.min !== undefined && kept.min !== null) chart.plot.setScale("x", kept);
  drawLaneNames();
  listenToChart(chart.plot.over);
  byId("shown").textContent = say("entries_shown", { shown: number(chart.layout.entries.length), total: number(DATA.totals.timeline) });
}

function drawLaneNames() {
  const counted = (lane) => (lane.kind === "head" || lane.kind === "phase" ? "" : el("small", { text: number(lane.items.length) }));
  const names = chart.layout.lanes.map((lane) => {
    const made = el("li", { class: "lane k-" + lane.kind, title: lane.name }, el("span", { text: lane.name }), counted(lane));
    made.style.height = lane.height + "px";
    return made;
  });
  byId("lanes").replaceChildren(...names);
}

function showRange() {
  if (!chart.plot || !chart.layout) return;
  const { min, max } = chart.plot.scales.x;
  byId("range").textContent = since(min * 1e6) + " – " + since(max * 1e6);
}

/** Zooms by a factor around a place between 0 (left) and 1 (right), or moves by a share of what is seen. */
function zoom(factor, around = 0.5, move = 0) {
  const { min, max } = chart.plot.scales.x;
  const wide = (max - min) * factor;
  const start = min + (max - min) * around - wide * around + (max - min) * move;
  chart.plot.setScale("x", { min: start, max: start + wide });
}

function fit() {
  const length = (chart.layout.to - chart.layout.from) / 1e6;
  chart.plot.setScale("x", { min: -length, max: length * 2 });
}

/** Gives the entries under a place of the canvas, the strongest first. */
function entriesAt(x, y) {
  const lane = chart.layout.lanes.find((one) => y >= one.top && y < one.top + one.height);
  if (!lane || lane.kind === "head" || lane.kind === "phase") return [];
  const t = chart.plot.posToVal(x, "x") * 1e6 + chart.layout.from;
  const near = (chart.plot.posToVal(x + 8, "x") - chart.plot.posToVal(x, "x")) * 1e6;
  if (lane.kind === "screen") {
    const at = firstAt(lane.times, t) - 1;
    return at >= 0 && t - lane.times[at] < near * 6 ? [lane.items[at]] : [];
  }
  const found = [];
  for (let at = firstAt(lane.times, t - near); at < lane.items.length && lane.times[at] <= t + near; at++) found.push(lane.items[at]);
  return found.sort((one, two) => rank(two.tier) - rank(one.tier) || Math.abs(one.t - t) - Math.abs(two.t - t));
}

/** Gives the link whose line passes near a place. */
function linkAt(x, y) {
  const reach = 5;
  const drawn = view(chart.plot);
  const middle = (id) => {
    const lane = chart.layout.place.get(id);
    return lane ? [(drawn.toX(entries.get(id).t) - drawn.left) / drawn.ratio, lane.top + lane.height / 2] : null;
  };
  for (const one of drawn.links) {
    const start = middle(one.event);
    const end = flows.get(one.flow) && middle(flows.get(one.flow).id);
    if (!start || !end) continue;
    const half = (start[1] + end[1]) / 2;
    for (let step = 1; step < 40; step++) {
      const s = step / 40;
      const [a, b, c, d] = [(1 - s) ** 3, 3 * (1 - s) ** 2 * s, 3 * (1 - s) * s ** 2, s ** 3];
      const [px, py] = [(a + b) * start[0] + (c + d) * end[0], a * start[1] + (b + c) * half + d * end[1]];
      if (Math.abs(px - x) < reach && Math.abs(py - y) < reach) return one;
    }
  }
  return null;
}

function listenToChart(over) {
  let pressed = null;
  const place = (event) => [event.offsetX, event.offsetY];
  over.addEventListener("mousedown", (event) => (pressed = event.offsetX));
  over.addEventListener("click", (event) => {
    if (pressed !== null && Math.abs(event.offsetX - pressed) > 4) return;
    const [x, y] = place(event);
    const found = entriesAt(x, y);
    if (found.length) return openTogether(found);
    const line = linkAt(x, y);
    if (line) open(line.id);
  });
  over.addEventListener("mousemove", (event) => showTip(event, entriesAt(...place(event))));
  over.addEventListener("mouseleave", () => (byId("tip").hidden = true));
  over.addEventListener(
    "wheel",
    (event) => {
      const aside = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (!(event.ctrlKey || event.metaKey || aside)) return;
      event.preventDefault();
      const [x] = place(event);
      if (aside) zoom(1, 0.5, Math.sign(event.deltaX || event.deltaY) * 0.1);
      else zoom(event.deltaY > 0 ? 1.25 : 0.8, x / over.clientWidth);
    },
    { passive: false },
  );
}

function showTip(event, found) {
  const tip = byId("tip");
  tip.hidden = !found.length;
  if (!found.length) return;
  const [one] = found;
  const more = found.length > 1 ? el("div", { class: "soft", text: say("and_more", { count: found.length - 1 }) }) : "";
  tip.replaceChildren(el("b", { text: since(inRecording(one)) }), " ", told(one.title), el("div", {}, tierBadge(one.tier), one.types.map(typeTag)), more);
  const box = byId("timeline-box").getBoundingClientRect();
  tip.style.left = Math.min(event.clientX - box.left + 14, box.width - 320) + "px";
  tip.style.top = event.clientY - box.top + 16 + "px";
}

/** Moves by keyboard: left and right in a lane, up and down between lanes, Enter opens. */
function chartKey(event) {
  const keys = {
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: fit, Home: fit,
    PageUp: () => zoom(1, 0.5, -0.5), PageDown: () => zoom(1, 0.5, 0.5),
    ArrowRight: () => step(1), ArrowLeft: () => step(-1), ArrowDown: () => climb(1), ArrowUp: () => climb(-1),
    Enter: () => chart.cursor && open(chart.cursor.one.id),
  };
  if (!Object.hasOwn(keys, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
}

const steppable = () => chart.layout.lanes.filter((lane) => !["head", "phase"].includes(lane.kind) && lane.items.length);

function goTo(lane, at) {
  const one = lane.items[at];
  chart.cursor = { lane, at, one };
  chart.selected = one.id;
  const seconds = (one.t - chart.layout.from) / 1e6;
  const { min, max } = chart.plot.scales.x;
  if (seconds < min || seconds > max) zoom(1, 0.5, (seconds - (min + max) / 2) / (max - min));
  chart.plot.redraw(false);
  const types = one.types.map(typeName).join(", ");
  byId("spoken").textContent = [lane.name, since(inRecording(one)), told(one.title), types, one.tier && word("tier", one.tier)].filter(Boolean).join(", ");
}

function step(by) {
  const lanes = steppable();
  if (!lanes.length) return;
  if (!chart.cursor || !lanes.includes(chart.cursor.lane)) return goTo(lanes[0], 0);
  const { lane, at } = chart.cursor;
  goTo(lane, Math.min(Math.max(at + by, 0), lane.items.length - 1));
}

function climb(by) {
  const lanes = steppable();
  if (!lanes.length) return;
  const at = chart.cursor ? lanes.indexOf(chart.cursor.lane) : -1;
  const lane = lanes[Math.min(Math.max(at + by, 0), lanes.length - 1)];
  const t = chart.cursor ? chart.cursor.one.t : chart.layout.from;
  goTo(lane, Math.min(firstAt(lane.times, t), lane.items.length - 1));
}

/** Shows another recording in the lanes. */
function showRecording(at) {
  state.recording = at;
  byId("recordings").replaceChildren(
    ...DATA.recordings.map((one, number) =>
      el("button", { type: "button", "aria-pressed": number === at ? "true" : "false", text: one.name, onclick: () => showRecording(number) }),
    ),
  );
  byId("recordings").hidden = DATA.recordings.length < 2;
  buildChart();
}

function startChart() {
  byId("timeline-box").addEventListener("keydown", chartKey);
  for (const [id, work] of [["zoom-in", () => zoom(0.5)], ["zoom-out", () => zoom(2)], ["zoom-fit", fit], ["earlier", () => zoom(1, 0.5, -0.3)], ["later", () => zoom(1, 0.5, 0.3)]])
    byId(id).addEventListener("click", work);
  const resize = soon(() => {
    const width = byId("chart").clientWidth;
    if (width > 0 && chart.plot && !root.classList.contains("printing") && width !== chart.plot.width) chart.plot.setSize({ width, height: chart.plot.height });
  });
  new ResizeObserver(resize).observe(byId("chart"));
  listeners.push(soon(buildChart));
  showRecording(0);
}
