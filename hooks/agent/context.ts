/** What every hook needs while it runs: values, stacks, limits, and how an event is written. */

import { farewell, record } from "./channel.js";
import { call, Identities, isNull } from "./jni.js";
import { Sampling } from "./sampling.js";
import type { Late } from "./loaders.js";
import { Look } from "./look.js";
import { Stacks } from "./stacks.js";
import type { Taken } from "./stacks.js";
import { nameOf } from "./threads.js";
import type { ThreadState } from "./threads.js";
import type { Body, Config, Hook, Stamp, Value } from "./wire.js";
import { Values } from "./values.js";

const PROBLEMS_LIMIT = 20;

/** One overload of one hook, as it is armed. */
export interface Site {
  hook: Hook;
  api: string;
  owner: string;
  /** The method's name. */
  name: string;
  method: JavaOverload;
  argumentNames: string[];
  resultName: string;
  /** Whether an argument is a boolean, which the VM hands over as a number. */
  booleans: boolean;
}

/** One call of a hooked method, from its entry on. */
export interface Call {
  site: Site;
  env: JniEnv;
  thread: ThreadState;
  self: NativePointer | null;
  args: any[];
  at: Stamp;
  caller: string;
  /** The stack, if it was looked at. */
  taken?: Taken;
  /** The first arguments, those that are texts. */
  texts: (Value | undefined)[];
  resultText?: Value | undefined;
  values: Value[];
  this?: Value;
  stack?: number;
}

export class Context {
  readonly values: Values;
  readonly stacks: Stacks;
  readonly look: Look;
  readonly identities: Identities;
  readonly sampling: Sampling;
  /** Whether the app's own code can run; before, the process is the platform's. */
  running = false;
  /** What waits for classes that are not there yet, once the first look is over. */
  late: Late | null = null;
  private readonly problems = new Map<string, number>();

  constructor(
    env: JniEnv,
    readonly config: Config,
  ) {
    this.values = new Values(env, config.limits);
    this.look = new Look(env, config.limits);
    this.stacks = new Stacks(this.look, config.limits);
    this.identities = new Identities(env);
    this.sampling = new Sampling(config.limits.callsPerSecond);
  }

  /** Says whether a class belongs to the platform and not to the app. */
  platform(name: string): boolean {
    return this.config.limits.platform.some((prefix) => name.startsWith(prefix));
  }

  /** Describes the arguments of a call. */
  arguments(call: Call): Value[] {
    const { args, env, site, texts } = call;
    return args.map(
      (arg, index) => texts[index] ?? this.values.of(env, arg, site.argumentNames[index] ?? "", site.hook.extractor),
    );
  }

  /** Writes the event of a call that returned, or that is about to run. */
  returned(call: Call, result?: Value): void {
    this.write(call, { e: "returned", ...(result === undefined ? {} : { r: result }) });
    if (call.site.hook.ends) farewell();
  }

  /** Writes the event of a call that threw. */
  threw(call: Call, error: NativePointer): void {
    this.write(call, { e: "threw", x: this.exception(call.env, error) });
  }

  /** Notes an error of our own; the app is not affected by it. */
  problem(hook: string, error: unknown): void {
    const count = (this.problems.get(hook) ?? 0) + 1;
    this.problems.set(hook, count);
    if (count > PROBLEMS_LIMIT) return;
    record({ k: "gap", g: "agent_error", h: hook, why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  private exception(env: JniEnv, handle: NativePointer): string {
    const name = env.getObjectClassName(handle);
    const message = this.platform(name) ? call(env, handle, "getMessage", "()Ljava/lang/String;") : NULL;
    return isNull(message) ? name : `${name}: ${env.stringFromJni(message)}`.slice(0, this.config.limits.text);
  }

  private write(call: Call, ending: { e: "returned" | "threw"; r?: Value; x?: string }): void {
    const body: Body = {
      k: "event",
      tid: call.thread.tid,
      tn: nameOf(call.env, call.thread, call.at.w),
      h: call.site.hook.id,
      api: call.site.api,
      a: call.values,
      e: ending.e,
    };
    if (ending.r !== undefined) body.r = ending.r;
    if (ending.x !== undefined) body.x = ending.x;
    if (call.this !== undefined) body.th = call.this;
    if (call.stack !== undefined) body.st = call.stack;
    record(body, call.at);
  }
}
