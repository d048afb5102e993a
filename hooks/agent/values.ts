/** Turns a Java value into a recorded one: bounded, typed, and without calling anything of the app's. */

import { base64 } from "./base64.js";
import { BY_CLASS, EXTRACTORS, PRINTABLE } from "./extractors.js";
import { BootClass, call, cleared, field, framed, isNull } from "./jni.js";
import type { Limits, Value } from "./wire.js";

const DEPTH = 4;
const BOXES = new Set(["java.lang.Integer", "java.lang.Long", "java.lang.Short", "java.lang.Byte", "java.lang.Double"]);
BOXES.add("java.lang.Float");

/** Describes values within the limits of the configuration. */
export class Values {
  private readonly collection: BootClass;
  private readonly map: BootClass;
  private readonly arrays: BootClass;

  constructor(
    env: JniEnv,
    private readonly limits: Limits,
  ) {
    this.collection = new BootClass(env, "java/util/Collection");
    this.map = new BootClass(env, "java/util/Map");
    this.arrays = new BootClass(env, "java/lang/reflect/Array");
  }

  /** Describes an argument or a result, by its declared type and, for objects, by an extractor. */
  of(env: JniEnv, raw: any, type: string, extractor = "auto", depth = 0): Value {
    if (typeof raw === "boolean") return { k: "boolean", c: type, t: String(raw) };
    if (typeof raw === "number" || raw instanceof Int64) return { k: "number", c: type, t: raw.toString() };
    if (raw === undefined || isNull(raw)) return { k: "null", c: type };
    return framed(env, () => this.object(env, raw as NativePointer, extractor, depth));
  }

  /** Describes bytes of a Java array from `start`, cut to the limit. */
  bytes(env: JniEnv, array: NativePointer, start = 0, length = -1): Value {
    const data = this.raw(env, array, start, length);
    const size = length < 0 ? env.getArrayLength(array) - start : length;
    return { k: "bytes", c: "byte[]", d: base64(data), ...(data.length < size ? { x: true } : {}) };
  }

  /** Copies bytes of a Java array out, cut to the limit; who wants to know whether it was cut asks for one more. */
  raw(env: JniEnv, array: NativePointer, start = 0, length = -1, limit = this.limits.bytes): Uint8Array {
    const all = env.getArrayLength(array);
    const wanted = Math.min(length < 0 ? all - start : length, all - start, limit);
    if (wanted <= 0) return new Uint8Array(0);
    const memory = Memory.alloc(wanted);
    env.getByteArrayRegion(array, start, wanted, memory);
    return new Uint8Array(memory.readByteArray(wanted)!);
  }

  /** Describes a text, cut to the limit. */
  text(text: string, type = "java.lang.String"): Value {
    if (text.length <= this.limits.text) return { k: "string", c: type, t: text };
    return { k: "string", c: type, t: text.slice(0, this.limits.text), x: true };
  }

  private object(env: JniEnv, handle: NativePointer, extractor: string, depth: number): Value {
    const name = env.getObjectClassName(handle);
    if (name === "java.lang.String") return this.string(env, handle, name);
    if (name === "[B") return this.bytes(env, handle);
    if (name.startsWith("[")) return this.array(env, handle, name, extractor, depth);
    if (BOXES.has(name)) return { k: "number", c: name, t: this.printed(env, handle) };
    if (name === "java.lang.Boolean") return { k: "boolean", c: name, t: this.printed(env, handle) };
    if (PRINTABLE.has(name)) return this.text(this.printed(env, handle), name);
    if (depth < DEPTH && this.platformCollection(env, handle, name)) {
      const array = call(env, handle, "toArray", "()[Ljava/lang/Object;");
      if (!isNull(array)) return this.array(env, array, name, extractor, depth);
    }
    if (depth < DEPTH && this.platformMap(env, handle, name)) {
      const values = call(env, handle, "values", "()Ljava/util/Collection;");
      const array = isNull(values) ? NULL : call(env, values, "toArray", "()[Ljava/lang/Object;");
      if (!isNull(array)) return this.array(env, array, name, extractor, depth);
    }
    return this.fields(env, handle, name, extractor, depth);
  }

  /** Only the platform's own collections are walked: an app's collection would run the app's code. */
  private platformCollection(env: JniEnv, handle: NativePointer, name: string): boolean {
    return this.limits.platform.some((prefix) => name.startsWith(prefix)) && this.collection.holds(env, handle);
  }

  /** Of a map the values are told; its keys name them. */
  private platformMap(env: JniEnv, handle: NativePointer, name: string): boolean {
    return this.limits.platform.some((prefix) => name.startsWith(prefix)) && this.map.holds(env, handle);
  }

  private string(env: JniEnv, handle: NativePointer, name: string): Value {
    if (env.getStringLength(handle) <= this.limits.text * 4) return this.text(env.stringFromJni(handle), name);
    const head = call(env, handle, "substring", "(II)Ljava/lang/String;", ["int32", "int32"], [0, this.limits.text]);
    return { k: "string", c: name, t: env.stringFromJni(head), x: true };
  }

  private printed(env: JniEnv, handle: NativePointer): string {
    const text = call(env, handle, "toString", "()Ljava/lang/String;");
    return isNull(text) ? "" : env.stringFromJni(text);
  }

  private array(env: JniEnv, handle: NativePointer, name: string, extractor: string, depth: number): Value {
    const size = env.getArrayLength(handle);
    const count = Math.min(size, this.limits.items);
    const items = name === "[I" ? this.integers(env, handle, count) : [];
    const objects = !name.startsWith("[") || name.startsWith("[L") || name.startsWith("[[");
    for (let index = items.length; depth < DEPTH && index < count; index += 1) {
      const item = objects ? env.getObjectArrayElement(handle, index) : this.boxed(env, handle, index);
      if (cleared(env) || item === undefined) break;
      items.push(this.of(env, item, "", extractor, depth + 1));
      if (!isNull(item)) env.deleteLocalRef(item);
    }
    return { k: "list", c: name, i: items, ...(items.length < size ? { x: true } : {}) };
  }

  /** Takes an element of an array of primitives as an object. */
  private boxed(env: JniEnv, array: NativePointer, index: number): NativePointer | undefined {
    const signature = "(Ljava/lang/Object;I)Ljava/lang/Object;";
    return this.arrays.callStatic(env, "get", signature, ["pointer", "int32"], [array, index]);
  }

  private integers(env: JniEnv, handle: NativePointer, count: number): Value[] {
    const elements = env.getIntArrayElements(handle);
    const items: Value[] = [];
    for (let index = 0; index < count; index += 1) {
      items.push({ k: "number", c: "int", t: String(elements.add(index * 4).readS32()) });
    }
    env.releaseIntArrayElements(handle, elements);
    return items;
  }

  private fields(env: JniEnv, handle: NativePointer, name: string, extractor: string, depth: number): Value {
    const rows = EXTRACTORS[BY_CLASS[name] ?? (extractor === "auto" ? "" : extractor)] ?? [];
    const fields: [string, Value][] = [];
    if (depth >= DEPTH) return { k: "object", c: name, x: true };
    for (const [property, member, signature] of rows) {
      const argument = signature.startsWith("(I)");
      const raw = member.startsWith(".")
        ? field(env, handle, member.slice(1), signature)
        : call(env, handle, member, signature, argument ? ["int32"] : [], argument ? [0] : []);
      if (raw === undefined) continue;
      const boolean = signature.endsWith("Z");
      fields.push([property, this.of(env, boolean ? raw !== 0 : raw, signature, this.follow(property), depth + 1)]);
    }
    return fields.length > 0 ? { k: "object", c: name, f: fields } : { k: "object", c: name };
  }

  /** Names the extractor of an inner object whose class has subclasses. */
  private follow(property: string): string {
    return property === "identity" ? "cell_identity" : "auto";
  }
}
