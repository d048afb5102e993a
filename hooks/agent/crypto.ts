/** Digests, MACs and ciphers: what went in since the last result, what came out, the algorithm and the key. */

import { base64 } from "./base64.js";
import type { Call, Context } from "./context.js";
import { call as invoke, isNull } from "./jni.js";
import { begin } from "./observe.js";
import type { Special } from "./observe.js";
import type { Value } from "./wire.js";

const INSTANCES_LIMIT = 2000;
const KEY_LIMIT = 128;
const OPERATIONS = ["", "encrypt", "decrypt", "wrap", "unwrap"];

interface State {
  input: Uint8Array[];
  output: Uint8Array[];
  size: number;
  given: number;
  cut: boolean;
  key: string;
  operation: string;
  /** The class behind the platform's stream that uses this instance. */
  behind?: string;
}

const states = new Map<string, State>();

export function stateOf(context: Context, call: Call): State {
  const key = `${call.site.hook.special}${context.identities.of(call.env, call.self!)}`;
  let state = states.get(key);
  if (state === undefined) {
    if (states.size >= INSTANCES_LIMIT) states.delete(states.keys().next().value!);
    state = { input: [], output: [], size: 0, given: 0, cut: false, key: "", operation: "" };
    states.set(key, state);
  }
  return state;
}

/** Keeps what went in, up to the limit. */
export function take(state: State, bytes: Uint8Array, limit: number): void {
  const kept = bytes.subarray(0, Math.max(0, limit - state.size));
  if (kept.length < bytes.length) state.cut = true;
  if (kept.length > 0) state.input.push(kept);
  state.size += kept.length;
}

/** Keeps what came out, up to the limit. */
export function give(state: State, bytes: Uint8Array, limit: number): void {
  const kept = bytes.subarray(0, Math.max(0, limit - state.given));
  if (kept.length > 0) state.output.push(kept);
  state.given += kept.length;
}

export function joined(parts: Uint8Array[], cut: boolean): Value {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return { k: "bytes", c: "byte[]", d: base64(whole), ...(cut ? { x: true } : {}) };
}

/**
 * Reads what an overload takes in: a byte, an array with an optional range, or a buffer whose position stays. Of more than
 * the limit one byte too many comes, so that `take` sees that it was cut.
 */
export function input(context: Context, call: Call): Uint8Array {
  const limit = context.config.limits.bytes + 1;
  const [first, offset, length] = call.args;
  const [type, second] = call.site.argumentNames;
  const { env } = call;
  if (type === "byte") return new Uint8Array([first as number]);
  if (isNull(first)) return new Uint8Array(0);
  if (type === "java.nio.ByteBuffer") return buffered(context, env, first as NativePointer, limit);
  const ranged = second === "int" && call.site.argumentNames[2] === "int";
  const [start, size] = ranged ? [offset as number, length as number] : [0, -1];
  return context.values.raw(env, first as NativePointer, start, size, limit);
}

function buffered(context: Context, env: JniEnv, buffer: NativePointer, limit: number): Uint8Array {
  const copy = invoke(env, buffer, "duplicate", "()Ljava/nio/ByteBuffer;");
  const size = isNull(copy) ? 0 : Math.min(invoke(env, copy, "remaining", "()I") ?? 0, limit);
  const maker = env as unknown as { newByteArray(size: number): NativePointer };
  const array = maker.newByteArray(size);
  if (size > 0) invoke(env, copy, "get", "([B)Ljava/nio/ByteBuffer;", ["pointer"], [array]);
  return context.values.raw(env, array, 0, size, limit);
}

function algorithm(call: Call): string {
  const name = invoke(call.env, call.self!, "getAlgorithm", "()Ljava/lang/String;");
  return isNull(name) ? "" : call.env.stringFromJni(name);
}

function keyBytes(context: Context, call: Call): string {
  const index = call.site.argumentNames.indexOf("java.security.Key");
  const key = index < 0 ? undefined : (call.args[index] as NativePointer);
  if (isNull(key) || !context.platform(call.env.getObjectClassName(key!))) return "";
  const encoded = invoke(call.env, key!, "getEncoded", "()[B");
  return isNull(encoded) ? "" : base64(context.values.raw(call.env, encoded, 0, KEY_LIMIT));
}

function initialised(context: Context, call: Call): void {
  const state = stateOf(context, call);
  Object.assign(state, { input: [], output: [], size: 0, given: 0, cut: false, key: keyBytes(context, call) });
  if (call.site.argumentNames[0] === "int") state.operation = OPERATIONS[call.args[0] as number] ?? "";
}

/** Reads what an overload gave out: its result, or the part of the caller's array that it filled. */
export function output(context: Context, call: Call, result: any): Uint8Array {
  const { argumentNames, resultName } = call.site;
  if (resultName === "[B" || resultName === "byte[]") {
    return isNull(result) ? new Uint8Array(0) : context.values.raw(call.env, result as NativePointer);
  }
  const target = argumentNames.lastIndexOf("[B");
  const given = target === argumentNames.length - 1 ? 0 : (call.args[target + 1] as number);
  if (target < 0) return new Uint8Array(0);
  const count = resultName === "int" ? (result as number) : -1;
  return context.values.raw(call.env, call.args[target] as NativePointer, given, count);
}

function report(context: Context, call: Call, state: State): void {
  const { env } = call;
  const fields: [string, Value][] = [
    ["algorithm", context.values.text(algorithm(call))],
    ["input", joined(state.input, state.cut)],
  ];
  if (state.operation !== "") fields.push(["operation", context.values.text(state.operation)]);
  if (state.key !== "") fields.push(["key", { k: "bytes", c: "byte[]", d: state.key }]);
  if (call.site.hook.special === "cipher") {
    const iv = invoke(env, call.self!, "getIV", "()[B");
    if (!isNull(iv)) fields.push(["iv", context.values.bytes(env, iv)]);
  }
  call.this = { k: "object", c: call.site.owner, f: fields };
  context.returned(call, joined(state.output, false));
}

/** Streams of the platform that encrypt, digest or compress for whoever reads or writes them. */
const STREAMS = new Set([
  "javax.crypto.CipherOutputStream",
  "javax.crypto.CipherInputStream",
  "java.security.DigestOutputStream",
  "java.security.DigestInputStream",
  "java.util.zip.DeflaterOutputStream",
  "java.util.zip.DeflaterInputStream",
  "java.util.zip.GZIPOutputStream",
  "java.util.zip.ZipOutputStream",
]);

/** Names who uses an instance; the stack behind a stream is looked at once, since a stream may go byte by byte. */
export function userOf(context: Context, call: Call): string {
  if (call.self === null || !STREAMS.has(call.caller)) return call.caller;
  const state = stateOf(context, call);
  state.behind ??= context.stacks.behindStreams(call.env);
  return state.behind;
}

const FINAL = new Set(["digest", "doFinal"]);

function special(hasOutput: boolean): Special {
  return {
    concerns: () => true,
    entered(context, call) {
      // TLS, signature checks and the like are the platform's own; only an app's use says anything about the app.
      call.caller = userOf(context, call);
      if (call.self === null || call.caller === "" || context.platform(call.caller)) return false;
      const { name } = call.site;
      if (name === "reset") states.delete(`${call.site.hook.special}${context.identities.of(call.env, call.self)}`);
      if (name === "reset") return false;
      if (name === "init") return true;
      if (call.args.length > 0 && takesInput(call, name)) {
        const state = stateOf(context, call);
        take(state, input(context, call), context.config.limits.bytes);
      }
      return FINAL.has(name) ? begin(context, call, "") : hasOutput;
    },
    returned(context, call, result) {
      const { name } = call.site;
      if (name === "init") {
        initialised(context, call);
        return;
      }
      const state = stateOf(context, call);
      give(state, output(context, call, result), context.config.limits.bytes);
      if (!FINAL.has(name)) return;
      const complete = { ...state };
      Object.assign(state, { input: [], output: [], size: 0, given: 0, cut: false });
      report(context, call, complete);
    },
    threw(context, call, error) {
      if (FINAL.has(call.site.name)) context.threw(call, error);
    },
  };
}

/** `digest(byte[], int, int)`, `Mac.doFinal(byte[], int)` and `Cipher.doFinal(byte[], int)` name a target, not an input. */
function takesInput(call: Call, name: string): boolean {
  const count = call.args.length;
  if (name === "update") return true;
  return name === "digest" ? count === 1 : name === "doFinal" && count !== 2;
}

export const DIGEST = special(false);
export const MAC = special(false);
export const CIPHER = special(true);
