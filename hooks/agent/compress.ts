/** Encodings and compressions that an app's code asks for: what went in and what came out; not those of the platform itself. */

import { give, input, joined, output, stateOf, take, userOf } from "./crypto.js";
import { call as invoke } from "./jni.js";
import { ORDINARY, stackOf } from "./observe.js";
import type { Special } from "./observe.js";

/** An ordinary call, told where the app's code makes it. */
export const OWN: Special = {
  ...ORDINARY,
  entered(context, call, selected) {
    if (call.caller === "" || context.platform(call.caller)) return false;
    return ORDINARY.entered(context, call, selected);
  },
};

/** A `Deflater`, by itself or behind a stream: its parts are put together and told when the last one came out. */
export const DEFLATE: Special = {
  concerns: () => true,
  entered(context, call) {
    call.caller = userOf(context, call);
    if (call.self === null || call.caller === "" || context.platform(call.caller)) return false;
    if (call.site.name !== "setInput") return true;
    take(stateOf(context, call), input(context, call), context.config.limits.bytes);
    return false;
  },
  returned(context, call, result) {
    const state = stateOf(context, call);
    give(state, output(context, call, result), context.config.limits.bytes);
    if (!invoke(call.env, call.self!, "finished", "()Z")) return;
    const { input: plain, output: packed, cut } = state;
    Object.assign(state, { input: [], output: [], size: 0, given: 0, cut: false });
    if (!context.sampling.admits(call, "")) return;
    const stack = stackOf(context, call);
    if (stack !== undefined) call.stack = stack;
    const name = context.values.text("deflate");
    call.this = { k: "object", c: call.site.owner, f: [["algorithm", name], ["plain", joined(plain, cut)]] };
    context.returned(call, joined(packed, false));
  },
  threw: () => undefined,
};
