// Indexes the document: what belongs to what. The heavy half of it is parsed when something is first opened.
const TIERS = [
  "declared", "requested", "attempted", "accessed", "stored", "transmitted", "transmitted_third_party",
];
const RANKS = new Map(TIERS.map((tier, at) => [tier, at]));
const rank = (tier) => RANKS.get(tier) ?? -1;

const observations = new Map(DATA.observations.map((one) => [one.id, one]));
const flows = new Map(DATA.flows.map((one) => [one.i, one]));
const flowById = new Map(DATA.flows.map((one) => [one.id, one]));
const gaps = new Map(DATA.gaps.map((one) => [one.id, one]));
const links = new Map(DATA.links.map((one) => [one.id, one]));
const entries = new Map(DATA.timeline.filter((one) => one.id).map((one) => [one.id, one]));

function grouped(list, key) {
  const found = new Map();
  for (const one of list) {
    const name = key(one);
    if (!found.has(name)) found.set(name, []);
    found.get(name).push(one);
  }
  return found;
}

const linksByEvent = grouped(DATA.links, (one) => one.event);
const linksByFlow = grouped(DATA.links, (one) => one.flow);
const seenByFlow = grouped(DATA.observations.filter((one) => one.flow !== null), (one) => one.flow);
const seenByEvent = grouped(DATA.observations.filter((one) => one.event), (one) => one.event);

// Where nobody is named as recipient, the host stands for one.
for (const one of DATA.timeline) one.to = one.to || one.host;
for (const one of DATA.flows) {
  const entry = entries.get(one.id);
  one.to = one.to || one.host;
  one.types = entry ? entry.types : [];
  one.tier = entry ? entry.tier : "";
  one.sdk = entry ? entry.sdk : "";
}
for (const one of DATA.observations) one.types = [one.type];

const details = (() => {
  let parsed = null;
  return () => (parsed = parsed || JSON.parse(byId("details").textContent));
})();

/** Gives all calls, with what the timeline knows of them. */
const calls = (() => {
  let made = null;
  return () => {
    if (made) return made;
    made = Object.entries(details().events).map(([id, call]) => {
      const entry = entries.get(id);
      const [types, tier, sdk] = entry ? [entry.types, entry.tier, entry.sdk] : [[], "", ""];
      return { ...call, id, types, tier, sdk, to: "" };
    });
    return made;
  };
})();

/** Microseconds since the start of the recording that an entry is in. */
function inRecording(one) {
  const recording = DATA.recordings[one.r];
  return one.t - (recording && recording.from !== null ? recording.from : 0);
}

const pictures = (() => {
  const loaded = new Map();
  return (id, ready) => {
    const key = details().screens[id];
    const picture = key && details().pictures[key];
    if (!picture) return null;
    if (!loaded.has(key)) {
      const image = new Image(picture.width, picture.height);
      image.addEventListener("load", ready);
      image.src = picture.data;
      loaded.set(key, image);
    }
    return loaded.get(key);
  };
})();
