/** Libraries by what they themselves export, and whose they are. */

/** Libraries of the system: what they do is the platform's own. */
const SYSTEM = /^\/(system|apex|vendor|product)\//;

export function ofSystem(module: NativeModule): boolean {
  return SYSTEM.test(module.path);
}

/** Gives what a library exports of its own: one that it needs is asked too by the system, and has to be looked at by itself. */
export function ownExport(module: NativeModule, name: string): NativePointer | null {
  const found = module.findExportByName(name);
  if (found === null) return null;
  const inside = found.compare(module.base) >= 0 && found.compare(module.base.add(module.size)) < 0;
  return inside ? found : null;
}
