/** Changes what an app sees, only where a person asked for that: each method that is named so, told once per caller. */

import { record } from "./channel.js";
import type { Context, Site } from "./context.js";
import { call, cleared, isNull } from "./jni.js";
import { replace } from "./replace.js";
import { seen } from "./threads.js";
import type { ThreadState } from "./threads.js";
import type { Change } from "./wire.js";

const TOLD_LIMIT = 200;
const INSTANCE = 3;

/** Replaces one overload by the change; whatever fails of ours, the app gets its own result. */
export function alter(context: Context, site: Site, change: Change): void {
  const itself = change.gives === "receiver" && site.method.type === INSTANCE && site.resultName === site.owner;
  if (change.skips && !itself && site.resultName !== "void") throw new Error(`${site.api} gives something back: it is not skipped`);
  const told = new Set<string>();
  replace(site.method, (original) => (handle, receiver, ...args) => {
    const concerned = change.skips || change.nulls.some((index) => !isNull(args[index] as NativePointer));
    const thread = concerned ? own(context, site, handle, args) : null;
    if (thread === null) return original(handle, receiver, args);
    tell(context, site, thread, handle, told);
    if (!change.skips) return original(handle, receiver, changed(args, change.nulls));
    if (change.calls !== null && !called(thread.env, args[change.calls.argument], change.calls.method)) {
      return original(handle, receiver, args);
    }
    return itself ? receiver : 0;
  });
}

/** Gives the thread unless what runs on it is ours. */
function own(context: Context, site: Site, handle: NativePointer, args: any[]): ThreadState | null {
  try {
    const found = context.look.at(handle, 0, args);
    const thread = seen(found.thread, found.environment);
    return thread.busy ? null : thread;
  } catch (error) {
    context.problem(site.hook.id, error);
    return null;
  }
}

function changed(args: any[], nulls: number[]): any[] {
  return args.map((arg, index) => (nulls.includes(index) ? NULL : arg));
}

function called(env: JniEnv, object: NativePointer | undefined, method: string): boolean {
  if (isNull(object)) return false;
  const owner = env.getObjectClass(object!);
  const there = !env.getMethodId(owner, method, "()V").isNull() && !cleared(env);
  cleared(env);
  env.deleteLocalRef(owner);
  if (there) call(env, object!, method, "()V");
  return there;
}

/** Says that a call was changed, and for whom: the first of each caller. */
function tell(context: Context, site: Site, thread: ThreadState, handle: NativePointer, told: Set<string>): void {
  thread.busy = true;
  try {
    const { caller } = context.stacks.entry(thread.env, context.look.stackOf(handle));
    if (told.has(caller) || told.size >= TOLD_LIMIT) return;
    told.add(caller);
    record({ k: "changed", h: site.hook.id, api: site.api, c: caller });
  } catch (error) {
    context.problem(site.hook.id, error);
  } finally {
    thread.busy = false;
  }
}
