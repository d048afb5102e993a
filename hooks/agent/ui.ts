/** Clicks and dialogs: what the person saw on the control, its resource name and where it was on the screen. */

import { call as invoke, isNull } from "./jni.js";
import type { Call, Context } from "./context.js";
import { begin } from "./observe.js";
import type { Special } from "./observe.js";
import type { Value } from "./wire.js";

const NO_ID = -1;
const DOWN = 0;
const UP = 1;
/** A finger that moved further, in pixels, scrolled or dragged. */
const STILL = 48;
/** Where a finger went down last; touches come one after the other, on the thread of the screens. */
let down: [number, number] = [0, 0];

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

/** A touch of a window at a place: of interest when the finger goes up where it went down, whatever draws the screen. */
export const TOUCH: Special = {
  concerns: () => true,
  entered(context, call, selected) {
    const event = call.args[0] as NativePointer;
    const action = isNull(event) ? undefined : invoke(call.env, event, "getActionMasked", "()I");
    if (action !== DOWN && action !== UP) return false;
    const at: [number, number] = [invoke(call.env, event, "getRawX", "()F") ?? 0, invoke(call.env, event, "getRawY", "()F") ?? 0];
    if (action === DOWN) {
      down = at;
      return false;
    }
    if (Math.abs(at[0] - down[0]) > STILL || Math.abs(at[1] - down[1]) > STILL) return false;
    if (!begin(context, call, selected)) return false;
    const number = (value: number): Value => ({ k: "number", c: "int", t: String(Math.round(value)) });
    call.this = { k: "object", c: call.site.owner, f: [["x", number(at[0])], ["y", number(at[1])]] };
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
