/** Libraries by what they themselves export. */

/** Gives what a library exports of its own: one that it needs is asked too by the system, and has to be looked at by itself. */
export function ownExport(module: NativeModule, name: string): NativePointer | null {
  const found = module.findExportByName(name);
  if (found === null) return null;
  const inside = found.compare(module.base) >= 0 && found.compare(module.base.add(module.size)) < 0;
  return inside ? found : null;
}
