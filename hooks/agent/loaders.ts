/** Where classes come from: the loader of the app, and loaders that appear while it runs. */

import type { Context } from "./context.js";
import { answer, arm } from "./install.js";
import type { Finder } from "./install.js";
import { call, framed, isNull } from "./jni.js";
import { passThrough } from "./raw.js";
import { current } from "./threads.js";
import type { Hook } from "./wire.js";

/** Finds classes through a loader without running their initialisers; they are linked, or the bridge breaks them. */
export function through(loader: JavaWrapper): Finder {
  const factory = Java.ClassFactory.get(loader);
  return (name) => {
    // Not by the bridge's wrapper: its `loadClass` takes raw references once it is watched.
    const env = Java.vm.getEnv() as JniEnv & { newStringUtf(text: string): NativePointer };
    const found = framed(env, () => {
      const text = env.newStringUtf(name);
      const type = call(env, loader.$h, "loadClass", "(Ljava/lang/String;)Ljava/lang/Class;", ["pointer"], [text]);
      if (isNull(type)) return false;
      call(env, type, "getDeclaredMethods", "()[Ljava/lang/reflect/Method;");
      return true;
    });
    if (!found) return null;
    return factory.use(name);
  };
}

/** Finds classes by the bridge's own loader: the boot classes on Android, and the app's once it is bound. */
export const byBridge: Finder = (name) => {
  try {
    return Java.use(name);
  } catch {
    return null;
  }
};

/** Arms hooks in classes that a loader of the app defines later, before the class is handed out. */
export function watch(context: Context, hooks: Hook[]): void {
  const byClass = new Map<string, Hook[]>();
  for (const hook of hooks) {
    for (const name of hook.classes) {
      if (/^javax?\./.test(name)) continue;
      byClass.set(name, [...(byClass.get(name) ?? []), hook]);
    }
  }
  const overloads = Java.use("java.lang.ClassLoader").loadClass.overloads as JavaOverload[];
  for (const method of overloads) {
    if (method.argumentTypes[0]?.className === "java.lang.String") watchOverload(context, byClass, method);
  }
}

function watchOverload(context: Context, byClass: Map<string, Hook[]>, method: JavaOverload): void {
  passThrough(method);
  method.implementation = function (this: JavaWrapper, ...args: any[]): any {
    const result = method.apply(this, args);
    const thread = current();
    if (thread.busy) return result;
    thread.busy = true;
    try {
      loaded(context, byClass, this, args[0] as NativePointer, result as NativePointer);
    } catch (error) {
      context.problem("java.lang.ClassLoader.loadClass", error);
    } finally {
      thread.busy = false;
    }
    return result;
  };
}

const done = new Set<string>();

function loaded(
  context: Context,
  byClass: Map<string, Hook[]>,
  loader: JavaWrapper,
  text: NativePointer,
  type: NativePointer,
): void {
  if (isNull(text) || isNull(type)) return;
  const env = Java.vm.getEnv();
  const name = env.stringFromJni(text);
  const hooks = byClass.get(name);
  if (hooks === undefined) return;
  const owner = call(env, type, "getClassLoader", "()Ljava/lang/ClassLoader;");
  if (isNull(owner) || !env.isSameObject(owner, loader.$h)) return;
  const key = `${name}@${context.identities.of(env, owner)}`;
  if (done.has(key)) return;
  done.add(key);
  const find = through(Java.retain(loader));
  for (const hook of hooks) {
    const { status, detail } = arm(context, hook, (wanted) => (wanted === name ? find(wanted) : null));
    if (status !== "class_absent") answer(hook.id, status, `late: ${detail}`);
  }
}

/** Notes that a loader's class is armed already. */
export function settled(context: Context, loader: JavaWrapper, names: Iterable<string>): void {
  const identity = context.identities.of(Java.vm.getEnv(), loader.$h);
  for (const name of names) done.add(`${name}@${identity}`);
}
