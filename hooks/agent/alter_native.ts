/** Changes what native code of the app is answered, only where a person asked for that; told once for each library that asks. */

import { record } from "./channel.js";
import { startOf } from "./functions.js";
import { answer } from "./install.js";
import { ofSystem, ownExport } from "./modules.js";
import type { Change, Hook, Status } from "./wire.js";

const TOLD_LIMIT = 200;
const NAME_LIMIT = 200;
/** A check of certificates is one function, or two that are alike; what is found oftener is something else. */
const MOST_FUNCTIONS = 3;
/** So often its bytes are looked up at most: a library of the app may repeat them without end. */
const MOST_PLACES = 100;
const observers: unknown[] = [];
/** Keeps what stands in a function's place alive. */
const standing: NativePointer[] = [];
/** The functions that are changed already, by address: several exports may be one. */
const changed = new Set<string>();

type State = { status: Status; detail: string };

/** Changes one function in every library of the app that has it, now and when one is loaded later. */
export function alterNative(hook: Hook, change: Change): State {
  const name = hook.native!.export;
  const { found } = change;
  const told = new Set<string>();
  const anywhere: State = { status: "armed", detail: `${name} of every library of the app that exports it` };
  let state: State = found === null ? anywhere : { status: "class_absent", detail: found.libraries.join(" ") };
  let began = false;
  const onAdded = (module: NativeModule): void => {
    if (ofSystem(module) || (found !== null && !found.libraries.includes(module.name))) return;
    try {
      const there = found === null ? exported(module, name) : byBytes(module, found);
      for (const address of there) put(hook, change, address, told);
      if (there.length > 0) Interceptor.flush(); // the app may call it as soon as it is loaded
      if (found === null) return;
      const ways = found.begins[Process.arch] ?? found.holds[Process.arch];
      const none = ways === undefined ? `not known on ${Process.arch}` : "not found";
      state =
        there.length > 0
          ? { status: "armed", detail: `${module.name}: ${name}` }
          : { status: "failed", detail: `${module.name}: ${name} ${none}` };
    } catch (error) {
      state = { status: "failed", detail: `${module.name}: ${error}` };
    }
    if (began) answer(hook.id, state.status, state.detail);
  };
  observers.push(Process.attachModuleObserver({ onAdded }));
  began = true;
  return state;
}

function exported(module: NativeModule, name: string): NativePointer[] {
  const address = ownExport(module, name);
  return address === null ? [] : [address];
}

/** Gives the functions of a library that begin with, or hold, bytes by which a function is known. */
function byBytes(module: NativeModule, { begins, holds }: NonNullable<Change["found"]>): NativePointer[] {
  const functions = new Map<string, NativePointer>();
  const note = (address: NativePointer | null): void => {
    if (address !== null) functions.set(address.toString(), address);
  };
  const thumb = Process.arch === "arm" ? 1 : 0;
  const places = (base: NativePointer, size: number, pattern: string): NativePointer[] => {
    const there = Memory.scanSync(base, size, pattern);
    if (there.length > MOST_PLACES) throw new Error(`its bytes stand in ${there.length} places`);
    return there.map((one) => one.address);
  };
  for (const { base, size } of module.enumerateRanges("r-x")) {
    for (const pattern of begins[Process.arch] ?? []) {
      for (const address of places(base, size, pattern)) note(address.add(thumb));
    }
    for (const pattern of holds[Process.arch] ?? []) {
      for (const address of places(base, size, pattern)) note(startOf(module, address));
    }
  }
  if (functions.size > MOST_FUNCTIONS) throw new Error(`its bytes stand in ${functions.size} functions`);
  return [...functions.values()];
}

function put(hook: Hook, change: Change, address: NativePointer, told: Set<string>): void {
  const place = `${hook.id} ${address}`;
  if (changed.has(place)) return;
  changed.add(place);
  if (change.skips) {
    const body = new NativeCallback(
      function (this: Invocation) {
        tell(hook, this.returnAddress, told);
        return 0;
      },
      "int64",
      [],
    );
    standing.push(body);
    Interceptor.replace(address, body);
    return;
  }
  Interceptor.attach(address, {
    onEnter(args) {
      if (change.nulls.every((index) => args[index]!.isNull())) return;
      for (const index of change.nulls) args[index] = NULL;
      tell(hook, this.returnAddress, told);
    },
  });
}

/** Says that a call was changed, and for which library: the first of each. */
function tell(hook: Hook, from: NativePointer, told: Set<string>): void {
  const caller = (Process.findModuleByAddress(from)?.name ?? "").slice(0, NAME_LIMIT);
  if (told.has(caller) || told.size >= TOLD_LIMIT) return;
  told.add(caller);
  record({ k: "changed", h: hook.id, api: hook.native!.export, c: caller });
}
