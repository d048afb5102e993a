/**
 * Listeners that an app hands to a library: the class is the app's and may be called anything, so it is known when it is
 * handed over, and what the library tells it is told from then on.
 */

import type { Call, Context } from "./context.js";
import { arm } from "./install.js";
import { call as invoke, cleared, framed, isNull } from "./jni.js";
import { wrapper } from "./loaders.js";
import { begin } from "./observe.js";
import type { Special } from "./observe.js";
import type { Hook } from "./wire.js";

const METHODS_LIMIT = 64;
/** The methods that are heard already, by the class of the listener, its loader and the method. */
const heard = new Set<string>();

/** Tells of the call before it, and of every call of the listeners among its arguments. */
export const LISTENER: Special = {
  concerns: () => true,
  entered(context, call, selected) {
    if (begin(context, call, selected)) context.returned(call);
    call.site.argumentNames.forEach((declared, index) => {
      const listener = call.args[index] as NativePointer;
      if (!declared.includes(".") || declared.startsWith("[") || context.platform(declared) || isNull(listener)) return;
      framed(call.env, () => hear(context, call, declared, listener));
    });
    return false;
  },
  returned: () => undefined,
  threw: () => undefined,
};

function hear(context: Context, { env, site }: Call, declared: string, listener: NativePointer): void {
  const type = invoke(env, listener, "getClass", "()Ljava/lang/Class;") as NativePointer;
  const owner = invoke(env, type, "getClassLoader", "()Ljava/lang/ClassLoader;") as NativePointer | undefined;
  if (isNull(owner)) return;
  const name = env.getClassName(type);
  const key = `${name}@${context.identities.of(env, owner!)}`;
  const told = declaring(env, type, declared);
  const wanted = told === null ? [] : methods(env, type).filter((one) => told.includes(one) && !heard.has(`${key} ${one}`));
  if (wanted.length === 0) return;
  const made = wrapper(env, owner!, name, type);
  for (const method of wanted) {
    heard.add(`${key} ${method}`);
    const hook: Hook = { ...site.hook, classes: [name], method, overloads: null, special: "", receiver: "", extractor: "auto" };
    arm(context, hook, () => made);
  }
}

/** Gives the methods of the interface or class that the library declares for a listener; it is above the listener's own. */
function declaring(env: JniEnv, type: NativePointer, declared: string): string[] | null {
  for (let at: NativePointer | undefined = type; !isNull(at); at = invoke(env, at!, "getSuperclass", "()Ljava/lang/Class;")) {
    if (env.getClassName(at!) === declared) return methods(env, at!);
    for (const each of elements(env, invoke(env, at!, "getInterfaces", "()[Ljava/lang/Class;"))) {
      if (env.getClassName(each) === declared) return methods(env, each);
    }
  }
  return null;
}

function methods(env: JniEnv, type: NativePointer): string[] {
  const found = elements(env, invoke(env, type, "getDeclaredMethods", "()[Ljava/lang/reflect/Method;"));
  return found.map((each) => env.stringFromJni(invoke(env, each, "getName", "()Ljava/lang/String;") as NativePointer));
}

function elements(env: JniEnv, array: NativePointer | undefined): NativePointer[] {
  if (isNull(array)) return [];
  const size = Math.min(env.getArrayLength(array!), METHODS_LIMIT);
  const found = Array.from({ length: size }, (_, index) => env.getObjectArrayElement(array!, index));
  return cleared(env) ? [] : found;
}
