/** Digests and ciphers of native libraries that export them under the names of OpenSSL: one call, its input and its output. */

import { base64 } from "./base64.js";
import { now } from "./clock.js";
import { ownExport } from "./modules.js";
import type { Late } from "./native.js";
import { tell } from "./native.js";
import { admitted } from "./native_reads.js";
import type { Hook, Stamp, Value } from "./wire.js";

const BYTES_LIMIT = 65536;
/** Libraries of the system: what they digest is the platform's own, as TLS is. */
const SYSTEM = /^\/(system|apex|vendor|product)\//;
/** The size of what each digest gives. */
const DIGESTS = new Map([
  ["MD5", 16],
  ["SHA1", 20],
  ["SHA256", 32],
  ["SHA512", 64],
]);
const ENCRYPT = 1;
const observers: unknown[] = [];

/** Arms one function wherever a library of the app exports it, now and when one is loaded later. */
export function armNativeCrypto(hook: Hook, context: Late): void {
  const name = hook.native!.export;
  observers.push(
    Process.attachModuleObserver({
      onAdded(module) {
        const address = SYSTEM.test(module.path) ? null : ownExport(module, name);
        if (address === null) return;
        if (DIGESTS.has(name)) armDigest(hook, address, context, DIGESTS.get(name)!);
        else armCipher(hook, address, context);
      },
    }),
  );
}

/** `unsigned char *NAME(const unsigned char *data, size_t size, unsigned char *digest)`; without a place it gives its own. */
function armDigest(hook: Hook, address: NativePointer, context: Late, size: number): void {
  Interceptor.attach(address, {
    onEnter(args) {
      this["at"] = now();
      this["wanted"] = admitted(hook, context, "", this["at"] as Stamp, this.returnAddress);
      this["data"] = this["wanted"] === true ? bytes(args[0]!, args[1]!.toInt32() >>> 0) : null;
    },
    onLeave(result) {
      if (this["wanted"] !== true || result.isNull()) return;
      report(hook, context, this["at"] as Stamp, hook.native!.export, this["data"] as Value, bytes(result, size));
    },
  });
}

/** `AES_cbc_encrypt(in, out, size, key, iv, encrypt)`; the key is a schedule that is no longer the key. */
function armCipher(hook: Hook, address: NativePointer, context: Late): void {
  Interceptor.attach(address, {
    onEnter(args) {
      this["at"] = now();
      const size = args[2]!.toInt32() >>> 0;
      this["wanted"] = args[5]!.toInt32() === ENCRYPT && admitted(hook, context, "", this["at"] as Stamp, this.returnAddress);
      if (this["wanted"] !== true) return;
      this["data"] = bytes(args[0]!, size);
      this["out"] = args[1]!;
      this["size"] = (size + 15) & ~15;
    },
    onLeave() {
      if (this["wanted"] !== true) return;
      const given = bytes(this["out"] as NativePointer, this["size"] as number);
      report(hook, context, this["at"] as Stamp, "AES/CBC", this["data"] as Value, given);
    },
  });
}

function report(hook: Hook, context: Late, at: Stamp, algorithm: string, input: Value, r: Value): void {
  const fields: [string, Value][] = [
    ["algorithm", { k: "string", c: "char*", t: algorithm }],
    ["input", input],
  ];
  tell(hook, context(), at, { a: [], r, th: { k: "object", c: "native", f: fields } });
}

function bytes(start: NativePointer, size: number): Value {
  const kept = Math.min(size, BYTES_LIMIT);
  const data = start.isNull() || kept === 0 ? new Uint8Array(0) : new Uint8Array(start.readByteArray(kept)!);
  return { k: "bytes", c: "byte[]", d: base64(data), ...(kept < size ? { x: true } : {}) };
}
