/** Where classes come from: the loader of the app, and loaders that appear while it runs. */

import type { Context } from "./context.js";
import { answer, arm } from "./install.js";
import type { Finder } from "./install.js";
import { call, cleared, framed, isNull } from "./jni.js";
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
  const env = Java.vm.getEnv();
  return framed(env, () => {
    const type = asked(env, loader.$h, name);
    if (isNull(type)) return false;
    link(env, type);
    return true;
  });
}

function asked(env: JniEnv, loader: NativePointer, name: string): NativePointer {
  const text = (env as JniEnv & { newStringUtf(text: string): NativePointer }).newStringUtf(name);
  const type = call(env, loader, "loadClass", "(Ljava/lang/String;)Ljava/lang/Class;", ["pointer"], [text]);
  env.deleteLocalRef(text);
  return type ?? NULL;
}

function link(env: JniEnv, type: NativePointer): void {
  call(env, type, "getDeclaredMethods", "()[Ljava/lang/reflect/Method;");
}

/** Finds classes by the bridge's own loader: the boot classes on Android, and the app's once it is bound. */
export const byBridge: Finder = (name) => {
  try {
    return Java.use(name);
  } catch {
    return null;
  }
};

/** Where a class is handed out; the first argument names it, if it is named. */
const HAND_OUTS: [owner: string, method: string, last: string][] = [
  ["java.lang.ClassLoader", "loadClass", ""],
  // What a loader with a `loadClass` of its own cannot do without on a JVM, and on Android.
  ["java.lang.ClassLoader", "defineClass", "java.security.ProtectionDomain"],
  ["dalvik.system.DexFile", "loadClass", ""],
  ["dalvik.system.DexFile", "loadClassBinaryName", ""],
];

/** Arms hooks in classes that a loader of the app defines later, before the class is handed out. */
export function watch(context: Context, hooks: Hook[]): Late {
  const late = new Late(context);
  for (const hook of hooks) late.expect(hook);
  for (const [owner, method, last] of HAND_OUTS) {
    const type = byBridge(owner);
    for (const overload of (type?.[method]?.overloads ?? []) as JavaOverload[]) {
      const types = overload.argumentTypes;
      const fits = last === "" || types[types.length - 1]?.className === last;
      if (fits && types[0]?.className === "java.lang.String") watchOverload(late, overload);
    }
  }
  context.late = late;
  return late;
}

function watchOverload(late: Late, method: JavaOverload): void {
  const { context } = late;
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
    const named = found.texts[0]?.t;
    if (named === undefined ? !isNull(args[0] as NativePointer) : !late.expects(named)) return result;
    const thread = seen(found.thread, found.environment);
    if (thread.busy) return result;
    thread.busy = true;
    try {
      late.handedOut(thread.env, result as NativePointer);
    } catch (error) {
      context.problem("java.lang.ClassLoader.loadClass", error);
    } finally {
      thread.busy = false;
    }
    return result;
  });
}

/** The hooks of classes that are not there yet, and what was armed of them, by class and loader. */
export class Late {
  private readonly byClass = new Map<string, Hook[]>();
  private readonly done = new Set<string>();
  private readonly whole = new Set<number>();

  constructor(readonly context: Context) {}

  /** Waits for the classes of a hook; those of Java itself come with the VM. */
  expect(hook: Hook): void {
    for (const name of hook.classes) {
      if (!/^javax?\./.test(name)) this.byClass.set(name, [...(this.byClass.get(name) ?? []), hook]);
    }
  }

  /** Says whether hooks wait for a class; Android writes its name with slashes in places. */
  expects(name: string): boolean {
    return this.byClass.has(name.replaceAll("/", "."));
  }

  /** Arms what waits for a class that a loader has made, if that loader has not made it before. */
  handedOut(env: JniEnv, type: NativePointer): void {
    if (isNull(type)) return;
    const name = env.getClassName(type);
    const hooks = this.byClass.get(name);
    const owner = hooks === undefined ? NULL : call(env, type, "getClassLoader", "()Ljava/lang/ClassLoader;");
    if (hooks === undefined || isNull(owner)) return;
    const key = `${name}@${this.context.identities.of(env, owner)}`;
    if (this.done.has(key)) return;
    this.done.add(key);
    link(env, type);
    const made = wrapper(env, owner, name, type);
    for (const hook of hooks) {
      const { status, detail } = arm(this.context, hook, (wanted) => (wanted === name ? made : null));
      if (status !== "class_absent") answer(hook.id, status, `late: ${detail}`);
    }
  }

  /**
   * Looks for every class that is waited for in a loader that has just been made, or has got more to load: Android finds
   * the classes of its own loaders without asking them. A loader of the app's own is not asked: its code is the app's,
   * and Android goes through Java for it.
   */
  sweep(env: JniEnv, loader: NativePointer): void {
    if (isNull(loader) || !this.context.platform(env.getObjectClassName(loader))) return;
    const identity = this.context.identities.of(env, loader);
    if (this.whole.has(identity)) return;
    for (const name of this.byClass.keys()) {
      if (this.done.has(`${name}@${identity}`)) continue;
      framed(env, () => this.handedOut(env, asked(env, loader, name)));
    }
  }

  /** Notes that these classes of a loader are armed already, and that it has no others. */
  settled(loader: JavaWrapper, names: Iterable<string>): void {
    const identity = this.context.identities.of(Java.vm.getEnv(), loader.$h);
    for (const name of names) this.done.add(`${name}@${identity}`);
    this.whole.add(identity);
  }
}

interface Factory {
  _make?(name: string, handle: (env: JniEnv) => NativePointer, env: JniEnv): any;
}

/** Makes the bridge's wrapper of a class that is at hand: its loader, which may be the app's own code, is not asked. */
export function wrapper(env: JniEnv, owner: NativePointer, name: string, type: NativePointer): any {
  const loader = Java.retain(Java.cast(owner, Java.use("java.lang.ClassLoader")));
  const factory = Java.ClassFactory.get(loader) as Factory;
  if (factory._make === undefined) {
    throw new Error("this Java bridge makes wrappers in another way; use the frida-tools version that is pinned");
  }
  const held = env.newGlobalRef(type);
  const made = factory._make(name, (now) => now.newLocalRef(held), env);
  cleared(env);
  return made;
}
