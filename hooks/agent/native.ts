/** Native hooks: the sockets and TLS handshakes of an app, and the ways in which a process ends. */

import { alterNative } from "./alter_native.js";
import { farewell, record } from "./channel.js";
import { now } from "./clock.js";
import type { Context } from "./context.js";
import { armNativeCrypto } from "./native_crypto.js";
import { NATIVE_READS } from "./native_reads.js";
import { armPackers } from "./packers.js";
import { current, nameOf } from "./threads.js";
import { armTap } from "./tap_native.js";
import { armClientHello } from "./tls.js";
import type { Hook, Stamp, Status, Value } from "./wire.js";

const AF_INET = 2;
const AF_INET6 = 10;
const FATAL = new Set([6, 9, 15]);
const ENDINGS = ["exit", "_exit", "_Exit", "quick_exit", "abort"];

interface Address {
  host: string;
  port: number;
}

/** Gives the context once Java is up; sockets opened before have no Java stack. */
export type Late = () => Context | null;
/** The export that stands for each address and handler: one function may have several names, as `open` and `open64`. */
const standing = new Map<string, string>();

/** Arms one native hook of the catalog. */
export function armNative(hook: Hook, context: Late): { status: Status; detail: string } {
  const { module, export: name } = hook.native!;
  if (hook.change !== null) return alterNative(hook, hook.change);
  if (hook.special === "packer") {
    armPackers(hook);
    return { status: "armed", detail: "every library, by its name" };
  }
  if (hook.special === "native_crypto") {
    armNativeCrypto(hook, context);
    return { status: "armed", detail: `${name} of every library of the app that exports it` };
  }
  if (hook.special === "tap") {
    armTap(hook, context);
    return { status: "armed", detail: `${name} of every library that exports it` };
  }
  if (hook.special === "client_hello") {
    armClientHello(hook, context);
    return { status: "armed", detail: `${name} of every library that exports it` };
  }
  const found = module === "" ? null : Process.findModuleByName(module);
  if (module !== "" && found === null) return { status: "class_absent", detail: module };
  const address = found === null ? Module.findGlobalExportByName(name) : found.findExportByName(name);
  if (address === null) return { status: "overload_absent", detail: name };
  const handler = hook.special === "connect" ? armConnect : NATIVE_READS[hook.special];
  if (handler === undefined) return { status: "failed", detail: `the agent has no native handler ${hook.special}` };
  const place = `${address} ${hook.special}`;
  const same = standing.get(place);
  if (same !== undefined) return { status: "armed", detail: `${name} is ${same}` };
  standing.set(place, name);
  handler(hook, address, context);
  return { status: "armed", detail: name };
}

/** Sends what waits before the process ends by itself. */
export function watchEndings(): void {
  for (const name of ENDINGS) {
    const address = Module.findGlobalExportByName(name);
    if (address !== null) Interceptor.attach(address, { onEnter: farewell });
  }
  const kill = Module.findGlobalExportByName("kill");
  if (kill === null) return;
  Interceptor.attach(kill, {
    onEnter(args) {
      if (args[0]!.toInt32() === Process.id && FATAL.has(args[1]!.toInt32())) farewell();
    },
  });
}

function armConnect(hook: Hook, address: NativePointer, context: Late): void {
  const getsockname = Module.findGlobalExportByName("getsockname");
  if (getsockname === null) throw new Error("no getsockname");
  const local = localAddress(getsockname);
  Interceptor.attach(address, {
    onEnter(args) {
      this["remote"] = read(args[1]!);
      this["fd"] = args[0]!.toInt32();
      this["at"] = now();
    },
    onLeave(result) {
      const remote = this["remote"] as Address | null;
      if (remote === null) return;
      const fd = this["fd"] as number;
      event(hook, context(), this["at"] as Stamp, fd, remote, local(fd), result.toInt32());
    },
  });
}

/** Reads a sockaddr; IPv4 in IPv6 reads as IPv4. */
function read(address: NativePointer): Address | null {
  if (address.isNull()) return null;
  const family = address.readU16();
  const port = (address.add(2).readU8() << 8) | address.add(3).readU8();
  if (family === AF_INET) return { host: quad(address.add(4)), port };
  if (family !== AF_INET6) return null;
  const bytes = new Uint8Array(address.add(8).readByteArray(16)!);
  const mapped = bytes.slice(0, 10).every((one) => one === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return { host: quad(address.add(20)), port };
  const groups: string[] = [];
  for (let index = 0; index < 16; index += 2) groups.push(((bytes[index]! << 8) | bytes[index + 1]!).toString(16));
  return { host: groups.join(":"), port };
}

export function quad(bytes: NativePointer): string {
  return [0, 1, 2, 3].map((index) => bytes.add(index).readU8()).join(".");
}

/** Gives both ends of a socket, as far as it has any. */
export function socketEnds(fd: number): { local: Address | null; remote: Address | null } {
  const asked = fd < 0 ? [] : ["getsockname", "getpeername"].map((name) => Module.findGlobalExportByName(name));
  const [local, remote] = asked.map((address) => (address === null ? null : localAddress(address)(fd)));
  return { local: local ?? null, remote: remote ?? null };
}

function localAddress(named: NativePointer): (fd: number) => Address | null {
  const size = 64;
  const ask = new NativeFunction(named, "int", ["int", "pointer", "pointer"], { scheduling: "exclusive" });
  const address = Memory.alloc(size);
  const length = Memory.alloc(8);
  return (fd) => {
    length.writeU32(size);
    return ask(fd, address, length) === 0 ? read(address) : null;
  };
}

function event(
  hook: Hook,
  context: Context | null,
  at: Stamp,
  fd: number,
  remote: Address,
  local: Address | null,
  status: number,
): void {
  const number = (value: number): Value => ({ k: "number", c: "int", t: String(value) });
  const text = (value: string): Value => ({ k: "string", c: "address", t: value });
  const ends: [string, Value][] = local === null ? [] : [["local_host", text(local.host)], ["local_port", number(local.port)]];
  tell(hook, context, at, {
    a: [number(fd), text(remote.host), number(remote.port)],
    r: number(status),
    th: { k: "object", c: "socket", f: ends },
  });
}

/** Writes the event of a native call, with the Java stack above it where there is one. */
export function tell(hook: Hook, context: Context | null, at: Stamp, what: { a: Value[]; r?: Value; th: Value; e?: "threw"; x?: string; api?: string }): void {
  const env = context === null ? null : Java.vm.tryGetEnv();
  const thread = env === null ? null : current(env);
  let stack: number | undefined;
  let name = "";
  if (context !== null && env !== null && thread !== null && !thread.busy) {
    thread.busy = true;
    try {
      stack = context.stacks.id(context.stacks.entry(env, context.look.stackOf(env.handle)));
      name = nameOf(env, thread, at.w);
    } catch (error) {
      context.problem(hook.id, error);
    } finally {
      thread.busy = false;
    }
  }
  record(
    {
      k: "event",
      tid: Process.getCurrentThreadId(),
      tn: name,
      h: hook.id,
      api: hook.native?.export ?? "",
      e: "returned",
      ...what,
      ...(stack === undefined ? {} : { st: stack }),
    },
    at,
  );
}
