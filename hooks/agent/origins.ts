/**
 * Who had another thread do the work: the stack that started a thread, or handed a task to a pool, stands behind the stacks
 * of what the thread does. Not of loops that take work from anybody (`Looper`, coroutines, timers), whose starter is nobody.
 */

import type { Context } from "./context.js";
import { BootClass, isNull } from "./jni.js";
import { wish } from "./look.js";
import { replace } from "./replace.js";
import type { Taken } from "./stacks.js";
import { seen } from "./threads.js";
import type { ThreadState } from "./threads.js";

const LIMIT = 4000;
const POOL = "java.util.concurrent.ThreadPoolExecutor";
const LOOPS = /\b(android\.os\.Looper|kotlinx\.coroutines\.|java\.util\.TimerThread|java\.util\.concurrent\.ForkJoin)/;
/** The stacks of those who started a thread or handed in a task, by the identity of either. */
const handed = new Map<number, Taken>();
let threads: BootClass | null = null;

/** Follows threads and the tasks of pools from now on. */
export function watchOrigins(context: Context): void {
  const pool = Java.use(POOL);
  const start = Java.use("java.lang.Thread").start.overloads[0] as JavaOverload;
  handing(context, start, (receiver) => receiver);
  handing(context, pool.execute.overloads[0] as JavaOverload, (_receiver, args) => args[0] as NativePointer);
  taking(context, pool.beforeExecute.overloads[0] as JavaOverload);
}

/** Gives the stack behind a thread that was looked at with the stack `taken`. */
export function behind(context: Context, thread: ThreadState, taken: Taken): Taken | null {
  // The text of a stack is searched once: each recorded call comes by here.
  taken.work ??= LOOPS.test(taken.text) ? "anybody's" : taken.text.includes(POOL) ? "a task" : "its own";
  if (taken.work === "anybody's") return null;
  if (taken.work === "a task") return thread.task ?? null;
  if (thread.starter === undefined) {
    threads ??= new BootClass(thread.env, "java/lang/Thread");
    const self = threads.callStatic(thread.env, "currentThread", "()Ljava/lang/Thread;", [], []);
    thread.starter = isNull(self) ? null : (handed.get(context.identities.of(thread.env, self)) ?? null);
    if (!isNull(self)) thread.env.deleteLocalRef(self);
  }
  return thread.starter;
}

function handing(context: Context, method: JavaOverload, what: (receiver: NativePointer, args: any[]) => NativePointer): void {
  const wanted = wish(method.argumentTypes, true) & 1;
  replace(method, (original) => (handle, receiver, ...args) => {
    noted(context, handle, wanted, (thread, key) => {
      const object = what(receiver, args);
      if (isNull(object)) return;
      if (handed.size >= LIMIT) handed.delete(handed.keys().next().value!);
      handed.set(context.identities.of(thread.env, object), context.stacks.entry(thread.env, key));
    });
    return original(handle, receiver, args);
  });
}

function taking(context: Context, method: JavaOverload): void {
  replace(method, (original) => (handle, receiver, ...args) => {
    noted(context, handle, 0, (thread) => {
      const task = args[1] as NativePointer;
      thread.task = isNull(task) ? null : (handed.get(context.identities.of(thread.env, task)) ?? null);
    });
    return original(handle, receiver, args);
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
