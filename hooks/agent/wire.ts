/** What crosses the line between the host and the agent: the configuration in, the records out. */

export type Kind = "read" | "request" | "store" | "ui" | "lifecycle" | "network" | "crypto";
export type Status = "armed" | "class_absent" | "overload_absent" | "failed";

/** Which part of a call decides whether it is of interest. */
export interface Selection {
  from: "argument" | "this";
  argument: number;
  field: string;
  match: "equals" | "prefix" | "contains" | "path";
  cases: string[];
  other: "skip" | "report";
}

/**
 * What is changed when a method or a native function is called: arguments that become null, or another call, or what it
 * gives back, in the place of the original. A function that nobody exports is found by its bytes, by architecture.
 */
export interface Change {
  nulls: number[];
  skips: boolean;
  calls: { argument: number; method: string } | null;
  gives: "" | "receiver" | "zero";
  found: { libraries: string[]; begins: Record<string, string[]>; holds: Record<string, string[]> } | null;
}

/** One hook of the catalog, compiled by the host; with `change` it is none that looks, but one that changes. */
export interface Hook {
  id: string;
  kind: Kind;
  classes: string[];
  method: string;
  overloads: string[][] | null;
  native: { module: string; export: string } | null;
  select: Selection | null;
  extractor: string;
  receiver: string;
  special: string;
  report: "after" | "before";
  ends: boolean;
  unseen: boolean;
  change: Change | null;
}

export interface Limits {
  text: number;
  bytes: number;
  items: number;
  frames: number;
  callsPerSecond: number;
  batch: number;
  tapped: { connection: number; process: number };
  platform: string[];
}

export interface Config {
  process: string;
  catalog: Hook[];
  limits: Limits;
}

/** A recorded value: kind, class, text, base64 bytes, items, fields, truncated. */
export interface Value {
  k: "null" | "string" | "number" | "boolean" | "bytes" | "list" | "object";
  c?: string;
  t?: string;
  d?: string;
  i?: Value[];
  f?: [string, Value][];
  x?: boolean;
}

export interface Stamp {
  m: number;
  w: number;
}

export type Body =
  | {
      k: "event";
      tid: number;
      tn: string;
      h: string;
      api: string;
      a: Value[];
      e: "returned" | "threw";
      r?: Value;
      x?: string;
      th?: Value;
      st?: number;
    }
  | { k: "changed"; h: string; api: string; c: string }
  | { k: "stack"; id: number; x: string }
  | { k: "hook"; h: string; st: Status; d: string }
  | { k: "gap"; g: "events_sampled" | "agent_error" | "code_unseen"; h: string; why: string };
