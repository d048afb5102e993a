/** The clocks of a record: CLOCK_BOOTTIME for order, wall time for people; microseconds. */

import type { Stamp } from "./wire.js";

const CLOCK_BOOTTIME = 7;
const address = Module.findGlobalExportByName("clock_gettime");
// "exclusive" keeps the JavaScript lock, so that two threads never share the buffer.
const gettime =
  address === null ? null : new NativeFunction(address, "int", ["int", "pointer"], { scheduling: "exclusive" });
const buffer = Memory.alloc(16);

/** Reads both clocks. */
export function now(): Stamp {
  const w = Date.now() * 1000;
  if (gettime === null || gettime(CLOCK_BOOTTIME, buffer) !== 0) throw new Error("no CLOCK_BOOTTIME on this device");
  const wide = Process.pointerSize === 8;
  const seconds = wide ? buffer.readS64().toNumber() : buffer.readS32();
  const nanoseconds = wide ? buffer.add(8).readS64().toNumber() : buffer.add(4).readS32();
  return { m: seconds * 1000000 + Math.floor(nanoseconds / 1000), w };
}
