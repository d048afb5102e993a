/** Where a function of a library begins, by the table that it carries for the unwinding of its stack. */

const PROGRAM_HEADERS = 0x20;
const HEADER_SIZE = 0x36;
const HEADER_COUNT = 0x38;
const LOADED = 1;
const UNWINDING = 0x6474e550;
const ADDRESS = 0x10;
/** The form in which linkers write the table: four bytes for each number, relative to its beginning, in order. */
const VERSION = 1;
const COUNT_FORM = 0x03;
const TABLE_FORM = 0x3b;
const TABLE = 12;
const ENTRY = 8;
/** A function is no longer than that; a table that says so is wrong. */
const LONGEST = 1 << 16;

/** Gives the beginning of the function that the address is in; `null` where the library (of 64 bits) does not say. */
export function startOf(module: NativeModule, address: NativePointer): NativePointer | null {
  const table = Process.pointerSize === 8 ? tableOf(module) : null;
  if (table === null) return null;
  const wanted = address.sub(table).toInt32();
  let low = 0;
  let high = table.add(8).readU32() - 1;
  let start: number | null = null;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const at = table.add(TABLE + middle * ENTRY).readS32();
    if (at <= wanted) {
      start = at;
      low = middle + 1;
    } else high = middle - 1;
  }
  return start === null || wanted - start > LONGEST ? null : table.add(start);
}

function tableOf(module: NativeModule): NativePointer | null {
  const headers = module.base.add(module.base.add(PROGRAM_HEADERS).readU32());
  const size = module.base.add(HEADER_SIZE).readU16();
  let first: number | null = null;
  let table: NativePointer | null = null;
  for (let index = 0; index < module.base.add(HEADER_COUNT).readU16(); index += 1) {
    const header = headers.add(index * size);
    const at = header.add(ADDRESS).readU32();
    const type = header.readU32();
    if (type === LOADED && first === null) first = at;
    if (type === UNWINDING) table = module.base.add(at);
  }
  if (table === null || first === null) return null;
  table = table.add(-first);
  const [version, , count, form] = [0, 1, 2, 3].map((index) => table!.add(index).readU8());
  return version === VERSION && count === COUNT_FORM && form === TABLE_FORM ? table : null;
}
