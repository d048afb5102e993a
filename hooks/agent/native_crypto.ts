/**
 * Digests, MACs and ciphers of native libraries that export them under the names of OpenSSL: what went in, what came out.
 * A function that calls another of these is one call, and what the libraries of TLS do for themselves is not the app's.
 */

import { base64 } from "./base64.js";
import { now } from "./clock.js";
import { ofSystem, ownExport } from "./modules.js";
import type { Late } from "./native.js";
import { tell } from "./native.js";
import { admitted, libraryOf } from "./native_reads.js";
import { ALIKE, HELPERS, nameOf, outputSize } from "./openssl.js";
import type { Step } from "./openssl.js";
import type { Hook, Stamp, Value } from "./wire.js";

const BYTES_LIMIT = 65536;
const CONTEXTS_LIMIT = 1000;
const CRYPTO = /^lib(crypto|ssl|boringssl|mbedtls|mbedcrypto|conscrypt)\b/;
const ENCRYPT = 1;
const BLOCK = 16;
const observers: unknown[] = [];
/** Ciphers that do their work at once: where their size stands, a block's where none does, and whether they encrypt. */
const CIPHERS: Record<string, { algorithm: string; size?: number; encrypts?: number }> = {
  AES_cbc_encrypt: { algorithm: "AES/CBC", size: 2, encrypts: 5 },
  AES_ecb_encrypt: { algorithm: "AES/ECB", encrypts: 3 },
  AES_encrypt: { algorithm: "AES/ECB" },
};
/** The helpers that are watched already, by library and name. */
const watched = new Set<string>();
/** The threads inside a watched function. */
const inside = new Set<number>();

interface Collected {
  input: Uint8Array[];
  output: Uint8Array[];
  size: number;
  cut: boolean;
}

/** What went into a context and came out of it so far, by its address. */
const contexts = new Map<string, Collected>();

/** Arms one function wherever a library of the app exports it, now and when one is loaded later, with what it needs. */
export function armNativeCrypto(hook: Hook, context: Late): void {
  const name = hook.native!.export;
  observers.push(
    Process.attachModuleObserver({
      onAdded(module) {
        if (ofSystem(module)) return; // what it digests is the platform's own, as TLS is
        const address = ownExport(module, name);
        if (address === null) return;
        for (const helper of HELPERS[name] ?? []) watchHelper(module, helper);
        if (name === "EVP_AEAD_CTX_seal") armSeal(hook, address, context);
        else if (CIPHERS[name] !== undefined) armCipher(hook, address, context);
        else if (HELPERS[name] !== undefined) {
          const ends = [name, ...(ALIKE[name] ?? [])].map((one) => ownExport(module, one));
          for (const end of ends) if (end !== null) armFinal(hook, end, context);
        }
        else armWhole(hook, address, context);
      },
    }),
  );
}

/** A function with all of its input and output: `MD5(data, size, digest)`, `EVP_Digest(data, size, digest, …)`, `HMAC(…)`. */
function armWhole(hook: Hook, address: NativePointer, context: Late): void {
  const name = hook.native!.export;
  const mac = name === "HMAC";
  Interceptor.attach(address, {
    onEnter(args) {
      enter(this, hook, context);
      if (this["wanted"] !== true) return;
      this["data"] = bytes(args[mac ? 3 : 0]!, args[mac ? 4 : 1]!.toInt32() >>> 0);
      this["out"] = args[mac ? 5 : 2]!;
      const type = mac ? args[0]! : name === "EVP_Digest" ? args[4]! : null;
      this["name"] = (mac ? "HMAC" : "") + nameOf(address, type, name);
      this["size"] = outputSize(address, type, name);
    },
    onLeave(result) {
      leave(this);
      if (this["wanted"] !== true || result.isNull()) return;
      const out = this["out"] as NativePointer;
      const given = bytes(out.isNull() ? result : out, this["size"] as number);
      report(hook, context, this["at"] as Stamp, this["name"] as string, this["data"] as Value, given);
    },
  });
}

/**
 * `AES_cbc_encrypt(in, out, size, key, iv, encrypt)`, `AES_ecb_encrypt(in, out, key, encrypt)`, `AES_encrypt(in, out,
 * key)`; the key is a schedule that is no longer the key.
 */
function armCipher(hook: Hook, address: NativePointer, context: Late): void {
  const cipher = CIPHERS[hook.native!.export]!;
  Interceptor.attach(address, {
    onEnter(args) {
      enter(this, hook, context);
      const encrypts = cipher.encrypts === undefined || args[cipher.encrypts]!.toInt32() === ENCRYPT;
      this["wanted"] = this["wanted"] === true && encrypts;
      if (this["wanted"] !== true) return;
      const size = cipher.size === undefined ? BLOCK : args[cipher.size]!.toInt32() >>> 0;
      this["data"] = bytes(args[0]!, size);
      this["out"] = args[1]!;
      this["size"] = (size + BLOCK - 1) & -BLOCK;
    },
    onLeave() {
      leave(this);
      if (this["wanted"] !== true) return;
      const given = bytes(this["out"] as NativePointer, this["size"] as number);
      report(hook, context, this["at"] as Stamp, cipher.algorithm, this["data"] as Value, given);
    },
  });
}

/** `EVP_AEAD_CTX_seal(context, out, out size, most, nonce, size, in, size, more, size)`; what comes out ends with the tag. */
function armSeal(hook: Hook, address: NativePointer, context: Late): void {
  Interceptor.attach(address, {
    onEnter(args) {
      enter(this, hook, context);
      if (this["wanted"] !== true) return;
      this["data"] = bytes(args[6]!, args[7]!.toInt32() >>> 0);
      this["out"] = args[1]!;
      this["count"] = args[2]!;
    },
    onLeave(result) {
      leave(this);
      if (this["wanted"] !== true || result.toInt32() !== 1) return;
      const given = bytes(this["out"] as NativePointer, (this["count"] as NativePointer).readU32());
      report(hook, context, this["at"] as Stamp, "AEAD", this["data"] as Value, given);
    },
  });
}

/** The function that ends what others began: `MD5_Final(digest, context)`, `EVP_DigestFinal_ex(context, digest, size)`. */
function armFinal(hook: Hook, address: NativePointer, context: Late): void {
  const name = hook.native!.export;
  const evp = name.startsWith("EVP_");
  const cipher = name.startsWith("EVP_Encrypt");
  Interceptor.attach(address, {
    onEnter(args) {
      enter(this, hook, context);
      if (this["wanted"] !== true) return;
      const key = args[evp ? 0 : 1]!;
      this["key"] = key.toString();
      this["out"] = args[evp ? 1 : 0]!;
      this["count"] = args[2]!;
      // What names the algorithm is gone when the function has ended.
      this["name"] = nameOf(address, evp ? key : null, name);
      this["size"] = cipher ? -1 : outputSize(address, evp ? key : null, name);
    },
    onLeave(result) {
      leave(this);
      if (this["wanted"] !== true) return;
      const key = this["key"] as string;
      const known = contexts.get(key);
      contexts.delete(key);
      if (known === undefined || known.size === 0 || result.isNull()) return;
      const size = cipher ? (this["count"] as NativePointer).readS32() : (this["size"] as number);
      if (size > 0) known.output.push(read(this["out"] as NativePointer, size));
      const [input, output] = [joined(known.input, known.cut), joined(known.output, false)];
      report(hook, context, this["at"] as Stamp, this["name"] as string, input, output);
    },
  });
}

/** A function that begins a context, feeds it or copies it; it writes no event of its own. */
function watchHelper(module: NativeModule, { name, does }: Step): void {
  const address = ownExport(module, name);
  if (address === null || watched.has(`${module.base} ${name}`)) return;
  watched.add(`${module.base} ${name}`);
  Interceptor.attach(address, {
    onEnter(args) {
      this["outer"] = !inside.has(this.threadId);
      if (this["outer"] !== true) return;
      inside.add(this.threadId);
      const key = args[0]!.toString();
      if (does === "begins") contexts.set(key, fresh());
      else if (does === "feeds") take(key, args[1]!, args[2]!.toInt32() >>> 0);
      else if (does === "copies") copy(args[1]!.toString(), key);
      else {
        take(key, args[3]!, args[4]!.toInt32() >>> 0);
        this["key"] = key;
        this["out"] = args[1]!;
        this["count"] = args[2]!;
      }
    },
    onLeave() {
      leave(this);
      const known = this["key"] === undefined ? undefined : contexts.get(this["key"] as string);
      if (known === undefined || (this["out"] as NativePointer).isNull()) return;
      const size = (this["count"] as NativePointer).readS32();
      if (size > 0) known.output.push(read(this["out"] as NativePointer, size));
    },
  });
}

function enter(call: Invocation, hook: Hook, context: Late): void {
  call["outer"] = !inside.has(call.threadId);
  if (call["outer"] !== true) return;
  inside.add(call.threadId);
  call["at"] = now();
  const own = !CRYPTO.test(libraryOf(call.returnAddress));
  call["wanted"] = own && admitted(hook, context, "", call["at"] as Stamp, call.returnAddress);
}

function leave(call: Invocation): void {
  if (call["outer"] === true) inside.delete(call.threadId);
}

function fresh(): Collected {
  if (contexts.size >= CONTEXTS_LIMIT) contexts.delete(contexts.keys().next().value!);
  return { input: [], output: [], size: 0, cut: false };
}

function take(key: string, data: NativePointer, size: number): void {
  const known = contexts.get(key);
  if (known === undefined) return;
  const kept = Math.min(size, BYTES_LIMIT - known.size);
  if (kept < size) known.cut = true;
  if (kept > 0 && !data.isNull()) known.input.push(read(data, kept));
  known.size += kept;
}

function copy(from: string, to: string): void {
  const known = contexts.get(from);
  if (known === undefined) contexts.delete(to);
  else contexts.set(to, { ...fresh(), ...known, input: [...known.input], output: [...known.output] });
}

function report(hook: Hook, context: Late, at: Stamp, algorithm: string, input: Value, r: Value): void {
  const fields: [string, Value][] = [
    ["algorithm", { k: "string", c: "char*", t: algorithm }],
    ["input", input],
  ];
  tell(hook, context(), at, { a: [], r, th: { k: "object", c: "native", f: fields } });
}

function read(start: NativePointer, size: number): Uint8Array {
  return new Uint8Array(start.readByteArray(Math.min(size, BYTES_LIMIT))!);
}

function bytes(start: NativePointer, size: number): Value {
  const kept = Math.min(size, BYTES_LIMIT);
  const data = start.isNull() || kept === 0 ? new Uint8Array(0) : read(start, kept);
  return { k: "bytes", c: "byte[]", d: base64(data), ...(kept < size ? { x: true } : {}) };
}

function joined(parts: Uint8Array[], cut: boolean): Value {
  const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return { k: "bytes", c: "byte[]", d: base64(whole), ...(cut ? { x: true } : {}) };
}
