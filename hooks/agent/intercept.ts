/** The body of every hook: look, call the original, look again; whatever fails of ours, the app gets its own result. */

import type { Call, Context, Site } from "./context.js";
import { wish } from "./look.js";
import type { Special } from "./observe.js";
import { replace } from "./replace.js";
import { selection } from "./selection.js";
import { seen } from "./threads.js";
import type { ThreadState } from "./threads.js";
import type { Hook } from "./wire.js";

/** Kinds whose inner calls are the platform's own delegation when the platform makes them. */
const DELEGATING = new Set(["read", "request", "store", "network", "crypto"]);
const STATIC = 2;

/** Replaces one overload. */
export function intercept(context: Context, site: Site, special: Special): void {
  const { method, hook } = site;
  const delegating = DELEGATING.has(hook.kind);
  const reference = method.returnType.type === "pointer";
  // Most calls of these are of no interest, which is known without their stack.
  const wanted = wish(method.argumentTypes, hook.select === null && !hook.unseen);
  replace(method, (original) => (handle, receiver, ...args) => {
    const call = enter(context, site, special, wanted, handle, receiver, args);
    if (call === null) return original(handle, receiver, args);
    if (delegating) call.thread.open.push(hook.id);
    const result = original(handle, receiver, args);
    if (delegating) call.thread.open.pop();
    leave(context, special, call, handle, reference, result);
    return result;
  });
}

function enter(
  context: Context,
  site: Site,
  special: Special,
  wanted: number,
  handle: NativePointer,
  receiver: NativePointer,
  args: any[],
): Call | null {
  let thread: ThreadState | null = null;
  try {
    const { look } = context;
    const { thread: tid, environment, stamp, stack, texts } = look.at(handle, wanted, args);
    const running = seen(tid, environment);
    if (running.busy) return null;
    thread = running;
    thread.busy = true;
    const { env } = thread;
    const self = site.method.type === STATIC ? null : receiver;
    const call: Call = { site, env, thread, self, args: plain(site, args), at: stamp, caller: "", texts, values: [] };
    let key = stack;
    const selected = selection(context, call);
    if (selected === null) return null;
    if ((wanted & 1) === 0) {
      if (!special.concerns(context, call)) return null;
      key = look.stackOf(handle);
    }
    call.taken = context.stacks.entry(env, key);
    call.caller = call.taken.caller;
    if (delegated(context, site.hook, thread, call.caller)) return null;
    return special.entered(context, call, selected) ? call : null;
  } catch (error) {
    context.problem(site.hook.id, error);
    return null;
  } finally {
    if (thread !== null) thread.busy = false;
  }
}

/** Tells what came of a call; an exception is taken off while we look, and thrown again as it was. */
function leave(
  context: Context,
  special: Special,
  call: Call,
  handle: NativePointer,
  reference: boolean,
  result: any,
): void {
  call.thread.busy = true;
  let thrown: NativePointer | null = null;
  try {
    const ended = context.look.after(handle, reference, result);
    thrown = ended.thrown;
    if (thrown !== null) special.threw(context, call, thrown);
    else {
      call.resultText = ended.text;
      special.returned(context, call, call.site.resultName === "boolean" ? result !== 0 : result);
    }
  } catch (error) {
    context.problem(call.site.hook.id, error);
  } finally {
    if (thrown !== null) context.look.rethrow(handle, thrown);
    call.thread.busy = false;
  }
}

/** A boolean travels as its number; our records say `true` and `false`. */
function plain(site: Site, args: any[]): any[] {
  if (!site.booleans) return args;
  return args.map((arg, index) => (site.argumentNames[index] === "boolean" ? arg !== 0 : arg));
}

/** The platform calling itself inside a hooked call, or an overload delegating to its brother. */
function delegated(context: Context, hook: Hook, thread: ThreadState, caller: string): boolean {
  if (thread.open.length === 0 || !DELEGATING.has(hook.kind)) return false;
  return caller !== "" && context.platform(caller);
}
