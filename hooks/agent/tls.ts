/** The random of each TLS ClientHello that the app's libraries make: it names the same connection on both sides of a NAT. */

import { base64 } from "./base64.js";
import { now } from "./clock.js";
import { ownExport } from "./modules.js";
import type { Late } from "./native.js";
import { tell } from "./native.js";
import type { Hook, Stamp } from "./wire.js";

const RANDOM_SIZE = 32;
const KNOWN_LIMIT = 2000;
/** The random that was last told, by the address of the connection's SSL object. */
const known = new Map<string, string>();
/** Keeps the observer alive. */
const observers: unknown[] = [];

/** Arms OpenSSL and BoringSSL wherever a library exports them, now and when one is loaded later. */
export function armClientHello(hook: Hook, context: Late): void {
  observers.push(
    Process.attachModuleObserver({
      onAdded(module) {
        const handshake = ownExport(module, hook.native!.export);
        const random = module.findExportByName("SSL_get_client_random");
        if (handshake !== null && random !== null) armLibrary(hook, context, module, handshake, random);
      },
    }),
  );
}

function armLibrary(hook: Hook, context: Late, module: NativeModule, handshake: NativePointer, random: NativePointer): void {
  const read = new NativeFunction(random, "size_t", ["pointer", "pointer", "size_t"], { scheduling: "exclusive" });
  const role = module.findExportByName("SSL_is_server");
  const serves = role === null ? null : new NativeFunction(role, "int", ["pointer"], { scheduling: "exclusive" });
  Interceptor.attach(handshake, {
    onEnter(args) {
      this["ssl"] = args[0]!;
      this["at"] = now();
    },
    onLeave() {
      const ssl = this["ssl"] as NativePointer;
      if (serves !== null && serves(ssl) !== 0) return;
      const target = Memory.alloc(RANDOM_SIZE);
      if (Number(read(ssl, target, RANDOM_SIZE)) !== RANDOM_SIZE) return;
      const bytes = new Uint8Array(target.readByteArray(RANDOM_SIZE)!);
      const text = base64(bytes);
      const key = String(ssl);
      if (bytes.every((one) => one === 0) || known.get(key) === text) return;
      if (known.size >= KNOWN_LIMIT) known.clear();
      known.set(key, text);
      tell(hook, context(), this["at"] as Stamp, {
        a: [],
        th: { k: "object", c: "SSL", f: [["client_random", { k: "bytes", c: "byte[]", d: text }], ["library", { k: "string", c: "path", t: module.path }]] },
      });
    },
  });
}
