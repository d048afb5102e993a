/** The part of Frida's JavaScript API that the agent uses; written by hand so that no npm package is needed. */

declare class NativePointer {
  isNull(): boolean;
  add(offset: number): NativePointer;
  sub(other: NativePointer): NativePointer;
  equals(other: NativePointer): boolean;
  compare(other: NativePointer): number;
  toInt32(): number;
  readU8(): number;
  readU16(): number;
  readU32(): number;
  readS32(): number;
  readS64(): Int64;
  readFloat(): number;
  readDouble(): number;
  readPointer(): NativePointer;
  readByteArray(length: number): ArrayBuffer | null;
  readUtf8String(size?: number): string | null;
  writeU32(value: number): NativePointer;
  writeS32(value: number): NativePointer;
  writePointer(value: NativePointer): NativePointer;
}
declare class Int64 {
  toNumber(): number;
  toString(): string;
}
type NativeValue = NativePointer | Int64 | number | boolean | string;
interface NativeCall {
  (...args: NativeValue[]): any;
}
declare const NativeFunction: {
  new (address: NativePointer, result: string, args: string[], options?: Record<string, string>): NativeCall;
};
declare const NativeCallback: {
  new (body: (...args: any[]) => any, result: string, args: string[]): NativePointer;
};
declare const CModule: { new (source: string, symbols: Record<string, NativePointer>): Record<string, NativePointer> };
declare const NULL: NativePointer;
interface ArrayBufferConstructor {
  wrap(address: NativePointer, size: number): ArrayBuffer;
}

interface NativeModule {
  name: string;
  path: string;
  base: NativePointer;
  size: number;
  findExportByName(name: string): NativePointer | null;
  enumerateRanges(protection: string): { base: NativePointer; size: number }[];
}
declare const Module: {
  findGlobalExportByName(name: string): NativePointer | null;
  load(path: string): NativeModule;
};
declare const Process: {
  id: number;
  arch: string;
  mainModule: NativeModule;
  pointerSize: number;
  getCurrentThreadId(): number;
  findModuleByName(name: string): NativeModule | null;
  findModuleByAddress(address: NativePointer): NativeModule | null;
  attachModuleObserver(callbacks: { onAdded(module: NativeModule): void }): unknown;
};
declare const Memory: {
  alloc(size: number): NativePointer;
  allocUtf8String(text: string): NativePointer;
  scanSync(address: NativePointer, size: number, pattern: string): { address: NativePointer; size: number }[];
};
interface Invocation {
  [key: string]: any;
  threadId: number;
  returnAddress: NativePointer;
}
declare const Interceptor: {
  attach(
    target: NativePointer,
    callbacks: {
      onEnter?: ((this: Invocation, args: NativePointer[]) => void) | NativePointer;
      onLeave?: (this: Invocation, result: NativePointer) => void;
    },
  ): unknown;
  replace(target: NativePointer, body: NativePointer): void;
  flush(): void;
};
declare class UnixInputStream {
  constructor(descriptor: number);
  read(size: number): Promise<ArrayBuffer>;
}
declare const Script: { runtime: string; nextTick(work: () => void): void };
declare const rpc: { exports: Record<string, (...args: any[]) => any> };
declare function send(message: unknown, data?: ArrayBuffer): void;
declare function setInterval(work: () => void, milliseconds: number): unknown;
declare function setTimeout(work: () => void, milliseconds: number): unknown;

/** The bridge's JNI environment: only what the agent calls. */
interface JniEnv {
  handle: NativePointer;
  findClass(name: string): NativePointer;
  exceptionOccurred(): NativePointer;
  exceptionClear(): void;
  getObjectClass(object: NativePointer): NativePointer;
  getSuperclass(type: NativePointer): NativePointer;
  isInstanceOf(object: NativePointer, type: NativePointer): boolean;
  isSameObject(left: NativePointer, right: NativePointer): boolean;
  getMethodId(type: NativePointer, name: string, signature: string): NativePointer;
  getStaticMethodId(type: NativePointer, name: string, signature: string): NativePointer;
  getFieldId(type: NativePointer, name: string, signature: string): NativePointer;
  vaMethod(result: string, args: string[]): NativeCall;
  staticVaMethod(result: string, args: string[]): NativeCall;
  constructor(args: string[]): NativeCall;
  getField(type: string): NativeCall;
  newGlobalRef(object: NativePointer): NativePointer;
  newLocalRef(object: NativePointer): NativePointer;
  deleteGlobalRef(object: NativePointer): void;
  deleteLocalRef(object: NativePointer): void;
  pushLocalFrame(capacity: number): number;
  popLocalFrame(result: NativePointer): NativePointer;
  getArrayLength(array: NativePointer): number;
  getObjectArrayElement(array: NativePointer, index: number): NativePointer;
  getByteArrayRegion(array: NativePointer, start: number, length: number, target: NativePointer): void;
  getIntArrayElements(array: NativePointer): NativePointer;
  releaseIntArrayElements(array: NativePointer, elements: NativePointer): void;
  getStringLength(text: NativePointer): number;
  getStringChars(text: NativePointer): NativePointer;
  releaseStringChars(text: NativePointer, chars: NativePointer): void;
  stringFromJni(text: NativePointer): string;
  getClassName(type: NativePointer): string;
  getObjectClassName(object: NativePointer): string;
}

/** One overload as the Java bridge gives it; `_p` is its private description, checked before use. */
interface JavaOverload {
  _p?: unknown[];
  holder: { $className?: string };
  argumentTypes: JavaType[];
  returnType: JavaType;
  type: number;
  implementation: ((this: JavaWrapper, ...args: any[]) => any) | null;
  apply(receiver: unknown, args: unknown[]): any;
}
interface JavaType {
  name: string;
  className: string;
  type: string;
}
interface JavaWrapper {
  [key: string]: any;
  $h: NativePointer;
}
declare const Java: {
  available: boolean;
  api: { flavor: string };
  vm: { getEnv(): JniEnv; tryGetEnv(): JniEnv | null; handle: NativePointer; attachCurrentThread(): JniEnv };
  use(name: string): any;
  retain(wrapper: JavaWrapper): JavaWrapper;
  cast(handle: NativePointer, type: any): JavaWrapper;
  perform(work: () => void): void;
  performNow(work: () => void): void;
  ClassFactory: { get(loader: JavaWrapper | null): { use(name: string): any; loader: JavaWrapper | null } };
};
