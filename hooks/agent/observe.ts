/** The ordinary way to observe a call: what it was given, what it gave back, or what it threw. */

import type { Call, Context } from "./context.js";
import { behind } from "./origins.js";

/** The moments of a hooked call; `entered` says whether it is of interest, `concerns` the same without its stack. */
export interface Special {
  concerns(context: Context, call: Call): boolean;
  entered(context: Context, call: Call, selected: string): boolean;
  returned(context: Context, call: Call, result: any): void;
  threw(context: Context, call: Call, error: NativePointer): void;
}

const SEEN_LIMIT = 2000;
/** Identities of objects whose content an event already carries. */
const seen = new Set<number>();

/** Gives the id of a call's stack, with the stack behind its thread. */
export function stackOf(context: Context, call: Call): number | undefined {
  const { taken, thread } = call;
  return taken === undefined ? undefined : context.stacks.id(context.stacks.joined(taken, behind(context, thread, taken)));
}

/** Takes the stack and what the catalog asks for, unless the rate limit says no. */
export function begin(context: Context, call: Call, selected: string): boolean {
  const { hook } = call.site;
  if (!context.sampling.admits(call, selected)) return false;
  const stack = stackOf(context, call);
  if (stack !== undefined) call.stack = stack;
  call.values = context.arguments(call);
  if (hook.receiver !== "" && call.self !== null) {
    call.this = context.values.of(call.env, call.self, call.site.owner, hook.receiver);
  }
  return true;
}

export const ORDINARY: Special = {
  concerns(context, call) {
    return !call.site.hook.unseen || call.self === null || !seen.has(context.identities.of(call.env, call.self));
  },
  entered(context, call, selected) {
    const { hook } = call.site;
    if (!begin(context, call, selected)) return false;
    if (hook.report === "before") {
      context.returned(call);
      return false;
    }
    return true;
  },
  returned(context, call, result) {
    const { site } = call;
    if (site.resultName === "void") {
      context.returned(call);
      return;
    }
    const value = call.resultText ?? context.values.of(call.env, result, site.resultName, site.hook.extractor);
    if (value.k === "object" && value.f !== undefined) remember(context, call, result);
    context.returned(call, value);
  },
  threw(context, call, error) {
    context.threw(call, error);
  },
};

function remember(context: Context, call: Call, result: any): void {
  if (seen.size >= SEEN_LIMIT) seen.clear();
  seen.add(context.identities.of(call.env, result as NativePointer));
}
