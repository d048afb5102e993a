/** Call stacks: recognised by their key, taken as text the first time, and the class that called a hooked method. */

import { record } from "./channel.js";
import { UNKNOWN_STACK } from "./look.js";
import type { Look } from "./look.js";
import type { Limits } from "./wire.js";

const INTERNED_LIMIT = 8000;
const CALLER_FRAMES = 8;
const STREAMS = /^(java\.io\.|java\.util\.zip\.|javax\.crypto\.(Cipher|Mac)|java\.security\.(Message)?Digest)/;
const MODULE = /^(?:[\w.@-]*\/){1,2}(?=[\w$.])/;

/** A stack that was seen: who called, and the id under which its text went out, if it went out. */
export interface Taken {
  caller: string;
  text: string;
  id: number;
  /** Whose work the thread does, once it was looked for. */
  work?: "anybody's" | "a task" | "its own";
  /** Whether it names code of the app, once it was looked for. */
  named?: boolean;
}

export class Stacks {
  private readonly byKey = new Map<number, Taken>();
  private readonly byText = new Map<string, Taken>();
  private readonly pairs = new WeakMap<Taken, WeakMap<Taken, Taken>>();
  private next = 0;

  constructor(
    private readonly look: Look,
    private readonly limits: Limits,
  ) {}

  /** Gives the current stack; `key` is the same for the same stack, and then its text need not be taken again. */
  entry(env: JniEnv, key: number): Taken {
    const known = this.byKey.get(key);
    if (known !== undefined) return known;
    const text = this.look.trace(env.handle);
    let taken = this.byText.get(text);
    if (taken === undefined) {
      if (this.byText.size >= INTERNED_LIMIT) {
        this.byText.clear();
        this.byKey.clear();
      }
      taken = { caller: callerIn(frames(text, CALLER_FRAMES)), text, id: 0 };
      this.byText.set(text, taken);
    }
    if (key !== UNKNOWN_STACK) this.byKey.set(key, taken);
    return taken;
  }

  /** Gives a stack with the one behind it, of the thread that had this one do the work. */
  joined(taken: Taken, origin: Taken | null): Taken {
    if (origin === null || taken.text.length < 3 || origin.text.length < 3) return taken;
    let pairs = this.pairs.get(taken);
    if (pairs === undefined) this.pairs.set(taken, (pairs = new WeakMap()));
    let made = pairs.get(origin);
    if (made === undefined) {
      made = { caller: taken.caller, text: `${taken.text.slice(0, -1)}, ${origin.text.slice(1)}`, id: 0 };
      pairs.set(origin, made);
    }
    return made;
  }

  /** Gives the id of a stack; its text goes out the first time. */
  id(taken: Taken): number | undefined {
    if (taken.text === "" || this.limits.frames === 0) return undefined;
    if (taken.id === 0) {
      this.next += 1;
      taken.id = this.next;
      record({ k: "stack", id: taken.id, x: taken.text });
    }
    return taken.id;
  }

  /** Names the class that stands behind a row of stream classes; empty when nobody does. */
  behindStreams(env: JniEnv): string {
    return classBehindStreams(frames(this.look.trace(env.handle), this.limits.frames));
  }
}

/** Splits `[a.B.c(B.java:1), …]` into frames without module names. */
export function frames(text: string, limit: number): string[] {
  if (text.length < 3) return [];
  return text
    .slice(1, -1)
    .split("), ", limit)
    .map((frame) => (frame.endsWith(")") ? frame : `${frame})`).replace(MODULE, ""));
}

/** Takes the class of the second frame that is not reflection. */
function callerIn(stack: string[]): string {
  return firstBut(/^(java\.lang\.reflect|jdk\.internal\.reflect|sun\.reflect)\./, stack.slice(1));
}

/** Takes the class of the first frame, after the hooked method and its brothers, that is no stream of the platform. */
function classBehindStreams(stack: string[]): string {
  return firstBut(STREAMS, stack);
}

function firstBut(passed: RegExp, stack: string[]): string {
  const frame = stack.find((one) => !passed.test(one));
  return frame === undefined ? "" : frame.slice(0, frame.lastIndexOf(".", frame.indexOf("(")));
}
