/** Call stacks: taken in five JNI calls, interned, and the class that called a hooked method. */

import { record } from "./channel.js";
import { BootClass, call, cleared, framed, isNull } from "./jni.js";
import type { Limits } from "./wire.js";

const INTERNED_LIMIT = 20000;
const STREAMS = /^(java\.io\.|java\.util\.zip\.|javax\.crypto\.(Cipher|Mac)|java\.security\.(Message)?Digest)/;
const MODULE = /^(?:[\w.@-]*\/){1,2}(?=[\w$.])/;

export class Stacks {
  private readonly throwable: BootClass;
  private readonly arrays: BootClass;
  private walker: NativePointer | null = null;
  private readonly ids = new Map<string, number>();
  private next = 0;

  constructor(
    env: JniEnv,
    private readonly limits: Limits,
  ) {
    this.throwable = new BootClass(env, "java/lang/Throwable");
    this.arrays = new BootClass(env, "java/util/Arrays");
    this.walker = findWalker(env);
  }

  /** Gives the id of the current stack; its text goes out the first time. */
  id(env: JniEnv): number | undefined {
    const text = this.text(env);
    if (text === "") return undefined;
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    if (this.ids.size >= INTERNED_LIMIT) this.ids.clear();
    this.next += 1;
    this.ids.set(text, this.next);
    record({ k: "stack", id: this.next, f: frames(text, this.limits.frames) });
    return this.next;
  }

  /** Names the class that called the hooked method, reflection skipped; empty when nobody did. */
  caller(env: JniEnv): string {
    if (this.walker === null) return callerIn(frames(this.text(env), 8));
    return framed(env, () => {
      const type = call(env, this.walker!, "getCallerClass", "()Ljava/lang/Class;");
      return isNull(type) ? "" : env.getClassName(type);
    });
  }

  /** Names the class that stands behind a row of stream classes; empty when nobody does. */
  behindStreams(env: JniEnv): string {
    return classBehindStreams(frames(this.text(env), this.limits.frames));
  }

  private text(env: JniEnv): string {
    return framed(env, () => {
      const thrown = this.throwable.create(env, "()V");
      if (cleared(env)) return "";
      const trace = call(env, thrown, "getStackTrace", "()[Ljava/lang/StackTraceElement;");
      if (isNull(trace)) return "";
      const text = this.arrays.callStatic(env, "toString", "([Ljava/lang/Object;)Ljava/lang/String;", ["pointer"], [trace]);
      return isNull(text) ? "" : env.stringFromJni(text);
    });
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

/** Finds `StackWalker`, which Android has only since API 34; there the text of the stack must do. */
function findWalker(env: JniEnv): NativePointer | null {
  if (Java.api.flavor !== "jvm") return null;
  return framed(env, () => {
    const type = new BootClass(env, "java/lang/StackWalker");
    const option = new BootClass(env, "java/lang/StackWalker$Option");
    const chosen = option.callStatic(
      env,
      "valueOf",
      "(Ljava/lang/String;)Ljava/lang/StackWalker$Option;",
      ["pointer"],
      [javaString(env, "RETAIN_CLASS_REFERENCE")],
    );
    const walker = type.callStatic(
      env,
      "getInstance",
      "(Ljava/lang/StackWalker$Option;)Ljava/lang/StackWalker;",
      ["pointer"],
      [chosen],
    );
    return isNull(walker) ? null : env.newGlobalRef(walker);
  });
}

function javaString(env: JniEnv, text: string): NativePointer {
  const maker = env as unknown as { newStringUtf(text: string): NativePointer };
  return maker.newStringUtf(text);
}
