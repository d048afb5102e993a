/** The agent: armed before the app's first instruction, it reports what the catalog names and changes nothing. */

/// <reference path="./frida.d.ts" />

import { beforeFarewell, farewell, flush, open } from "./channel.js";
import { now } from "./clock.js";
import { Context } from "./context.js";
import { answer, arm } from "./install.js";
import { byBridge, through, watch } from "./loaders.js";
import { armNative, watchEndings } from "./native.js";
import { watchOrigins } from "./origins.js";
import { tapWithin } from "./tap.js";
import { readAnyText } from "./text.js";
import { whenUp } from "./vm.js";
import type { Config, Hook } from "./wire.js";

const SETTLE_MS = 1000;
let context: Context | null = null;

function armNatives(hooks: Hook[]): void {
  for (const hook of hooks) {
    const { status, detail } = armNative(hook, () => context);
    answer(hook.id, status, detail);
  }
}

/** On a JVM one loader has both the device's classes and the app's. */
function armJvm(made: Context, hooks: Hook[]): void {
  const loader = Java.retain(Java.use("java.lang.ClassLoader").getSystemClassLoader());
  const find = through(loader);
  const there: string[] = [];
  for (const hook of hooks) {
    const { status, detail } = arm(made, hook, find);
    answer(hook.id, status, detail);
    if (status !== "class_absent") there.push(...hook.classes);
  }
  watch(made, hooks).settled(loader, there);
  watchOrigins(made);
  made.running = true;
}

/** On Android the boot classes come first and the app's when it is bound. Not yet proven on a device. */
function armArt(made: Context, hooks: Hook[]): void {
  const waiting: Hook[] = [];
  for (const hook of hooks) {
    const { status, detail } = arm(made, hook, byBridge);
    if (status === "class_absent") waiting.push(hook);
    else answer(hook.id, status, detail);
  }
  watch(made, waiting);
  watchOrigins(made);
  Java.perform(() => {
    made.running = true;
    for (const hook of waiting) {
      const { status, detail } = arm(made, hook, byBridge);
      answer(hook.id, status, detail);
    }
    flush();
  });
}

function init(config: Config): object {
  open(config.limits.batch);
  tapWithin(config.limits.tapped);
  armNatives(config.catalog.filter((hook) => hook.native !== null));
  watchEndings();
  whenUp(() => {
    readAnyText(Java.vm.getEnv());
    const made = new Context(Java.vm.getEnv(), config);
    const hooks = config.catalog.filter((hook) => hook.native === null);
    if (Java.api.flavor === "jvm") armJvm(made, hooks);
    else armArt(made, hooks);
    context = made;
    beforeFarewell(() => made.sampling.settle());
    setInterval(() => made.sampling.settle(), SETTLE_MS);
    flush();
  });
  flush();
  return now();
}

rpc.exports = {
  init,
  clock: now,
  flush() {
    context?.sampling.settle();
    return flush();
  },
  dispose: farewell,
};
