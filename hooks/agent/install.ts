/** Arms the Java hooks of the catalog in the classes of one loader, and answers for each of them. */

import { alter } from "./alter.js";
import { record } from "./channel.js";
import type { Context, Site } from "./context.js";
import { intercept } from "./intercept.js";
import { call, cleared, framed, isNull } from "./jni.js";
import { SPECIALS } from "./specials.js";
import { TAPS, tapMethod } from "./tap_java.js";
import type { Hook, Status } from "./wire.js";

const ABSTRACT = 0x400;
const PRIMITIVES: Record<string, string> = {
  Z: "boolean",
  B: "byte",
  C: "char",
  S: "short",
  I: "int",
  J: "long",
  F: "float",
  D: "double",
};

/** Gives a class wrapper, or `null` when the loader does not have the class. */
export type Finder = (name: string) => any | null;

/** Arms one hook; says what became of it. */
export function arm(context: Context, hook: Hook, find: Finder): { status: Status; detail: string } {
  let status: Status = "class_absent";
  let detail = hook.classes.join(" ");
  const armed = new Set<string>();
  for (const name of hook.classes) {
    try {
      const type = find(name);
      if (type === null) continue;
      const count = armClass(context, hook, name, type, armed);
      if (status === "class_absent") {
        status = "overload_absent";
        detail = `${name}.${hook.method}`;
      }
      if (count > 0) status = "armed";
    } catch (error) {
      return { status: "failed", detail: String(error) };
    }
  }
  return { status, detail: status === "armed" ? [...armed].join(" ") : detail };
}

/** Writes the answer for one hook. */
export function answer(hook: string, status: Status, detail: string): void {
  record({ k: "hook", h: hook, st: status, d: detail.slice(0, 2000) });
}

/** Constructors come by reflection, for which the VM initialises the class: the catalog hooks those of boot classes only. */
function armClass(context: Context, hook: Hook, name: string, type: any, armed: Set<string>): number {
  const dispatcher = type[hook.method === "<init>" ? "$init" : hook.method];
  if (dispatcher === undefined || dispatcher === null || dispatcher.overloads === undefined) return 0;
  const taps = TAPS.has(hook.special);
  const special = SPECIALS[taps ? "" : hook.special];
  if (special === undefined) throw new Error(`the agent has no handler named ${hook.special}`);
  let count = 0;
  for (const method of dispatcher.overloads as JavaOverload[]) {
    const parameters = method.argumentTypes.map((one) => readable(one.className));
    if (!wanted(hook, parameters) || isAbstract(type, method)) continue;
    const api = `${name}.${hook.method}(${parameters.join(", ")})`;
    const site: Site = {
      hook,
      api,
      owner: name,
      name: hook.method,
      method,
      argumentNames: method.argumentTypes.map((one) => one.className),
      resultName: method.returnType.className,
      booleans: method.argumentTypes.some((one) => one.className === "boolean"),
    };
    if (taps) tapMethod(context, site);
    else if (hook.change === null) intercept(context, site, special);
    else alter(context, site, hook.change);
    armed.add(api);
    count += 1;
  }
  return count;
}

function wanted(hook: Hook, parameters: string[]): boolean {
  return hook.overloads === null || hook.overloads.some((one) => one.join() === parameters.join());
}

interface Known {
  /** The class object's wrapper: the reference of a wrapper that nobody holds is given up at once. */
  held: JavaWrapper;
  /** Whether the class has methods without a body. */
  abstract: boolean;
}

const known = new WeakMap<object, Known>();

function knownOf(type: any): Known {
  let found = known.get(type);
  if (found === undefined) {
    const held = type.class as JavaWrapper;
    found = { held, abstract: false };
    known.set(type, found);
    found.abstract = ((call(Java.vm.getEnv(), found.held.$h, "getModifiers", "()I") as number) & ABSTRACT) !== 0;
  }
  return found;
}

/** An abstract method has no body to replace; its implementers are named in the catalog. */
function isAbstract(type: any, method: JavaOverload & { handle?: NativePointer }): boolean {
  const { held, abstract } = knownOf(type);
  if (!abstract) return false;
  const env = Java.vm.getEnv() as JniEnv & {
    toReflectedMethod(type: NativePointer, method: NativePointer, isStatic: number): NativePointer;
  };
  return framed(env, () => {
    const reflected = env.toReflectedMethod(held.$h, method.handle!, method.type === 2 ? 1 : 0);
    if (cleared(env) || isNull(reflected)) return false;
    return ((call(env, reflected, "getModifiers", "()I") as number) & ABSTRACT) !== 0;
  });
}

/** Turns `[Ljava.lang.String;` into `java.lang.String[]`. */
export function readable(name: string): string {
  if (!name.startsWith("[")) return name;
  const inner = name.slice(1);
  if (inner.startsWith("[")) return `${readable(inner)}[]`;
  return `${PRIMITIVES[inner] ?? inner.replace(/^L|;$/g, "")}[]`;
}
