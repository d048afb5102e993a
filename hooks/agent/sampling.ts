/** The rate limit per API and caller; what it leaves out is counted and reported as a gap. */

import { record } from "./channel.js";
import type { Call } from "./context.js";
import type { Stamp } from "./wire.js";

const SECOND_US = 1000000;
const KEYS_LIMIT = 20000;

interface Window {
  hook: string;
  caller: string;
  since: number;
  calls: number;
  left: number;
  lost: Stamp;
}

export class Sampling {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly perSecond: number) {}

  /** Says whether this call is recorded; one second of one API, caller and case holds `perSecond` calls. */
  admits(call: Call, selected: string): boolean {
    return this.admit(call.site.hook.id, call.caller, selected, call.at);
  }

  /** The same for a call that was seen otherwise; `at` is its instant. */
  admit(hook: string, caller: string, selected: string, at: Stamp): boolean {
    const key = `${hook}|${caller}|${selected}`;
    let window = this.windows.get(key);
    if (window === undefined || at.w - window.since >= SECOND_US) {
      if (window !== undefined) report(window);
      if (this.windows.size > KEYS_LIMIT) this.settle();
      window = { hook, caller, since: at.w, calls: 0, left: 0, lost: at };
      this.windows.set(key, window);
    }
    window.calls += 1;
    if (window.calls <= this.perSecond) return true;
    if (window.left === 0) window.lost = at;
    window.left += 1;
    return false;
  }

  /** Reports every open count. */
  settle(): void {
    for (const window of this.windows.values()) report(window);
    this.windows.clear();
  }
}

/** The count is told when the second is over, and stands at the first call that was left out: what it hides begins there. */
function report(window: Window): void {
  if (window.left === 0) return;
  const seen = window.calls - window.left;
  const why = `${window.left} calls by ${window.caller || "an unknown caller"} within a second were not recorded after ${seen}`;
  record({ k: "gap", g: "events_sampled", h: window.hook, why }, window.lost);
  window.left = 0;
}
