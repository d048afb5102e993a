/** The plaintext that goes through the streams of a TLS socket in Java, and the moment at which the socket is closed. */

import { now } from "./clock.js";
import type { Context, Site } from "./context.js";
import { call, field, framed, isNull } from "./jni.js";
import { tell } from "./native.js";
import { replace } from "./replace.js";
import { abandon, ended, inside, lose, take, Tapped } from "./tap.js";
import type { Direction, Opening } from "./tap.js";
import { told } from "./tap_native.js";
import { seen } from "./threads.js";
import type { ThreadState } from "./threads.js";
import type { Stamp } from "./wire.js";

/** The handlers that the catalog may name for the methods of sockets and their streams. */
export const TAPS = new Set(["tap_sent", "tap_received", "tap_closed"]);
const SOCKETS_LIMIT = 2000;
/** Where the classes of TLS sockets keep the name that they were made for. */
const NAMES = ["peerHost", "peerHostname"];
/** Connections by the identity of their sockets. */
const sockets = new Map<number, Tapped | null>();

/** Replaces one method by itself and a look at its bytes; whatever fails of ours, the app gets its own result. */
export function tapMethod(context: Context, site: Site): void {
  if (site.hook.special === "tap_closed") tapClose(context, site);
  else tapStream(context, site, site.hook.special === "tap_sent" ? "sent" : "received");
}

function tapStream(context: Context, site: Site, direction: Direction): void {
  replace(site.method, (original) => (handle, receiver, ...args) => {
    const thread = own(context, site, handle, args);
    if (thread === null) return original(handle, receiver, args);
    const at = now();
    const [key, connection] = quietly(context, site, thread, () => socketOf(context, thread, receiver, site)) ?? ["", null];
    const around = inside.get(thread.tid);
    if (around !== undefined || key === "") {
      if (around !== undefined && around.key !== key && connection !== null) abandon(connection, "another TLS connection runs within this one", at);
      return original(handle, receiver, args);
    }
    inside.set(thread.tid, { key, connection });
    const result = original(handle, receiver, args);
    inside.delete(thread.tid);
    if (connection !== null) leave(context, site, thread, handle, connection, direction, args, result, at);
    return result;
  });
}

function leave(
  context: Context,
  site: Site,
  thread: ThreadState,
  handle: NativePointer,
  connection: Tapped,
  direction: Direction,
  args: any[],
  result: any,
  begun: Stamp,
): void {
  let thrown: NativePointer | null = null;
  const at = direction === "sent" ? begun : now();
  quietly(context, site, thread, () => {
    thrown = context.look.after(handle, false, NULL).thrown;
    if (thrown !== null) {
      if (direction === "sent") lose(connection, "sent", connection.seen.sent, "a write failed, and how much of it went out is not known", at);
      return;
    }
    const [array, start] = [args[0] as NativePointer, args.length > 1 ? (args[1] as number) : 0];
    if (direction === "received" && result < 0) ended(connection, "received", at);
    const size = direction === "received" ? result : args.length > 1 ? args[2] : thread.env.getArrayLength(array);
    if (size > 0) take(connection, direction, size, at, (from, part) => copy(thread.env, array, start + from, part));
  });
  if (thrown !== null) {
    context.look.rethrow(handle, thrown);
    return;
  }
  if (connection.told || direction !== "sent") return;
  connection.told = true;
  tell(site.hook, context, at, { a: [], th: { k: "object", c: site.owner, f: told(connection) }, api: site.api });
}

function copy(env: JniEnv, array: NativePointer, start: number, size: number): ArrayBuffer {
  const memory = Memory.alloc(size);
  env.getByteArrayRegion(array, start, size, memory);
  return memory.readByteArray(size)!;
}

function tapClose(context: Context, site: Site): void {
  replace(site.method, (original) => (handle, receiver, ...args) => {
    const thread = own(context, site, handle, args);
    if (thread !== null) {
      quietly(context, site, thread, () => {
        const identity = context.identities.of(thread.env, receiver);
        const connection = sockets.get(identity);
        sockets.delete(identity);
        if (connection) ended(connection, "both", now());
      });
    }
    return original(handle, receiver, args);
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

function quietly<T>(context: Context, site: Site, thread: ThreadState, work: () => T): T | null {
  thread.busy = true;
  try {
    return work();
  } catch (error) {
    context.problem(site.hook.id, error);
    return null;
  } finally {
    thread.busy = false;
  }
}

/** Gives the connection of a stream, by the socket that it belongs to; none where the socket serves. */
function socketOf(context: Context, { env }: ThreadState, stream: NativePointer, site: Site): [string, Tapped | null] {
  return framed(env, () => {
    const outer = site.owner.slice(0, site.owner.lastIndexOf("$"));
    const socket = field(env, stream, "this$0", `L${outer.replaceAll(".", "/")};`) as NativePointer | undefined;
    if (isNull(socket)) throw new Error(`${site.owner} does not say which socket it belongs to`);
    const identity = context.identities.of(env, socket!);
    let connection = sockets.get(identity);
    if (connection === undefined) {
      const client = call(env, socket!, "getUseClientMode", "()Z") !== 0;
      connection = client ? new Tapped(describe(env, socket!, outer)) : null;
      remember(identity, connection);
    }
    return [`java ${identity}`, connection];
  });
}

function remember(identity: number, connection: Tapped | null): void {
  if (sockets.size >= SOCKETS_LIMIT) {
    const [oldest, known] = sockets.entries().next().value!;
    sockets.delete(oldest);
    if (known !== null) abandon(known, `more than ${SOCKETS_LIMIT} connections were open at once`, now());
  }
  sockets.set(identity, connection);
}

function describe(env: JniEnv, socket: NativePointer, name: string): Opening {
  const number = (method: string): number => Math.max(0, Number(call(env, socket, method, "()I") ?? 0));
  const address = call(env, socket, "getInetAddress", "()Ljava/net/InetAddress;") as NativePointer | undefined;
  const numeric = isNull(address) ? NULL : (call(env, address!, "getHostAddress", "()Ljava/lang/String;") as NativePointer | undefined);
  const names = NAMES.map((one) => kept(env, socket, one)).filter((one) => one !== "");
  return {
    host: names[0] ?? "",
    peer: isNull(numeric) ? "" : env.stringFromJni(numeric!),
    port: number("getPort"),
    local: number("getLocalPort"),
    random: "",
    through: name,
    late: false,
  };
}

/** Reads a text that a class, or one above it, keeps for itself. */
function kept(env: JniEnv, object: NativePointer, name: string): string {
  const text = field(env, object, name, "Ljava/lang/String;") as NativePointer | undefined;
  return isNull(text) ? "" : env.stringFromJni(text!);
}
