/**
 * Native reads of identifiers: system properties, network interfaces, telling files and commands, with bounded values.
 * What the process reads before the app's own code can run, and what the VM's library reads for itself, is not the app's.
 */

import { now } from "./clock.js";
import { armExec } from "./exec.js";
import type { Late } from "./native.js";
import { tell } from "./native.js";
import { armNetlink } from "./netlink.js";
import { chosen } from "./selection.js";
import type { Hook, Stamp, Value } from "./wire.js";

const TEXT_LIMIT = 1024;
export const INTERFACES_LIMIT = 64;
const COMMANDS_LIMIT = 32;
const AF_INET = 2;
const AF_PACKET = 17;
const MAC_SIZE = 6;
const NATIVE = "native code";
/** More than any name and value of a property (PROP_NAME_MAX, PROP_VALUE_MAX). */
const PROPERTY_SIZE = 256;
/** Those whose failure is a null pointer; the others give -1. */
const POINTERS = new Set(["fopen", "fopen64", "popen", "__system_property_find"]);

/** Those that run a program for a text. */
const COMMANDS = new Set(["popen", "system"]);
/** The libraries of the VMs; what Java code reads goes through other libraries. */
const RUNTIMES = new Set(["libjvm.so", "libart.so"]);
/** The threads inside a call of interest: what the C library calls in turn is the same call. */
const inside = new Set<number>();

type Armed = (hook: Hook, address: NativePointer, context: Late) => void;

/** The native handlers that the catalog may name. */
export const NATIVE_READS: Record<string, Armed> = {
  native_text: armText,
  property: armProperty,
  property_read: armPropertyRead,
  interfaces: armInterfaces,
  netlink: armNetlink,
  exec: armExec,
};
/** Texts of calls that have just been told: the program that a command runs is the same call. */
const lately: string[] = [];

export const text = (value: string, type = "char*"): Value =>
  value.length <= TEXT_LIMIT ? { k: "string", c: type, t: value } : { k: "string", c: type, t: value.slice(0, TEXT_LIMIT), x: true };
const number = (value: number): Value => ({ k: "number", c: "int", t: String(value) });

/** Reads a text of C; one that is no UTF-8, or no text, reads as empty. */
function read(address: NativePointer): string {
  try {
    return address.isNull() ? "" : (address.readUtf8String() ?? "");
  } catch {
    return "";
  }
}

/** Names the library that an address lies in. */
export function libraryOf(address: NativePointer): string {
  return address.isNull() ? "" : (Process.findModuleByAddress(address)?.name ?? "");
}

/** Says whether a program was started by a command that has been told; each command stands for one program. */
export function alreadyTold(program: string): boolean {
  const found = lately.findIndex((said) => said !== "" && program.endsWith(said));
  if (found >= 0) lately.splice(found, 1);
  return found >= 0;
}

/** Says whether a call is told: the app's code can run, the VM does not ask for itself, and the rate limit agrees. */
export function admitted(hook: Hook, context: Late, selected: string, at: Stamp, caller: NativePointer): boolean {
  const known = context();
  if (known === null || !known.running || RUNTIMES.has(libraryOf(caller))) return false;
  return known.sampling.admit(hook.id, NATIVE, selected, at);
}

/**
 * A call with a text among its arguments, such as a path; only the named cases are told. The VM itself makes such calls,
 * in states in which it must not be asked for a stack, so these events have none.
 */
function armText(hook: Hook, address: NativePointer, context: Late): void {
  const select = hook.select!;
  Interceptor.attach(address, {
    onEnter(args) {
      const said = read(args[select.argument]!);
      const selected = chosen(select, said);
      this["outer"] = selected !== null && !inside.has(this.threadId);
      if (selected === null || !this["outer"]) return;
      inside.add(this.threadId);
      this["said"] = admitted(hook, context, selected, (this["at"] = now()), this.returnAddress) ? said : null;
      if (COMMANDS.has(hook.native!.export)) {
        lately.push(said.trim());
        if (lately.length > COMMANDS_LIMIT) lately.shift();
      }
    },
    onLeave(result) {
      if (!this["outer"]) return;
      inside.delete(this.threadId);
      const said = this["said"] as string | null;
      if (said === null) return;
      const a: Value[] = [];
      while (a.length < select.argument) a.push({ k: "null", c: "int" });
      a.push(text(said));
      const pointer = POINTERS.has(hook.native!.export);
      const failed = pointer ? result.isNull() : result.toInt32() === -1;
      const given: Value = pointer ? { k: "object", c: "pointer" } : number(result.toInt32());
      const ending = failed ? ({ e: "threw", x: "the call failed" } as const) : { r: given };
      tell(hook, null, this["at"] as Stamp, { a, th: { k: "null" }, ...ending });
    },
  });
}

/** `__system_property_get(name, value)`, which only Android has. */
function armProperty(hook: Hook, address: NativePointer, context: Late): void {
  Interceptor.attach(address, {
    onEnter(args) {
      if (!enter(this)) return;
      this["name"] = read(args[0]!);
      this["value"] = args[1]!;
      this["at"] = now();
    },
    onLeave() {
      if (!leave(this)) return;
      tellProperty(hook, context, this, this["name"] as string, this["value"] as NativePointer);
    },
  });
}

/**
 * `__system_property_read_callback(property, callback, cookie)` and the older `__system_property_read(property, name,
 * value)`: what a property is called and holds, its owner is asked for.
 */
function armPropertyRead(hook: Hook, address: NativePointer, context: Late): void {
  const reader = Module.findGlobalExportByName("__system_property_read");
  if (reader === null) throw new Error("no __system_property_read");
  const ask = new NativeFunction(reader, "int", ["pointer", "pointer", "pointer"], { scheduling: "exclusive" });
  Interceptor.attach(address, {
    onEnter(args) {
      if (!enter(this) || args[0]!.isNull()) return;
      const name = Memory.alloc(PROPERTY_SIZE);
      const value = Memory.alloc(PROPERTY_SIZE);
      this["at"] = now();
      ask(args[0]!, name, value);
      tellProperty(hook, context, this, read(name), value);
    },
    onLeave() {
      leave(this);
    },
  });
}

function tellProperty(hook: Hook, context: Late, call: Invocation, name: string, value: NativePointer): void {
  const at = call["at"] as Stamp;
  const selected = hook.select === null ? "" : chosen(hook.select, name);
  if (selected === null || !admitted(hook, context, selected, at, call.returnAddress)) return;
  tell(hook, null, at, { a: [text(name)], r: text(read(value)), th: { k: "null" } });
}

/** Says whether a call is the thread's outermost of interest; those inside it are the same call. */
function enter(call: Invocation): boolean {
  const outer = !inside.has(call.threadId);
  call["outer"] = outer;
  if (outer) inside.add(call.threadId);
  return outer;
}

function leave(call: Invocation): boolean {
  if (call["outer"] !== true) return false;
  inside.delete(call.threadId);
  return true;
}

/** `getifaddrs(list)`: names, IPv4 addresses and hardware addresses, as far as the system gives them. */
function armInterfaces(hook: Hook, address: NativePointer, context: Late): void {
  Interceptor.attach(address, {
    onEnter(args) {
      this["list"] = args[0]!;
      this["at"] = now();
    },
    onLeave(result) {
      const at = this["at"] as Stamp;
      if (!admitted(hook, context, "", at, this.returnAddress)) return;
      const items = result.toInt32() === 0 ? interfaces((this["list"] as NativePointer).readPointer()) : [];
      tell(hook, context(), at, { a: [], r: { k: "list", c: "struct ifaddrs", i: items }, th: { k: "null" } });
    },
  });
}

function interfaces(first: NativePointer): Value[] {
  const items: Value[] = [];
  let entry = first;
  for (let count = 0; !entry.isNull() && count < INTERFACES_LIMIT; count += 1) {
    const address = entry.add(3 * Process.pointerSize).readPointer();
    const family = address.isNull() ? 0 : address.readU16();
    const fields: [string, Value][] = [["name", text(read(entry.add(Process.pointerSize).readPointer()))]];
    if (family === AF_INET) {
      fields.push(["ip", text([4, 5, 6, 7].map((at) => address.add(at).readU8()).join("."))]);
      items.push({ k: "object", c: "ifaddrs", f: fields });
    }
    if (family === AF_PACKET && address.add(11).readU8() === MAC_SIZE) {
      fields.push(["mac", text(hardware(address.add(12)))]);
      items.push({ k: "object", c: "ifaddrs", f: fields });
    }
    entry = entry.readPointer();
  }
  return items;
}

/** Writes a hardware address as people do. */
export function hardware(start: NativePointer): string {
  const bytes = [...new Uint8Array(start.readByteArray(MAC_SIZE)!)];
  return bytes.map((one) => one.toString(16).padStart(2, "0")).join(":");
}
