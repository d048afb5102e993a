// Draws lanes on the canvas. Shape and colour both say the tier, so that neither is needed alone.
const SHAPES = {
  "": "tick", declared: "ring", requested: "ring", attempted: "ring", accessed: "disc", stored: "square",
  transmitted: "up", transmitted_third_party: "diamond",
};

const LETTER = 6; // pixels that not even a short word fits into

function palette() {
  const style = getComputedStyle(root);
  const colour = (name) => style.getPropertyValue("--" + name).trim();
  const made = { ink: colour("ink"), soft: colour("soft"), line: colour("line"), paper: colour("paper"), card: colour("card"), accent: colour("accent") };
  for (const tier of TIERS) made["t-" + tier] = colour("t-" + tier);
  made["t-"] = colour("soft");
  for (const phase of ["initial", "accepted", "refused", "withdrawn", "unknown"]) made["p-" + phase] = colour("p-" + phase);
  return made;
}

function shape(path, kind, x, y, r) {
  if (kind === "tick") path.rect(x - r / 4, y - r * 0.8, Math.max(1, r / 2), r * 1.6);
  else if (kind === "square") path.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7);
  else if (kind === "up") {
    path.moveTo(x, y - r * 1.1);
    path.lineTo(x + r * 1.1, y + r * 0.85);
    path.lineTo(x - r * 1.1, y + r * 0.85);
    path.closePath();
  } else if (kind === "diamond") {
    path.moveTo(x, y - r * 1.25);
    path.lineTo(x + r * 1.25, y);
    path.lineTo(x, y + r * 1.25);
    path.lineTo(x - r * 1.25, y);
    path.closePath();
  } else {
    path.moveTo(x + r * 0.9, y);
    path.arc(x, y, r * 0.9, 0, Math.PI * 2);
  }
}

/** Draws the sign of a tier once, to be stamped wherever it is needed: much faster than a path for each entry. */
function stamp(tier, colours, ratio) {
  const made = document.createElement("canvas");
  const half = Math.ceil(8 * ratio);
  made.width = made.height = half * 2;
  const ctx = made.getContext("2d");
  const path = new Path2D();
  shape(path, SHAPES[tier] || "tick", half, half, 5 * ratio);
  ctx.fillStyle = ctx.strokeStyle = colours["t-" + tier];
  ctx.lineWidth = 1.5 * ratio;
  if (SHAPES[tier] === "ring") ctx.stroke(path);
  else {
    ctx.fill(path);
    ctx.strokeStyle = colours.paper;
    ctx.lineWidth = ratio;
    if (tier) ctx.stroke(path);
  }
  return { image: made, half };
}

/** Draws the points of one lane; of those that would hide half of one another, the strongest is drawn for all. */
function drawPoints(view, lane) {
  const { ctx, toX, left, right, ratio, stamps } = view;
  const y = Math.round(view.top + (lane.top + lane.height / 2) * ratio);
  const r = 5 * ratio;
  const apart = 1.6 * r;
  let last = -Infinity;
  let best = "";
  let bestRank = -2;
  const put = () => {
    if (last < left - r || last > right + r) return;
    const { image, half } = stamps.get(best) || stamps.get("");
    ctx.drawImage(image, last - half, y - half);
  };
  const { times, ranks, items } = lane;
  for (let at = Math.max(0, firstAt(times, view.min) - 1); at < times.length && times[at] <= view.max; at++) {
    const x = Math.round(toX(times[at]));
    if (x - last >= apart) {
      put();
      last = x;
      bestRank = -2;
    }
    if (ranks[at] > bestRank) [best, bestRank] = [items[at].tier || "", ranks[at]];
  }
  put();
}

function drawPhases(view, lane) {
  const { ctx, toX, colours, ratio } = view;
  const y = view.top + lane.top * ratio;
  const height = (lane.height - 4) * ratio;
  ctx.font = `600 ${11 * ratio}px ${view.font}`;
  ctx.textBaseline = "middle";
  for (const span of lane.items) {
    const x = Math.max(view.left, toX(span.from));
    const end = Math.min(view.right, toX(span.to));
    if (end <= x) continue;
    ctx.globalAlpha = span.state === "background" || span.state === "silent" ? 0.55 : 1;
    ctx.fillStyle = colours["p-" + span.phase] || colours.soft;
    ctx.fillRect(x, y, Math.max(1, end - x), height);
    ctx.globalAlpha = 1;
    const text = word("phase", span.phase) + " · " + word("app_state", span.state);
    if (ctx.measureText(text).width + 12 * ratio < end - x) {
      ctx.fillStyle = "#14181d";
      ctx.fillText(text, x + 6 * ratio, y + height / 2);
    }
  }
}

function drawScreens(view, lane) {
  const { ctx, toX, colours, ratio } = view;
  const height = (lane.height - 8) * ratio;
  const y = view.top + (lane.top + 4) * ratio;
  let end = -Infinity;
  ctx.lineWidth = ratio;
  lane.items.forEach((one, at) => {
    const x = toX(lane.times[at]);
    if (x < view.left - 200 * ratio || x > view.right) return;
    ctx.strokeStyle = ctx.fillStyle = colours.soft;
    ctx.fillRect(x, y, ratio, height);
    if (x < end) return;
    const image = pictures(one.id, view.redraw);
    const width = image && image.complete && image.naturalWidth ? (height * image.naturalWidth) / image.naturalHeight : height * 0.45;
    if (image && image.complete && image.naturalWidth) ctx.drawImage(image, x, y, width, height);
    else ctx.strokeRect(x + 0.5, y + 0.5, width, height - 1);
    ctx.strokeStyle = one.id === view.selected ? colours.accent : colours.line;
    ctx.strokeRect(x, y, width, height);
    end = x + width + 4 * ratio;
  });
}

/** Gives the words beside a mark and how wide they are: measured once, for they are many and the same again and again. */
const wordsOf = (() => {
  const widths = new Map();
  return (ctx, one) => {
    const text = told(one.title).split(/ \(|（/)[0];
    const key = ctx.font + text;
    if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
    return [text, widths.get(key)];
  };
})();

/** Draws the marks of one lane, of those in one place one; and beside a mark its words, where there is room. */
function drawMarks(view, lane) {
  const { ctx, toX, colours, ratio } = view;
  const y = view.top + (lane.top + lane.height / 2) * ratio;
  ctx.font = `${11 * ratio}px ${view.font}`;
  ctx.textBaseline = "middle";
  ctx.fillStyle = colours.ink;
  const texts = [];
  let end = -Infinity;
  let last = -Infinity;
  for (let at = firstAt(lane.times, view.min); at < lane.items.length && lane.times[at] <= view.max; at++) {
    const x = toX(lane.times[at]);
    if (x - last >= ratio) {
      ctx.fillRect(x - ratio, y - 7 * ratio, 2 * ratio, 14 * ratio);
      last = x;
    }
    if (lane.kind === "gap" || x < end) continue;
    const room = (at + 1 < lane.items.length ? toX(lane.times[at + 1]) : view.right) - x - 12 * ratio;
    if (room <= LETTER * ratio) continue;
    const [text, width] = wordsOf(ctx, lane.items[at]);
    if (width >= room) continue;
    texts.push([text, x + 5 * ratio]);
    end = x + width + 12 * ratio;
  }
  ctx.fillStyle = colours.soft;
  for (const [text, x] of texts) ctx.fillText(text, x, y + ratio);
}

/** Draws from each call to the requests that carried its value: of what is selected, or of all where they are few. */
function drawLinks(view, layout) {
  const { ctx, toX, colours, ratio } = view;
  const place = (id) => {
    const entry = entries.get(id);
    const lane = entry && layout.place.get(id);
    return lane ? [toX(entry.t), view.top + (lane.top + lane.height / 2) * ratio] : null;
  };
  for (const one of view.links) {
    const start = place(one.event);
    const end = flows.get(one.flow) && place(flows.get(one.flow).id);
    if (!start || !end || Math.max(start[0], end[0]) < view.left || Math.min(start[0], end[0]) > view.right) continue;
    const chosen = view.selected && (one.id === view.selected || one.event === view.selected || flows.get(one.flow).id === view.selected);
    ctx.strokeStyle = chosen ? colours.accent : colours.soft;
    ctx.globalAlpha = chosen ? 1 : 0.28;
    ctx.lineWidth = (chosen ? 2 : 1) * ratio;
    ctx.beginPath();
    ctx.moveTo(...start);
    const half = (start[1] + end[1]) / 2;
    ctx.bezierCurveTo(start[0], half, end[0], half, ...end);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** Draws everything of a layout onto the chart's canvas. */
function drawLanes(view, layout) {
  const { ctx, colours, ratio } = view;
  ctx.save();
  ctx.textAlign = "left";
  ctx.beginPath();
  ctx.rect(view.left, view.top, view.right - view.left, layout.height * ratio);
  ctx.clip();
  layout.lanes.forEach((lane, at) => {
    const y = view.top + lane.top * ratio;
    ctx.fillStyle = lane.kind === "head" ? colours.paper : at % 2 ? colours.card : colours.paper;
    ctx.fillRect(view.left, y, view.right - view.left, lane.height * ratio);
  });
  drawLinks(view, layout);
  for (const lane of layout.lanes) {
    if (lane.kind === "phase") drawPhases(view, lane);
    else if (lane.kind === "screen") drawScreens(view, lane);
    else if (lane.kind === "mark" || lane.kind === "gap") drawMarks(view, lane);
    else drawPoints(view, lane);
  }
  drawSelected(view, layout);
  ctx.restore();
}

function drawSelected(view, layout) {
  const one = entries.get(view.selected);
  if (!one) return;
  const { ctx, ratio } = view;
  for (const lane of layout.lanes) {
    if (lane.kind === "screen" || !lane.items.some((item) => item.id === one.id)) continue;
    ctx.strokeStyle = view.colours.accent;
    ctx.lineWidth = 2 * ratio;
    ctx.beginPath();
    ctx.arc(view.toX(one.t), view.top + (lane.top + lane.height / 2) * ratio, 9 * ratio, 0, Math.PI * 2);
    ctx.stroke();
  }
}
