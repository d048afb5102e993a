/** When Java is there: at once on Android, and on a JVM at the moment that its creation returns; never by polling. */

const ATTACH_AS_DAEMON = 7;
const JNI_VERSION = 0x10006;
const NAME = Memory.allocUtf8String("observer");

/** Calls `work` once, on a thread of the VM, before the app's first instruction. */
export function whenUp(work: () => void): void {
  // On a JVM this looks for the library only; asking it whether it is created would hang it.
  if (Process.findModuleByName("libart.so") !== null) {
    Java.performNow(work);
    return;
  }
  const present = Process.findModuleByName("libjvm.so") ?? besideLauncher();
  if (present !== null) {
    onCreated(present, work);
    return;
  }
  const observer = Process.attachModuleObserver({
    onAdded(module) {
      if (module.name === "libjvm.so") onCreated(module, work);
    },
  });
  kept.push(observer);
}

/**
 * Loads the VM's library while the launcher is still held: on a busy machine the notice that the launcher has loaded it
 * was seen to fail, and then no Java hook is ever armed.
 */
function besideLauncher(): NativeModule | null {
  const launcher = Process.mainModule.path;
  if (!launcher.endsWith("/bin/java")) return null;
  try {
    return Module.load(`${launcher.slice(0, -"bin/java".length)}lib/server/libjvm.so`);
  } catch {
    return null;
  }
}

/** Frida stops observers that nothing refers to. */
const kept: unknown[] = [];

function onCreated(module: NativeModule, work: () => void): void {
  const create = module.findExportByName("JNI_CreateJavaVM");
  if (create === null) throw new Error("libjvm.so without JNI_CreateJavaVM");
  let done = false;
  const listener = Interceptor.attach(create, {
    onLeave(result) {
      if (done || result.toInt32() !== 0) return;
      done = true;
      if (!Java.available) throw new Error("the Java bridge does not know this VM");
      attachAsDaemon();
      Java.performNow(work);
    },
  });
  kept.push(listener);
  Interceptor.flush();
}

/**
 * Frida's own thread must not keep the VM alive when `main` returns, nor take a number from the app's threads: wherever
 * the bridge attaches a thread, it becomes a named daemon.
 */
function attachAsDaemon(): void {
  const vm = Java.vm.handle;
  const address = vm.readPointer().add(ATTACH_AS_DAEMON * Process.pointerSize).readPointer();
  const attach = new NativeFunction(address, "int", ["pointer", "pointer", "pointer"]);
  const args = Memory.alloc(3 * Process.pointerSize);
  args.writeU32(JNI_VERSION);
  args.add(Process.pointerSize).writePointer(NAME);
  Java.vm.attachCurrentThread = () => {
    if (attach(vm, Memory.alloc(Process.pointerSize), args) !== 0) throw new Error("the VM takes no further thread");
    return Java.vm.getEnv();
  };
}
