/** Libraries of packers: their shells run code of the app that no hook of its own classes reaches. */

import { record } from "./channel.js";
import { now } from "./clock.js";
import { chosen } from "./selection.js";
import type { Hook } from "./wire.js";

const NAME_LIMIT = 200;
/** Keeps the observer alive. */
const observers: unknown[] = [];

/** Tells, once per library, what a packer hides; modules are only looked at, as a hook of `dlopen` changes what it sees. */
export function armPackers(hook: Hook): void {
  const told = new Set<string>();
  observers.push(
    Process.attachModuleObserver({
      onAdded(module) {
        const packer = chosen(hook.select!, module.name);
        if (packer === null || told.has(packer)) return;
        told.add(packer);
        const at = now();
        const name = module.name.slice(0, NAME_LIMIT);
        record(
          {
            k: "event",
            tid: Process.getCurrentThreadId(),
            tn: "",
            h: hook.id,
            api: hook.native!.export,
            a: [{ k: "string", c: "library", t: name }],
            e: "returned",
            th: { k: "null" },
          },
          at,
        );
        const why =
          `the app is packed (${name} is a packer's library): calls of the app's own classes before its real application ` +
          "is attached, and code that the shell interprets itself, are not seen";
        record({ k: "gap", g: "code_unseen", h: hook.id, why }, at);
      },
    }),
  );
}
