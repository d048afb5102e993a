/** The plaintext that native code hands to OpenSSL and BoringSSL, wherever a library exports their functions. */

import { now } from "./clock.js";
import { ownExport } from "./modules.js";
import type { Late } from "./native.js";
import { socketEnds, tell } from "./native.js";
import { abandon, ended, inside, take, Tapped } from "./tap.js";
import type { Direction } from "./tap.js";
import type { Hook, Stamp, Value } from "./wire.js";

/** Which way the bytes of a function go, and where it leaves their number: in the result (-1) or behind an argument. */
const FUNCTIONS: Record<string, { direction: Direction; count: number }> = {
  SSL_write: { direction: "sent", count: -1 },
  SSL_write_ex: { direction: "sent", count: 3 },
  SSL_write_ex2: { direction: "sent", count: 4 },
  SSL_write_early_data: { direction: "sent", count: 3 },
  SSL_read: { direction: "received", count: -1 },
  SSL_read_ex: { direction: "received", count: 3 },
};
const CONNECTIONS_LIMIT = 2000;
const RANDOM_SIZE = 32;
const NAME_LIMIT = 255;
const PEER_SAID_ALL = 2;
const observers: unknown[] = [];
const libraries = new Map<string, Library>();
const random = Memory.alloc(RANDOM_SIZE);

/** One SSL object that is in use: `connection` is absent where it serves, or carries another that is told. */
interface Used {
  random: string;
  connection: Tapped | null;
}

const used = new Map<string, Used>();
/** SSL objects that were made since the tap was there. */
const born = new Set<string>();

/** Arms one function wherever a library exports it, now and when one is loaded later. */
export function armTap(hook: Hook, context: Late): void {
  const name = hook.native!.export;
  observers.push(
    Process.attachModuleObserver({
      onAdded(module) {
        const address = ownExport(module, name);
        if (address !== null) watchFunction(hook, address, library(module), context);
      },
    }),
  );
}

function watchFunction(hook: Hook, address: NativePointer, from: Library, context: Late): void {
  const { direction, count } = FUNCTIONS[hook.native!.export]!;
  Interceptor.attach(address, {
    onEnter(args) {
      const key = args[0]!.toString();
      const around = inside.get(this.threadId);
      this["outer"] = around === undefined;
      if (around !== undefined) {
        nested(key, around.key, around.connection, from, args[0]!);
        return;
      }
      inside.set(this.threadId, { key, connection: null });
      this["ssl"] = args[0]!;
      this["data"] = args[1]!;
      this["count"] = count < 0 ? NULL : args[count]!;
      this["at"] = now();
    },
    onLeave(result) {
      if (this["outer"] !== true) return;
      inside.delete(this.threadId);
      const ssl = this["ssl"] as NativePointer;
      const size = sizeOf(result, this["count"] as NativePointer);
      const connection = size > 0 || used.has(ssl.toString()) ? connectionOf(ssl, from, this["at"] as Stamp) : null;
      if (connection === null) return;
      const data = this["data"] as NativePointer;
      const at = direction === "sent" ? (this["at"] as Stamp) : now();
      if (size > 0) {
        first(hook, connection, direction, context, at);
        take(connection, direction, size, at, (start, part) => data.add(start).readByteArray(part)!);
      } else if (direction === "received" && from.saidAll(ssl)) ended(connection, "received", at);
    },
  });
}

function sizeOf(result: NativePointer, count: NativePointer): number {
  const said = result.toInt32();
  if (count.isNull()) return said;
  return said > 0 ? Number(count.readU32()) : 0;
}

/**
 * A call inside another one of the same thread: what Java has handed over already, or a connection within which another
 * one runs; of that one nothing can be told any more.
 */
function nested(key: string, outer: string, connection: Tapped | null, from: Library, ssl: NativePointer): void {
  if (connection !== null) {
    if (connection.opening.random === "") connection.opening.random = from.hex(ssl);
    remember(key, { random: from.randomOf(ssl), connection });
    return;
  }
  const own = used.get(key);
  if (key !== outer && own?.connection) abandon(own.connection, "another TLS connection runs within this one", now());
}

function connectionOf(ssl: NativePointer, from: Library, at: Stamp): Tapped | null {
  const key = ssl.toString();
  const known = used.get(key);
  const current = from.randomOf(ssl);
  if (known !== undefined && known.random === current) return known.connection;
  if (known?.connection) ended(known.connection, "both", at);
  const connection = from.serves(ssl) ? null : new Tapped(from.describe(ssl, !born.has(key)));
  remember(key, { random: current, connection });
  return connection;
}

function remember(key: string, use: Used): void {
  if (!used.has(key) && used.size >= CONNECTIONS_LIMIT) {
    const [oldest, { connection }] = used.entries().next().value!;
    used.delete(oldest);
    if (connection !== null) abandon(connection, `more than ${CONNECTIONS_LIMIT} connections were open at once`, now());
  }
  used.set(key, use);
}

/** Tells the call by which the first bytes of a connection were sent. */
function first(hook: Hook, connection: Tapped, direction: Direction, context: Late, at: Stamp): void {
  if (connection.told || direction !== "sent") return;
  connection.told = true;
  tell(hook, context(), at, { a: [], th: { k: "object", c: "SSL", f: told(connection) } });
}

/** Reads the letters of a host's name. */
function letters(start: NativePointer): string {
  let read = "";
  for (let at = 0; at < NAME_LIMIT; at += 1) {
    const letter = start.add(at).readU8();
    if (letter === 0) break;
    read += String.fromCharCode(letter);
  }
  return read;
}

/** Gives what an event says of a connection. */
export function told({ opening }: Tapped): [string, Value][] {
  const fields: [string, Value][] = [
    ["host", { k: "string", c: "name", t: opening.host }],
    ["library", { k: "string", c: "path", t: opening.through }],
  ];
  if (opening.local !== 0) fields.push(["local_port", { k: "number", c: "int", t: String(opening.local) }]);
  if (opening.random !== "") fields.push(["client_random", { k: "string", c: "hex", t: opening.random }]);
  return fields;
}

function library(module: NativeModule): Library {
  const key = module.base.toString();
  let found = libraries.get(key);
  if (found === undefined) {
    found = new Library(module);
    libraries.set(key, found);
  }
  return found;
}

type Asked = ((...args: NativeValue[]) => any) | null;

/** What one library says of its SSL objects, and when it makes and frees them. */
class Library {
  private readonly random: Asked;
  private readonly server: Asked;
  private readonly name: Asked;
  private readonly descriptor: Asked;
  private readonly shutdown: Asked;

  constructor(private readonly module: NativeModule) {
    this.random = this.ask("SSL_get_client_random", "size_t", ["pointer", "pointer", "size_t"]);
    this.server = this.ask("SSL_is_server", "int", ["pointer"]);
    this.name = this.ask("SSL_get_servername", "pointer", ["pointer", "int"]);
    this.descriptor = this.ask("SSL_get_fd", "int", ["pointer"]);
    this.shutdown = this.ask("SSL_get_shutdown", "int", ["pointer"]);
    this.watch("SSL_new", {
      onLeave(result) {
        if (born.size >= CONNECTIONS_LIMIT * 5) born.clear();
        born.add(result.toString());
      },
    });
    this.watch("SSL_free", {
      onEnter(args) {
        const key = args[0]!.toString();
        const connection = used.get(key)?.connection;
        used.delete(key);
        born.delete(key);
        // What is Java's ends when Java closes it.
        if (connection && connection.opening.through === module.path) ended(connection, "both", now());
      },
    });
  }

  randomOf(ssl: NativePointer): string {
    if (this.random === null || Number(this.random(ssl, random, RANDOM_SIZE)) !== RANDOM_SIZE) return "";
    return `${random.readU32()} ${random.add(12).readU32()} ${random.add(28).readU32()}`;
  }

  serves(ssl: NativePointer): boolean {
    return this.server !== null && this.server(ssl) !== 0;
  }

  saidAll(ssl: NativePointer): boolean {
    return this.shutdown !== null && (this.shutdown(ssl) & PEER_SAID_ALL) !== 0;
  }

  describe(ssl: NativePointer, late: boolean): Tapped["opening"] {
    const name = this.name === null ? NULL : (this.name(ssl, 0) as NativePointer);
    const { local, remote } = socketEnds(this.descriptor === null ? -1 : this.descriptor(ssl));
    return {
      host: name.isNull() ? "" : letters(name),
      peer: remote?.host ?? "",
      port: remote?.port ?? 0,
      local: local?.port ?? 0,
      random: this.hex(ssl),
      through: this.module.path,
      late,
    };
  }

  hex(ssl: NativePointer): string {
    if (this.randomOf(ssl) === "") return "";
    return [...new Uint8Array(random.readByteArray(RANDOM_SIZE)!)].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  private ask(name: string, result: string, args: string[]): Asked {
    const address = this.module.findExportByName(name);
    return address === null ? null : new NativeFunction(address, result, args, { scheduling: "exclusive" });
  }

  private watch(name: string, listener: Parameters<typeof Interceptor.attach>[1]): void {
    const address = ownExport(this.module, name);
    if (address !== null) Interceptor.attach(address, listener);
  }
}
