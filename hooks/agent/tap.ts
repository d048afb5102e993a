/**
 * The plaintext of TLS connections, where an app hands it to its TLS library or gets it back: pieces, each with its
 * place in what the connection sent or received. What is not handed on any more is said once, never left out in silence.
 */

import type { Stamp } from "./wire.js";

export type Direction = "sent" | "received";

/** What is known of a connection by the time its first piece comes; `random` (hex) and the ports are empty and 0 where unknown. */
export interface Opening {
  host: string;
  peer: string;
  port: number;
  local: number;
  random: string;
  /** The library or the class through which it goes. */
  through: string;
  /** Whether it was there before the tap. */
  late: boolean;
}

/** How many bytes are handed on at most: of one connection and direction, and of the process. */
export interface Room {
  connection: number;
  process: number;
}

/** One connection that is followed. */
export class Tapped {
  readonly seen = { sent: 0, received: 0 };
  readonly cut = { sent: false, received: false };
  /** Whether the call that sent its first bytes was told. */
  told = false;
  /** Its number, once something came of it. */
  id = 0;

  constructor(readonly opening: Opening) {}
}

/** The connection whose plaintext a thread hands over at this moment; what its library does inside is the same plaintext. */
export interface Frame {
  key: string;
  connection: Tapped | null;
}

const PIECE = 262144;
/** Frames by thread, from both the Java and the native hooks. */
export const inside = new Map<number, Frame>();

let room: Room = { connection: 0, process: 0 };
let connections = 0;
let taken = 0;

/** Says how much is handed on. */
export function tapWithin(limits: Room): void {
  room = limits;
}

/** Says that a connection is followed, when something comes of it for the first time. */
function begin(connection: Tapped, at: Stamp): number {
  if (connection.id === 0) {
    connections += 1;
    connection.id = connections;
    say({ k: "open", c: connection.id, ...connection.opening }, at);
  }
  return connection.id;
}

/** Hands `size` bytes on; `read` copies a part of them. */
export function take(to: Tapped, direction: Direction, size: number, at: Stamp, read: (from: number, size: number) => ArrayBuffer): void {
  const c = begin(to, at);
  const offset = to.seen[direction];
  to.seen[direction] += size;
  if (to.cut[direction]) return;
  const wanted = Math.max(0, Math.min(size, room.connection - offset, room.process - taken));
  for (let from = 0; from < wanted; from += PIECE) {
    const part = read(from, Math.min(PIECE, wanted - from));
    send({ t: "tap", k: "data", c, d: direction, o: offset + from, m: at.m, w: at.w }, part);
  }
  taken += wanted;
  const whose = taken >= room.process ? `this process (${room.process} bytes)` : `one direction of a connection (${room.connection} bytes)`;
  if (wanted < size) lose(to, direction, offset + wanted, `more than is kept of ${whose}`, at);
}

/** Says that a direction is not followed any more, from a place on. */
export function lose(to: Tapped, direction: Direction, from: number, why: string, at: Stamp): void {
  if (to.cut[direction]) return;
  to.cut[direction] = true;
  say({ k: "cut", c: begin(to, at), d: direction, o: from, why }, at);
}

/** Says that nothing more can be told of a connection. */
export function abandon(to: Tapped, why: string, at: Stamp): void {
  for (const direction of ["sent", "received"] as const) lose(to, direction, to.seen[direction], why, at);
}

/** Says that a connection has ended, or that its peer has said all. */
export function ended(connection: Tapped, direction: Direction | "both", at: Stamp): void {
  if (connection.id !== 0) say({ k: "end", c: connection.id, d: direction }, at);
}

function say(what: object, at: Stamp): void {
  send({ t: "tap", ...what, m: at.m, w: at.w });
}
