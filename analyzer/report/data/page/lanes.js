// Lays out the swim lanes: phases, screens, marks, calls by data type, traffic by recipient, gaps.
const MOST_LANES = 40;
const ROW = 22;
const HEIGHT = { head: 26, phase: 26, screen: 86, row: ROW };
const FEW_SCREENS = 12;
const TALL_SCREEN = 168; // where few have to share the line

/** Lanes of one kind, those with the strongest and most entries kept, the rest together in one. */
function lanesOf(list, key, name, kind) {
  const groups = [...grouped(list, key)].filter(([group]) => group !== "");
  const strongest = (items) => items.reduce((best, one) => Math.max(best, rank(one.tier)), -1);
  groups.sort((one, two) => strongest(two[1]) - strongest(one[1]) || two[1].length - one[1].length || (one[0] < two[0] ? -1 : 1));
  const lanes = groups.slice(0, MOST_LANES).map(([group, items]) => ({ kind, id: group, name: name(group), items }));
  const rest = groups.slice(MOST_LANES).flatMap(([, items]) => items).sort((one, two) => one.t - two.t);
  if (rest.length) lanes.push({ kind, id: "", name: say("others", { count: groups.length - MOST_LANES }), items: rest });
  return lanes;
}

/** Gives the lanes from top to bottom, each with its place, and every entry's time in seconds. */
function layOut() {
  const recording = DATA.recordings[state.recording];
  const here = DATA.timeline.filter((one) => one.r === state.recording);
  const context = here.filter((one) => passes(one, ["phase"]) || one.kind === "gap");
  const shown = here.filter((one) => passes(one));
  const of = (list, kind) => list.filter((one) => one.kind === kind);
  const events = of(shown, "event");
  const typed = events.flatMap((one) => one.types.map((type) => ({ ...one, lane: type })));
  const lanes = [{ kind: "phase", name: say("phases"), items: DATA.phases.filter((one) => one.r === state.recording) }];
  const screens = of(context, "screen");
  if (screens.length) lanes.push({ kind: "screen", name: say("screens"), items: screens });
  lanes.push({ kind: "mark", name: say("marks"), items: of(context, "mark") });
  lanes.push({ kind: "head", name: say("lanes_calls"), items: [] });
  lanes.push(...lanesOf(typed, (one) => one.lane, typeName, "event"));
  const plain = events.filter((one) => !one.types.length);
  if (plain.length) lanes.push({ kind: "event", id: "", name: say("other_calls"), items: plain });
  lanes.push({ kind: "head", name: say("lanes_flows"), items: [] });
  lanes.push(...lanesOf(of(shown, "flow"), (one) => one.to, (name) => name, "flow"));
  const missed = of(context, "gap");
  if (missed.length) lanes.push({ kind: "gap", name: say("gaps"), items: missed });
  let top = 0;
  const place = new Map();
  for (const lane of lanes) {
    lane.top = top;
    lane.height = lane.kind === "screen" && lane.items.length <= FEW_SCREENS ? TALL_SCREEN : HEIGHT[lane.kind] || HEIGHT.row;
    top += lane.height;
    lane.times = Float64Array.from(lane.items, (one) => (one.t === undefined ? one.from : one.t));
    lane.ranks = Int8Array.from(lane.items, (one) => rank(one.tier));
    for (const one of lane.items) if (one.id && !place.has(one.id)) place.set(one.id, lane);
  }
  const from = recording && recording.from !== null ? recording.from : 0;
  const to = recording && recording.to !== null ? Math.max(recording.to, from + 1000) : from + 1e6;
  return { lanes, place, height: top, from, to, entries: shown };
}

/** Finds by halving: the first index whose time is not before `t`. */
function firstAt(times, t) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < t) low = middle + 1;
    else high = middle;
  }
  return low;
}
