/** What the agent knows of each thread: whether our own code runs on it, which hooks are open, and its name. */

import { BootClass, call, isNull } from "./jni.js";
import type { Taken } from "./stacks.js";

const NAME_US = 1000000;

export interface ThreadState {
  tid: number;
  env: JniEnv;
  environment: number;
  busy: boolean;
  open: string[];
  name: string;
  namedAt: number;
  /** Who handed in the task that a pool's thread works on. */
  task?: Taken | null;
  /** Who started the thread, once it was looked for. */
  starter?: Taken | null;
}

const states = new Map<number, ThreadState>();
let threadClass: BootClass | null = null;

/** Gives the state of the running thread, which a look has found; a number that is used again belongs to a new thread. */
export function seen(tid: number, environment: number): ThreadState {
  const known = states.get(tid);
  if (known !== undefined && known.environment === environment) return known;
  const state = { tid, env: Java.vm.getEnv(), environment, busy: false, open: [], name: "", namedAt: 0 };
  states.set(tid, state);
  return state;
}

/** Gives the state of the running thread, which the VM knows. */
export function current(env: JniEnv): ThreadState {
  return seen(Process.getCurrentThreadId(), Number(env.handle.toString()));
}

/** Gives the Java name of the running thread, read at most once a second of the wall clock (`at`, microseconds). */
export function nameOf(env: JniEnv, state: ThreadState, at: number): string {
  if (at - state.namedAt < NAME_US) return state.name;
  threadClass ??= new BootClass(env, "java/lang/Thread");
  const thread = threadClass.callStatic(env, "currentThread", "()Ljava/lang/Thread;", [], []);
  if (isNull(thread)) return "";
  const name = call(env, thread, "getName", "()Ljava/lang/String;");
  state.name = isNull(name) ? "" : env.stringFromJni(name);
  state.namedAt = at;
  env.deleteLocalRef(thread);
  if (!isNull(name)) env.deleteLocalRef(name);
  return state.name;
}
