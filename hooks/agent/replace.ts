/** Replaces one overload by a body that gets the app's own references: the bridge's own body would wrap and convert them. */

/** Calls the original; what it throws stays pending in the environment, and the result means nothing then. */
export type Original = (env: NativePointer, receiver: NativePointer, args: any[]) => any;
/** Gets the environment, the receiver (the class, for a static method) and the raw arguments. */
export type Body = (env: NativePointer, receiver: NativePointer, ...args: any[]) => any;

interface Mangler {
  resolveTarget(wrapper: null, instance: boolean, env: null, api: null): NativePointer;
}

const INSTANCE = 3;

/**
 * Puts `make(original)` in the place of an overload. The bridge still does all that differs between VMs; only the
 * callback that it makes is ours. It keeps [name, class, type, id, result type, argument types, virtual call, direct
 * call] in its description; any other layout is an error.
 */
export function replace(method: JavaOverload, make: (original: Original) => Body): void {
  const parts = method._p;
  if (!Array.isArray(parts) || parts[4] !== method.returnType || parts[5] !== method.argumentTypes) {
    throw new Error("this Java bridge is laid out differently; use the frida-tools version that is pinned");
  }
  const body = make(caller(method, parts));
  const scope = globalThis as unknown as { NativeCallback: typeof NativeCallback };
  const plain = scope.NativeCallback;
  let taken = false;
  scope.NativeCallback = function (_body: unknown, result: string, args: string[]) {
    scope.NativeCallback = plain;
    taken = true;
    return new plain(body, result, args);
  } as unknown as typeof NativeCallback;
  try {
    method.implementation = () => undefined;
  } finally {
    scope.NativeCallback = plain;
  }
  if (!taken) throw new Error("this Java bridge replaces methods in another way; use the frida-tools version that is pinned");
}

function caller(method: JavaOverload, parts: unknown[]): Original {
  const instance = parts[2] === INSTANCE;
  const id = parts[3] as NativePointer;
  let target: NativePointer | null = null;
  const resolve = (): NativePointer => {
    const found = (method as unknown as { _r: { _m: Mangler } })._r._m.resolveTarget(null, instance, null, null);
    // Until the bridge has put the callback in place, the method is its own target.
    if (found !== id) target = found;
    return found;
  };
  if (instance && Java.api.flavor !== "jvm") {
    const direct = parts[7] as NativeCall;
    const type = classOf(parts[1]);
    return (env, receiver, args) => direct(env, receiver, type, target ?? resolve(), ...args);
  }
  const plain = parts[6] as NativeCall;
  switch (method.argumentTypes.length) {
    case 0:
      return (env, receiver) => plain(env, receiver, target ?? resolve());
    case 1:
      return (env, receiver, args) => plain(env, receiver, target ?? resolve(), args[0]);
    case 2:
      return (env, receiver, args) => plain(env, receiver, target ?? resolve(), args[0], args[1]);
    default:
      return (env, receiver, args) => plain(env, receiver, target ?? resolve(), ...args);
  }
}

function classOf(wrapper: any): NativePointer {
  const env = Java.vm.getEnv();
  const local = wrapper.$copyClassHandle(env) as NativePointer;
  const kept = env.newGlobalRef(local);
  env.deleteLocalRef(local);
  return kept;
}
