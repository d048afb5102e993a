/** The way out: numbered records in batches, flushed by size, by time and before the process ends. */

import { now } from "./clock.js";
import type { Body, Stamp } from "./wire.js";

const FLUSH_MS = 50;
let queue: object[] = [];
let sequence = 0;
let batches = 0;
let capacity = 500;
let settle: () => void = () => undefined;

/** Starts the timer; `size` records make a batch. */
export function open(size: number): void {
  capacity = size;
  setInterval(flush, FLUSH_MS);
}

/** Adds one record; `at` is the instant it speaks of, now if it is not given. */
export function record(body: Body, at: Stamp = now()): void {
  sequence += 1;
  queue.push(Object.assign(body, { s: sequence, m: at.m, w: at.w }));
  if (queue.length >= capacity) flush();
}

/** Sends what waits, and gives the number of the last record that was sent. */
export function flush(): number {
  if (queue.length > 0) {
    const records = queue;
    queue = [];
    batches += 1;
    send({ t: "batch", n: batches, r: records });
  }
  return sequence;
}

/** Names the work that is done before a farewell, such as the counts that are still open. */
export function beforeFarewell(work: () => void): void {
  settle = work;
}

/** Sends what waits and says that nothing will follow unless the process goes on. */
export function farewell(): void {
  settle();
  flush();
  send({ t: "bye", s: sequence });
}
