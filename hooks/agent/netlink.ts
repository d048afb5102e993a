/**
 * Route sockets of the kernel (rtnetlink): links with their hardware addresses, addresses, and neighbours.
 * Sending and receiving are looked at once a process has such a socket; what the C library asks for itself (to resolve a
 * name, or for `getifaddrs`, which has a hook of its own) is left out.
 */

import { now } from "./clock.js";
import type { Late } from "./native.js";
import { quad, tell } from "./native.js";
import { admitted, hardware, INTERFACES_LIMIT, libraryOf, text } from "./native_reads.js";
import { chosen } from "./selection.js";
import type { Hook, Stamp, Value } from "./wire.js";

const AF_NETLINK = 16;
const NETLINK_ROUTE = 0;
const HEADER = 16;
const MULTI = 2;
const PEEK = 2;
const [ERROR, DONE] = [2, 3];
const WAIT_MS = 1000;
const REQUESTS = new Map([
  [18, "RTM_GETLINK"],
  [22, "RTM_GETADDR"],
  [30, "RTM_GETNEIGH"],
]);
/** What an answer is told as: the size of the fixed part, and the attributes by their number. */
const ANSWERS = new Map<number, { fixed: number; parts: Record<number, "name" | "mac" | "ip"> }>([
  [16, { fixed: 16, parts: { 1: "mac", 3: "name" } }],
  [20, { fixed: 8, parts: { 1: "ip", 3: "name" } }],
  [28, { fixed: 12, parts: { 1: "ip", 2: "mac" } }],
]);
const C_LIBRARY = /^libc[.-]/;

/** A question that was sent and is not answered in full. */
interface Asked {
  name: string;
  at: Stamp;
  items: Value[];
}

/** Arms `socket`, and through it the rest. */
export function armNetlink(hook: Hook, address: NativePointer, context: Late): void {
  const open = new Map<number, Asked | null>();
  let followed = false;
  Interceptor.attach(address, {
    onEnter(args) {
      const route = args[0]!.toInt32() === AF_NETLINK && args[2]!.toInt32() === NETLINK_ROUTE;
      this["route"] = route && !C_LIBRARY.test(libraryOf(this.returnAddress));
    },
    onLeave(result) {
      const descriptor = result.toInt32();
      if (this["route"] !== true) {
        open.delete(descriptor);
        return;
      }
      if (descriptor < 0) return;
      open.set(descriptor, null);
      if (followed) return;
      followed = true;
      new Conversation(hook, context, open).follow();
    },
  });
}

class Conversation {
  constructor(
    private readonly hook: Hook,
    private readonly context: Late,
    private readonly open: Map<number, Asked | null>,
  ) {}

  follow(): void {
    const armed = new Set<string>();
    const each = (names: string[], arm: (address: NativePointer, message: boolean) => void): void => {
      for (const name of names) {
        const address = Module.findGlobalExportByName(name);
        if (address === null || armed.has(String(address))) continue;
        armed.add(String(address));
        arm(address, name.endsWith("msg"));
      }
    };
    each(["sendto", "send", "sendmsg"], (address, message) => this.armSend(address, message));
    each(["recvfrom", "recv", "recvmsg"], (address, message) => this.armReceive(address, message));
  }

  private armSend(address: NativePointer, message: boolean): void {
    const self = this;
    Interceptor.attach(address, {
      onEnter(args) {
        const descriptor = args[0]!.toInt32();
        this["asked"] = self.open.has(descriptor) ? self.question(args, message, this.returnAddress) : null;
        this["descriptor"] = descriptor;
      },
      onLeave(result) {
        const asked = this["asked"] as Asked | null;
        if (asked === null) return;
        if (result.toInt32() < 0) {
          tell(self.hook, self.context(), asked.at, { a: [text(asked.name)], th: { k: "null" }, e: "threw", x: "the call failed" });
          return;
        }
        const descriptor = this["descriptor"] as number;
        self.open.set(descriptor, asked);
        setTimeout(() => self.answered(descriptor, asked), WAIT_MS);
      },
    });
  }

  private question(args: NativePointer[], message: boolean, caller: NativePointer): Asked | null {
    const [start, size] = place(args, message);
    if (start.isNull() || size < HEADER) return null;
    const name = REQUESTS.get(start.add(4).readU16());
    const at = now();
    if (name === undefined || chosen(this.hook.select!, name) === null) return null;
    return admitted(this.hook, this.context, name, at, caller) ? { name, at, items: [] } : null;
  }

  private armReceive(address: NativePointer, message: boolean): void {
    const self = this;
    Interceptor.attach(address, {
      onEnter(args) {
        const asked = self.open.get(args[0]!.toInt32()) ?? null;
        const flags = args[message ? 2 : 3]!.toInt32();
        this["asked"] = (flags & PEEK) === 0 ? asked : null;
        this["descriptor"] = args[0]!.toInt32();
        this["start"] = asked === null ? NULL : place(args, message)[0];
      },
      onLeave(result) {
        const asked = this["asked"] as Asked | null;
        const start = this["start"] as NativePointer;
        if (asked === null || start.isNull() || result.toInt32() <= 0) return;
        if (take(start, result.toInt32(), asked.items)) self.answered(this["descriptor"] as number, asked);
      },
    });
  }

  /** Tells of a question, once. */
  private answered(descriptor: number, asked: Asked): void {
    if (this.open.get(descriptor) !== asked) return;
    this.open.set(descriptor, null);
    const r: Value = { k: "list", c: "rtnetlink", i: asked.items };
    tell(this.hook, this.context(), asked.at, { a: [text(asked.name)], r, th: { k: "null" } });
  }
}

/** Gives where the bytes of a call lie, and how many they are at most: an array, or the first part of a `msghdr`. */
function place(args: NativePointer[], message: boolean): [NativePointer, number] {
  if (!message) return [args[1]!, args[2]!.toInt32()];
  const parts = args[1]!.add(2 * Process.pointerSize).readPointer();
  if (parts.isNull()) return [NULL, 0];
  return [parts.readPointer(), parts.add(Process.pointerSize).readPointer().toInt32()];
}

/** Takes the messages of one answer; says whether it was the last. */
function take(start: NativePointer, size: number, items: Value[]): boolean {
  for (let at = 0; at + HEADER <= size; ) {
    const message = start.add(at);
    const length = message.readU32();
    if (length < HEADER || at + length > size) return true;
    const kind = message.add(4).readU16();
    if (kind === DONE || kind === ERROR) return true;
    const answer = ANSWERS.get(kind);
    const fields = answer === undefined ? [] : attributes(message, answer.fixed + HEADER, length, answer.parts);
    if (fields.length > 0 && items.length < INTERFACES_LIMIT) items.push({ k: "object", c: "rtattr", f: fields });
    if ((message.add(6).readU16() & MULTI) === 0) return true;
    at += (length + 3) & ~3;
  }
  return false;
}

function attributes(message: NativePointer, from: number, end: number, parts: Record<number, string>): [string, Value][] {
  const fields: [string, Value][] = [];
  for (let at = from; at + 4 <= end; ) {
    const length = message.add(at).readU16();
    if (length < 4 || at + length > end) break;
    const name = parts[message.add(at + 2).readU16()];
    const value = name === undefined ? "" : read(name, message.add(at + 4), length - 4);
    if (name !== undefined && value !== "") fields.push([name, text(value)]);
    at += (length + 3) & ~3;
  }
  return fields;
}

function read(name: string, start: NativePointer, size: number): string {
  if (name === "name") return String.fromCharCode(...new Uint8Array(start.readByteArray(Math.min(size, 16))!)).split("\0")[0]!;
  if (name === "mac") return size === 6 ? hardware(start) : "";
  if (size === 4) return quad(start);
  if (size !== 16) return "";
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((start.add(at).readU8() << 8) | start.add(at + 1).readU8()).toString(16));
  return groups.join(":");
}
