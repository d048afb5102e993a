/** Clicks and dialogs: what the person saw on the control, its resource name and where it was on the screen. */

import { call as invoke, isNull } from "./jni.js";
import type { Call, Context } from "./context.js";
import { begin } from "./observe.js";
import type { Special } from "./observe.js";
import type { Value } from "./wire.js";

const NO_ID = -1;

function unused(): void {
  // These hooks report before the original runs, so that what it sets off comes after.
}

export const CLICK: Special = {
  concerns: () => true,
  entered(context, call, selected) {
    if (!begin(context, call, selected)) return false;
    if (call.self !== null) {
      const fields: [string, Value][] = [...(call.this?.f ?? []), ...resource(context, call), ...place(call)];
      call.this = { ...(call.this ?? { k: "object" }), f: fields };
    }
    context.returned(call);
    return false;
  },
  returned: unused,
  threw: unused,
};

export const DIALOG: Special = {
  concerns: () => true,
  entered(context, call, selected) {
    if (!begin(context, call, selected)) return false;
    context.returned(call);
    return false;
  },
  returned: unused,
  threw: unused,
};

function resource(context: Context, call: Call): [string, Value][] {
  const { env } = call;
  const id = invoke(env, call.self!, "getId", "()I");
  if (id === undefined || id === NO_ID || id === 0) return [];
  const resources = invoke(env, call.self!, "getResources", "()Landroid/content/res/Resources;");
  if (isNull(resources)) return [];
  const name = invoke(env, resources, "getResourceName", "(I)Ljava/lang/String;", ["int32"], [id]);
  return isNull(name) ? [] : [["resource", context.values.text(env.stringFromJni(name))]];
}

function place(call: Call): [string, Value][] {
  const { env } = call;
  const maker = env as unknown as { newIntArray(size: number): NativePointer };
  const point = maker.newIntArray(2);
  if (isNull(point)) return [];
  const done = invoke(env, call.self!, "getLocationOnScreen", "([I)V", ["pointer"], [point]);
  const elements = env.getIntArrayElements(point);
  const [x, y] = [elements.readS32(), elements.add(4).readS32()];
  env.releaseIntArrayElements(point, elements);
  env.deleteLocalRef(point);
  if (done === null) return [];
  return [
    ["x", { k: "number", c: "int", t: String(x) }],
    ["y", { k: "number", c: "int", t: String(y) }],
  ];
}
