/** The moments at which new code of the app comes in: a loader that Android makes for it, and an application that is bound. */

import { call, isNull } from "./jni.js";
import type { Call } from "./context.js";
import { begin } from "./observe.js";
import type { Special } from "./observe.js";

/** Tells of the call before it, and looks after it for classes that hooks wait for in the loader that `of` gives. */
function bringsCode(of: (call: Call) => NativePointer | undefined): Special {
  return {
    concerns: () => true,
    entered(context, call, selected) {
      // A constructor that calls its brother would tell, and look, twice.
      if (call.site.name === "<init>" && call.caller === call.site.owner) return false;
      if (begin(context, call, selected)) context.returned(call);
      return true;
    },
    returned(context, call) {
      const loader = of(call);
      if (!isNull(loader)) context.late?.sweep(call.env, loader!);
    },
    threw: () => undefined,
  };
}

function ofApplication({ env, self }: Call): NativePointer | undefined {
  const type = call(env, self!, "getClass", "()Ljava/lang/Class;") as NativePointer | undefined;
  return isNull(type) ? undefined : (call(env, type!, "getClassLoader", "()Ljava/lang/ClassLoader;") as NativePointer | undefined);
}

export const LOADER: Special = bringsCode((made) => made.self ?? undefined);
export const ATTACHED: Special = bringsCode(ofApplication);
