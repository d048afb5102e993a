/** Raw JNI calls: they neither copy nor convert what belongs to the app, and leave no exception pending. */

export function isNull(object: NativePointer | null | undefined): boolean {
  return object === null || object === undefined || object.isNull();
}

/** Clears a pending exception of our own making; says whether there was one. */
export function cleared(env: JniEnv): boolean {
  const thrown = env.exceptionOccurred();
  if (thrown.isNull()) return false;
  env.exceptionClear();
  env.deleteLocalRef(thrown);
  return true;
}

/** Runs `work` in its own frame of local references, so that a hook leaves none behind. */
export function framed<T>(env: JniEnv, work: () => T): T {
  env.pushLocalFrame(64);
  try {
    return work();
  } finally {
    env.popLocalFrame(NULL);
  }
}

const TYPES: Record<string, string> = { Z: "uint8", I: "int32", J: "int64", F: "float", D: "double", V: "void" };

function resultType(signature: string): string {
  return TYPES[signature.slice(signature.lastIndexOf(")") + 1)] ?? "pointer";
}

/** Calls an instance method by name and signature; `undefined` when it is missing or throws. */
export function call(
  env: JniEnv,
  object: NativePointer,
  name: string,
  signature: string,
  types: string[] = [],
  args: NativeValue[] = [],
): any {
  const owner = env.getObjectClass(object);
  const id = env.getMethodId(owner, name, signature);
  env.deleteLocalRef(owner);
  if (cleared(env) || id.isNull()) return undefined;
  const result = env.vaMethod(resultType(signature), types)(env.handle, object, id, ...args);
  return cleared(env) ? undefined : result;
}

/** Reads an instance field by name and signature; `undefined` when it is missing. */
export function field(env: JniEnv, object: NativePointer, name: string, signature: string): any {
  const owner = env.getObjectClass(object);
  const id = env.getFieldId(owner, name, signature);
  env.deleteLocalRef(owner);
  if (cleared(env) || id.isNull()) return undefined;
  return env.getField(resultType(signature))(env.handle, object, id);
}

/** A boot class that is kept for the life of the agent. */
export class BootClass {
  readonly handle: NativePointer;

  constructor(env: JniEnv, name: string) {
    const local = env.findClass(name);
    this.handle = env.newGlobalRef(local);
    env.deleteLocalRef(local);
  }

  holds(env: JniEnv, object: NativePointer): boolean {
    return env.isInstanceOf(object, this.handle);
  }

  callStatic(env: JniEnv, name: string, signature: string, types: string[], args: NativeValue[]): any {
    const id = env.getStaticMethodId(this.handle, name, signature);
    if (cleared(env) || id.isNull()) return undefined;
    const result = env.staticVaMethod(resultType(signature), types)(env.handle, this.handle, id, ...args);
    return cleared(env) ? undefined : result;
  }

  create(env: JniEnv, signature: string): NativePointer {
    const id = env.getMethodId(this.handle, "<init>", signature);
    return env.constructor([])(env.handle, this.handle, id);
  }
}

/** `System.identityHashCode` of an object, never the app's own `hashCode`. */
export class Identities {
  private readonly system: BootClass;

  constructor(env: JniEnv) {
    this.system = new BootClass(env, "java/lang/System");
  }

  of(env: JniEnv, object: NativePointer): number {
    return this.system.callStatic(env, "identityHashCode", "(Ljava/lang/Object;)I", ["pointer"], [object]);
  }
}
