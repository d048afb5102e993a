/** Pass-through types: the app's own references go in and out of a hook, nothing is copied or converted. */

interface RawType {
  [key: string]: unknown;
}

function argument(type: JavaType): RawType {
  return {
    ...type,
    isCompatible: () => true,
    fromJni: (handle: NativePointer) => handle,
    toJni: (handle: NativePointer) => handle,
  };
}

/** The result outlives the bridge's frame as a global reference, which is given up when the app gets it. */
function result(type: JavaType): RawType {
  return {
    ...type,
    defaultValue: NULL,
    isCompatible: () => true,
    fromJni: (handle: NativePointer, env: JniEnv) => (handle.isNull() ? NULL : env.newGlobalRef(handle)),
    toJni: (handle: NativePointer, env: JniEnv) => {
      if (handle.isNull()) return NULL;
      const local = env.newLocalRef(handle);
      env.deleteGlobalRef(handle);
      return local;
    },
  };
}

/** A character travels as its number; the bridge would make a string of it. */
function character(type: JavaType): RawType {
  return { ...type, defaultValue: 0, isCompatible: () => true, fromJni: (v: number) => v, toJni: (v: number) => v };
}

/**
 * Makes one overload hand over raw references. The bridge keeps […, result type, argument types, …] at 4 and 5 of its
 * description; an unknown layout is an error, because converting would change what the app sees.
 */
export function passThrough(method: JavaOverload): void {
  const parts = method._p;
  if (!Array.isArray(parts) || parts[4] !== method.returnType || parts[5] !== method.argumentTypes) {
    throw new Error("this Java bridge is laid out differently; use the frida-tools version that is pinned");
  }
  const convert = (type: JavaType, pointer: (type: JavaType) => RawType): unknown =>
    type.type === "pointer" ? pointer(type) : type.className === "char" ? character(type) : type;
  parts[5] = method.argumentTypes.map((type) => convert(type, argument));
  parts[4] = convert(method.returnType, result);
}
