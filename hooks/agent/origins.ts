/**
 * Who had another thread do the work: the stack that started a thread, handed a task to a pool or posted a message stands
 * behind the stacks of what the thread does. Loops that take work from anybody (`Looper`, coroutines) have the origin of
 * the task that they are at, never that of who started them; timers have none.
 */

import type { Call, Context } from "./context.js";
import { BootClass, isNull } from "./jni.js";
import { byBridge } from "./loaders.js";
import { wish } from "./look.js";
import type { Special } from "./observe.js";
import { replace } from "./replace.js";
import { frames } from "./stacks.js";
import type { Taken } from "./stacks.js";
import { seen } from "./threads.js";
import type { ThreadState } from "./threads.js";

const LIMIT = 4000;
const POOL = "java.util.concurrent.ThreadPoolExecutor";
const SCHEDULED = "java.util.concurrent.ScheduledThreadPoolExecutor";
const HANDLER = "android.os.Handler";
const LOOPS = /\b(android\.os\.Looper|kotlinx\.coroutines\.|java\.util\.TimerThread|java\.util\.concurrent\.ForkJoin)/;
/** Code that runs tasks for others, in whose name nothing is done. */
const CARRIERS = /^(kotlin|kotlinx|androidx|rx|io\.reactivex|okhttp3|okio)\./;
const FRAMES_LIMIT = 200;
/** The stacks of those who started a thread or handed in a task, by the identity of either. */
const handed = new Map<number, Taken>();
let threads: BootClass | null = null;

/** Follows threads, the tasks of pools and the messages of handlers from now on. */
export function watchOrigins(context: Context): void {
  const first = (_receiver: NativePointer, args: any[]) => args[0] as NativePointer;
  const pool = Java.use(POOL);
  handing(context, Java.use("java.lang.Thread").start.overloads[0] as JavaOverload, (receiver) => receiver);
  handing(context, pool.execute.overloads[0] as JavaOverload, first);
  taking(context, pool.beforeExecute.overloads[0] as JavaOverload, 1, true);
  // What is scheduled goes to the queue by this method, and never through `execute`.
  const scheduled = Java.use(SCHEDULED).delayedExecute;
  if (scheduled !== undefined) handing(context, scheduled.overloads[0] as JavaOverload, first);
  const handler = byBridge(HANDLER);
  if (handler === null) return; // a JVM without Android's classes
  handing(context, handler.sendMessageAtTime.overloads[0] as JavaOverload, first);
  handing(context, handler.sendMessageAtFrontOfQueue.overloads[0] as JavaOverload, first);
  taking(context, handler.dispatchMessage.overloads[0] as JavaOverload, 0, false);
}

/** Gives the stack behind a thread that was looked at with the stack `taken`. */
export function behind(context: Context, thread: ThreadState, taken: Taken): Taken | null {
  // The text of a stack is searched once: each recorded call comes by here.
  taken.work ??= LOOPS.test(taken.text) ? "anybody's" : taken.text.includes(POOL) ? "a task" : "its own";
  // Much goes through loops: where the stack names somebody already, it does not become another one by its origin.
  if (taken.work === "anybody's") return named(context, taken) ? null : (thread.task ?? null);
  if (taken.work === "a task") return thread.task ?? null;
  if (thread.starter === undefined) {
    threads ??= new BootClass(thread.env, "java/lang/Thread");
    const self = threads.callStatic(thread.env, "currentThread", "()Ljava/lang/Thread;", [], []);
    thread.starter = isNull(self) ? null : (handed.get(context.identities.of(thread.env, self)) ?? null);
    if (!isNull(self)) thread.env.deleteLocalRef(self);
  }
  return thread.starter;
}

/** A method that hands a task, its first argument, to whoever will run it; it writes no event of its own. */
export const HANDS: Special = silently((context, call) => {
  if (!isNull(call.args[0])) hand(context, call.thread, call.args[0] as NativePointer, call.taken!);
});

/** A method that runs a task, its first argument; it writes no event of its own. */
export const TAKES: Special = silently((context, call) => {
  call.thread.task = originOf(context, call.thread, call.args[0] as NativePointer);
});

function silently(work: (context: Context, call: Call) => void): Special {
  return {
    concerns: () => true,
    entered(context, call) {
      work(context, call);
      return false;
    },
    returned: () => undefined,
    threw: () => undefined,
  };
}

/** Says whether a stack names code that is neither the platform's nor one that runs tasks for others. */
function named(context: Context, taken: Taken): boolean {
  taken.named ??= frames(taken.text, FRAMES_LIMIT)
    .slice(1)
    .some((frame) => !CARRIERS.test(frame) && !context.platform(frame));
  return taken.named;
}

/** Keeps who hands over a task; where that is a loop itself, whoever stands behind it. */
function hand(context: Context, thread: ThreadState, task: NativePointer, taken: Taken): void {
  if (handed.size >= LIMIT) handed.delete(handed.keys().next().value!);
  const origin = named(context, taken) ? taken : (behind(context, thread, taken) ?? taken);
  handed.set(context.identities.of(thread.env, task), origin);
}

function originOf(context: Context, thread: ThreadState, task: NativePointer): Taken | null {
  return isNull(task) ? null : (handed.get(context.identities.of(thread.env, task)) ?? null);
}

function handing(context: Context, method: JavaOverload, what: (receiver: NativePointer, args: any[]) => NativePointer): void {
  const wanted = wish(method.argumentTypes, true) & 1;
  replace(method, (original) => (handle, receiver, ...args) => {
    noted(context, handle, wanted, (thread, key) => {
      const object = what(receiver, args);
      if (!isNull(object)) hand(context, thread, object, context.stacks.entry(thread.env, key));
    });
    return original(handle, receiver, args);
  });
}

/** What is at `index` runs from here on: to the end of the call, or, where that only announces it, to the next. */
function taking(context: Context, method: JavaOverload, index: number, announced: boolean): void {
  replace(method, (original) => (handle, receiver, ...args) => {
    let running: ThreadState | null = null;
    let before: Taken | null = null;
    noted(context, handle, 0, (thread) => {
      before = thread.task ?? null;
      thread.task = originOf(context, thread, args[index] as NativePointer);
      running = announced ? null : thread;
    });
    const result = original(handle, receiver, args);
    if (running !== null) (running as ThreadState).task = before;
    return result;
  });
}

function noted(context: Context, handle: NativePointer, wanted: number, work: (thread: ThreadState, key: number) => void): void {
  let thread: ThreadState | null = null;
  try {
    const found = context.look.at(handle, wanted, [], 0);
    const running = seen(found.thread, found.environment);
    if (running.busy) return;
    thread = running;
    thread.busy = true;
    work(thread, found.stack);
  } catch (error) {
    context.problem("java.lang.Thread.start", error);
  } finally {
    if (thread !== null) thread.busy = false;
  }
}
