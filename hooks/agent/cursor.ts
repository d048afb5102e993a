/** Rows of a content provider: the query says from where, each read of a column says what; the position is untouched. */

import type { Call, Context } from "./context.js";
import { call as invoke, isNull } from "./jni.js";
import { begin, ORDINARY } from "./observe.js";
import type { Special } from "./observe.js";
import { chosen } from "./selection.js";

const OPEN_LIMIT = 1000;
/** Where an open cursor came from, by its identity. */
const origins = new Map<number, string>();

export const CURSOR_OPEN: Special = {
  concerns: () => true,
  entered: (context, call, selected) => ORDINARY.entered(context, call, selected),
  returned(context, call, result) {
    if (!isNull(result)) {
      const uri = call.values.find((value) => value.c?.startsWith("android.net.Uri"))?.t ?? "";
      if (origins.size >= OPEN_LIMIT) origins.delete(origins.keys().next().value!);
      origins.set(context.identities.of(call.env, result as NativePointer), uri);
    }
    ORDINARY.returned(context, call, result);
  },
  threw: (context, call, error) => ORDINARY.threw(context, call, error),
};

/** Names where the cursor of a call came from, if it is one of those that were asked about. */
function originOf(context: Context, call: Call): string | undefined {
  return call.self === null ? undefined : origins.get(context.identities.of(call.env, call.self));
}

export const CURSOR_READ: Special = {
  concerns: (context, call) => originOf(context, call) !== undefined,
  entered(context, call) {
    const uri = originOf(context, call);
    if (uri === undefined) return false;
    const select = call.site.hook.select;
    const selected = select === null ? "" : chosen(select, uri);
    if (selected === null || !begin(context, call, `${selected}#${String(call.args[0])}`)) return false;
    const column = columnName(call, call.args[0] as number);
    call.this = { k: "object", c: call.site.owner, f: [["uri", context.values.text(uri)], ["column", context.values.text(column)]] };
    return true;
  },
  returned: (context, call, result) => ORDINARY.returned(context, call, result),
  threw: (context, call, error) => ORDINARY.threw(context, call, error),
};

function columnName(call: Call, index: number): string {
  const name = invoke(call.env, call.self!, "getColumnName", "(I)Ljava/lang/String;", ["int32"], [index]);
  return isNull(name) ? "" : call.env.stringFromJni(name);
}
