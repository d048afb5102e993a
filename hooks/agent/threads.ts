/** What the agent knows of each thread: whether our own code runs on it, which hooks are open, and its name. */

import { BootClass, call, isNull } from "./jni.js";

const NAME_MS = 1000;

export interface ThreadState {
  tid: number;
  busy: boolean;
  open: string[];
  name: string;
  namedAt: number;
}

const states = new Map<number, ThreadState>();
let threadClass: BootClass | null = null;

/** Gives the state of the running thread. */
export function current(): ThreadState {
  const tid = Process.getCurrentThreadId();
  let state = states.get(tid);
  if (state === undefined) {
    state = { tid, busy: false, open: [], name: "", namedAt: 0 };
    states.set(tid, state);
  }
  return state;
}

/** Gives the Java name of the running thread, read at most once a second. */
export function nameOf(env: JniEnv, state: ThreadState): string {
  const at = Date.now();
  if (at - state.namedAt < NAME_MS) return state.name;
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
