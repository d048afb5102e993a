/** Which calls of a hook are of interest: those whose key, address or path is one of the named cases. */

import type { Call, Context } from "./context.js";
import type { Selection, Value } from "./wire.js";

/** Gives the case that a call selects, an empty text where the hook does not select, `null` when it is of no interest. */
export function selection(context: Context, call: Call): string | null {
  const select = call.site.hook.select;
  // Which rows of a cursor are of interest is known where it came from.
  if (select === null || call.site.hook.special === "cursor_read") return "";
  const raw = select.from === "this" ? call.self : call.args[select.argument];
  if (raw === undefined || raw === null) return chosen(select, "");
  if (select.field === "") return chosen(select, searchable(context.values.of(call.env, raw, "")));
  const value = context.values.of(call.env, raw, "", call.site.hook.receiver);
  const part = value.f?.find(([name]) => name === select.field)?.[1];
  return chosen(select, part === undefined ? "" : searchable(part));
}

/** Picks the case that a text matches. */
export function chosen(select: Selection, text: string): string | null {
  for (const one of select.cases) if (fits(select.match, text, one)) return one;
  return select.other === "report" ? "" : null;
}

function fits(match: Selection["match"], text: string, one: string): boolean {
  if (match === "equals") return text === one;
  if (match === "prefix") return text.startsWith(one);
  return match === "contains" ? text.includes(one) : isPath(text, one);
}

/** Says whether a path is the named one, in which `*` stands for one whole step. */
function isPath(text: string, path: string): boolean {
  const star = path.indexOf("*");
  if (star < 0) return text === path;
  const end = path.slice(star + 1);
  if (!text.startsWith(path.slice(0, star)) || !text.endsWith(end)) return false;
  const step = text.slice(star, text.length - end.length);
  return step !== "" && !step.includes("/");
}

function searchable(value: Value): string {
  if (value.k === "list") return (value.i ?? []).map((item) => item.t ?? "").join(" ");
  return value.t ?? "";
}
