/** The body of every hook: look, call the original, look again; whatever fails of ours, the app gets its own result. */

import { now } from "./clock.js";
import type { Call, Context, Site } from "./context.js";
import { selection } from "./selection.js";
import type { Special } from "./observe.js";
import { current } from "./threads.js";
import type { ThreadState } from "./threads.js";
import type { Hook } from "./wire.js";

/** Kinds whose inner calls are the platform's own delegation when the platform makes them. */
const DELEGATING = new Set(["read", "request", "store", "network", "crypto"]);

/** Replaces one overload. */
export function intercept(context: Context, site: Site, special: Special): void {
  const { method, hook } = site;
  method.implementation = function (this: JavaWrapper, ...args: any[]): any {
    const thread = current();
    if (thread.busy) return method.apply(this, args);
    const call = enter(context, site, special, thread, this, args);
    if (call === null) return method.apply(this, args);
    const delegating = DELEGATING.has(hook.kind);
    if (delegating) thread.open.push(hook.id);
    let result: any;
    try {
      result = method.apply(this, args);
    } catch (error) {
      if (delegating) thread.open.pop();
      leave(context, call, () => special.threw(context, call, error));
      throw error;
    }
    if (delegating) thread.open.pop();
    leave(context, call, () => special.returned(context, call, result));
    return result;
  };
}

function enter(
  context: Context,
  site: Site,
  special: Special,
  thread: ThreadState,
  receiver: JavaWrapper,
  args: any[],
): Call | null {
  thread.busy = true;
  try {
    const env = Java.vm.getEnv();
    const self = receiver.$h instanceof NativePointer ? receiver.$h : null;
    const at = now();
    const call: Call = { site, env, thread, self, args, at, caller: "", values: [] };
    const selected = selection(context, call);
    if (selected === null) return null;
    call.caller = context.stacks.caller(env);
    if (delegated(context, site.hook, thread, call.caller)) return null;
    return special.entered(context, call, selected) ? call : null;
  } catch (error) {
    context.problem(site.hook.id, error);
    return null;
  } finally {
    thread.busy = false;
  }
}

function leave(context: Context, call: Call, work: () => void): void {
  call.thread.busy = true;
  try {
    work();
  } catch (error) {
    context.problem(call.site.hook.id, error);
  } finally {
    call.thread.busy = false;
  }
}

/** The platform calling itself inside a hooked call, or an overload delegating to its brother. */
function delegated(context: Context, hook: Hook, thread: ThreadState, caller: string): boolean {
  if (thread.open.length === 0 || !DELEGATING.has(hook.kind)) return false;
  return caller !== "" && context.platform(caller);
}
