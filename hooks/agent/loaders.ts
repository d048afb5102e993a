/** Where classes come from: the loader of the app, and loaders that appear while it runs. */

import type { Context } from "./context.js";
import { answer, arm } from "./install.js";
import type { Finder } from "./install.js";
import { call, framed, isNull } from "./jni.js";
import { wish } from "./look.js";
import { replace } from "./replace.js";
import { seen } from "./threads.js";
import type { Hook } from "./wire.js";

/** Finds classes through a loader without running their initialisers; they are linked, or the bridge breaks them. */
export function through(loader: JavaWrapper): Finder {
  const factory = Java.ClassFactory.get(loader);
  const found = new Map<string, any>();
  return (name) => {
    if (!found.has(name)) found.set(name, has(loader, name) ? factory.use(name) : null);
    return found.get(name);
  };
}

function has(loader: JavaWrapper, name: string): boolean {
  const env = Java.vm.getEnv() as JniEnv & { newStringUtf(text: string): NativePointer };
  return framed(env, () => {
    const text = env.newStringUtf(name);
    const type = call(env, loader.$h, "loadClass", "(Ljava/lang/String;)Ljava/lang/Class;", ["pointer"], [text]);
    if (isNull(type)) return false;
    call(env, type, "getDeclaredMethods", "()[Ljava/lang/reflect/Method;");
    return true;
  });
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
  const wanted = wish(method.argumentTypes, false);
  replace(method, (original) => (handle, receiver, ...args) => {
    const result = original(handle, receiver, args);
    const { look } = context;
    const { thrown } = look.after(handle, false, NULL);
    if (thrown !== null) {
      look.rethrow(handle, thrown);
      return result;
    }
    const found = look.at(handle, wanted, args, 1);
    const name = found.texts[0]?.t;
    if (name === undefined || !byClass.has(name)) return result;
    const thread = seen(found.thread, found.environment);
    if (thread.busy) return result;
    thread.busy = true;
    try {
      loaded(context, byClass, name, thread.env, receiver, result as NativePointer);
    } catch (error) {
      context.problem("java.lang.ClassLoader.loadClass", error);
    } finally {
      thread.busy = false;
    }
    return result;
  });
}

const done = new Set<string>();

function loaded(
  context: Context,
  byClass: Map<string, Hook[]>,
  name: string,
  env: JniEnv,
  loader: NativePointer,
  type: NativePointer,
): void {
  if (isNull(type)) return;
  const owner = call(env, type, "getClassLoader", "()Ljava/lang/ClassLoader;");
  if (isNull(owner) || !env.isSameObject(owner, loader)) return;
  const key = `${name}@${context.identities.of(env, owner)}`;
  if (done.has(key)) return;
  done.add(key);
  const find = through(Java.retain(Java.cast(loader, Java.use("java.lang.ClassLoader"))));
  for (const hook of byClass.get(name)!) {
    const { status, detail } = arm(context, hook, (wanted) => (wanted === name ? find(wanted) : null));
    if (status !== "class_absent") answer(hook.id, status, `late: ${detail}`);
  }
}

/** Notes that a loader's class is armed already. */
export function settled(context: Context, loader: JavaWrapper, names: Iterable<string>): void {
  const identity = context.identities.of(Java.vm.getEnv(), loader.$h);
  for (const name of names) done.add(`${name}@${identity}`);
}
