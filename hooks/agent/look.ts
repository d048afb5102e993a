/**
 * A look at the running thread, in C: who it is, when it is, how it came here, and the texts that it was given.
 *
 * One native call in place of twenty. The JavaScript lock is given up meanwhile: a look may have to wait for the VM, which
 * may be waiting for another thread of ours. It calls nothing of the app's: it makes a throwable and reads the backtrace that the VM put into it, which
 * HotSpot keeps in chunks of 32 frames and Android, since 7, as pointers of methods and places in them.
 */

import { BootClass, cleared } from "./jni.js";
import type { Limits, Stamp, Value } from "./wire.js";

const RESULT = 4;
const TRACE = 5;
/** Letters of a stack as one text; 128 frames rarely take as many. */
const TRACE_UNITS = 32768;
const KINDS = 8;
const SIZES = 16;
const NUMBERS = 24;
const [ODD, NOTHING, TEXT, CUT, THREW] = [0, 1, 2, 3, 9];
const STACK = 1;
/** The numbers of Linux for `gettid`, which not every C library has as a function. */
const GETTID: Record<string, number> = { x64: 186, arm64: 178, arm: 224, ia32: 224 };
/** A stack of no frames; zero says that this VM keeps its backtraces in a way that we do not know. */
export const UNKNOWN_STACK = 0;

const SOURCE = `
#include <glib.h>

typedef gpointer ref;
typedef union { gint32 i; gint64 j; gdouble d; ref l; } jvalue;
typedef struct { glong seconds; glong nanoseconds; } Time;

extern ref known[];
extern int clock_gettime (int clock, Time * time);
extern glong syscall (glong number, ...);

#define numbers ((gdouble *) room)
#define thrown ((ref *) (room + @THROWN@))
#define units ((guint16 *) (room + @LETTERS@))
#define texts (room + @TEXTS@)
#define FN(n) ((*(ref **) env)[n])
#define DROP(o) ((void (*) (ref, ref)) FN (23)) (env, o)
#define LENGTH(a) ((int (*) (ref, ref)) FN (171)) (env, a)
#define ELEMENT(a, i) ((ref (*) (ref, ref, int)) FN (173)) (env, a, i)
#define MIX(v) { guint32 w = (guint32) (v); \\
  h1 = (h1 ^ w) * 16777619u; h1 ^= h1 >> 15; h2 = (h2 + w) * 2654435761u; h2 ^= h2 >> 13; }

static gdouble
microseconds (int clock)
{
  Time time;
  if (clock_gettime (clock, &time) != 0)
    return 0;
  return (gdouble) time.seconds * 1000000.0 + (gdouble) (time.nanoseconds / 1000);
}

static void
put (guint8 * room, ref env, ref text, int slot, int limit)
{
  guint8 * start = texts + slot * @ROOM@;
  guint8 * to = start;
  int size = ((int (*) (ref, ref)) FN (164)) (env, text);
  int count = size > limit ? limit : size;
  int i;
  ((void (*) (ref, ref, int, int, guint16 *)) FN (220)) (env, text, 0, count, units);
  numbers[@KINDS@ + slot] = @ODD@;
  for (i = 0; i != count; i++)
  {
    guint32 c = units[i];
    if (c == 0)
      return;
    if (c >= 0xd800 && c < 0xe000)
    {
      guint32 low = i + 1 < count ? units[i + 1] : 0;
      if (c >= 0xdc00)
        return;
      if (low == 0 && i + 1 == count && size > count)
        break;
      if (low < 0xdc00 || low >= 0xe000)
        return;
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
      i++;
      *to++ = 0xf0 | (c >> 18);
      *to++ = 0x80 | ((c >> 12) & 63);
      *to++ = 0x80 | ((c >> 6) & 63);
      *to++ = 0x80 | (c & 63);
    }
    else if (c < 0x80)
      *to++ = c;
    else if (c < 0x800)
    {
      *to++ = 0xc0 | (c >> 6);
      *to++ = 0x80 | (c & 63);
    }
    else
    {
      *to++ = 0xe0 | (c >> 12);
      *to++ = 0x80 | ((c >> 6) & 63);
      *to++ = 0x80 | (c & 63);
    }
  }
  numbers[@KINDS@ + slot] = size > count ? @CUT@ : @TEXT@;
  numbers[@SIZES@ + slot] = to - start;
}

static void
describe (guint8 * room, ref env, ref object, int slot)
{
  if (object == NULL)
    numbers[@KINDS@ + slot] = @NOTHING@;
  else if (((guint8 (*) (ref, ref, ref)) FN (32)) (env, object, known[0]))
    put (room, env, object, slot, @UNITS@);
  else
    numbers[@KINDS@ + slot] = @ODD@;
}

static gdouble
of_hotspot (ref env, ref trace)
{
  guint32 h1 = 2166136261u, h2 = 1;
  guint16 methods[32];
  gint32 places[32];
  ref chunk = trace;
  int depth = 0;
  if (LENGTH (trace) != 6)
    return 0;
  while (chunk != NULL && depth < 256)
  {
    ref m = ELEMENT (chunk, 0), p = ELEMENT (chunk, 1), classes = ELEMENT (chunk, 2), next = ELEMENT (chunk, 4);
    int i;
    ((void (*) (ref, ref, int, int, ref)) FN (202)) (env, m, 0, 32, methods);
    ((void (*) (ref, ref, int, int, ref)) FN (203)) (env, p, 0, 32, places);
    for (i = 0; i != 32; i++)
    {
      jvalue type;
      type.j = 0;
      type.l = ELEMENT (classes, i);
      if (type.l == NULL)
        break;
      MIX (((int (*) (ref, ref, ref, jvalue *)) FN (131)) (env, known[4], known[5], &type));
      MIX (methods[i]);
      MIX (places[i]);
      DROP (type.l);
      depth++;
    }
    DROP (m);
    DROP (p);
    DROP (classes);
    if (chunk != trace)
      DROP (chunk);
    chunk = next;
  }
  if (chunk != NULL && chunk != trace)
    DROP (chunk);
  return (gdouble) (gint64) h1 * 1048576.0 + (gdouble) (gint32) (h2 & 0xfffff) + 2;
}

static gdouble
of_art (ref env, ref trace)
{
  guint32 h1 = 2166136261u, h2 = 1;
  gint32 words[512];
  ref pointers = ELEMENT (trace, 0);
  int count, wide = @POINTER@ / 4, i;
  if (pointers == NULL)
    return 0;
  count = LENGTH (pointers);
  if (count > 512 / wide)
    count = 512 / wide;
  ((void (*) (ref, ref, int, int, ref)) FN (wide == 2 ? 204 : 203)) (env, pointers, 0, count, words);
  for (i = 0; i != count * wide; i++)
    MIX (words[i]);
  DROP (pointers);
  return (gdouble) (gint64) h1 * 1048576.0 + (gdouble) (gint32) (h2 & 0xfffff) + 2;
}

gdouble
stack (ref env)
{
  gdouble key = 0;
  ref trace, made = ((ref (*) (ref, ref, ref, jvalue *)) FN (30)) (env, known[1], known[2], NULL);
  if (made != NULL && known[3] != NULL)
  {
    trace = ((ref (*) (ref, ref, ref)) FN (95)) (env, made, known[3]);
    key = trace == NULL ? 1 : @HOTSPOT@ ? of_hotspot (env, trace) : of_art (env, trace);
    if (trace != NULL)
      DROP (trace);
  }
  if (made != NULL)
    DROP (made);
  if (((ref (*) (ref)) FN (15)) (env) != NULL)
  {
    ((void (*) (ref)) FN (17)) (env);
    key = 0;
  }
  return key;
}

void
look (guint8 * room, ref env, int wanted, ref a, ref b, ref c, ref d)
{
  ref objects[4];
  int i;
  objects[0] = a;
  objects[1] = b;
  objects[2] = c;
  objects[3] = d;
  numbers[0] = syscall (@GETTID@);
  numbers[1] = (gdouble) (gssize) env;
  numbers[2] = microseconds (@BOOTTIME@);
  numbers[3] = microseconds (0);
  numbers[4] = (wanted & 1) ? stack (env) : 0;
  for (i = 0; i != 4; i++)
  {
    numbers[@KINDS@ + i] = @ODD@;
    if (wanted & (2 << i))
      describe (room, env, objects[i], i);
  }
}

int
after (guint8 * room, ref env, int reference, ref result)
{
  ref exception = ((ref (*) (ref)) FN (15)) (env);
  if (exception != NULL)
  {
    ((void (*) (ref)) FN (17)) (env);
    thrown[0] = exception;
    return @THREW@;
  }
  numbers[@KINDS@ + 4] = @ODD@;
  if (reference)
    describe (room, env, result, 4);
  return (int) numbers[@KINDS@ + 4];
}

ref
trace (ref env)
{
  jvalue elements;
  ref text = NULL;
  ref made = ((ref (*) (ref, ref, ref, jvalue *)) FN (30)) (env, known[1], known[2], NULL);
  elements.l = made == NULL ? NULL : ((ref (*) (ref, ref, ref, jvalue *)) FN (36)) (env, made, known[6], NULL);
  if (elements.l != NULL)
    text = ((ref (*) (ref, ref, ref, jvalue *)) FN (116)) (env, known[7], known[8], &elements);
  if (((ref (*) (ref)) FN (15)) (env) != NULL)
  {
    ((void (*) (ref)) FN (17)) (env);
    text = NULL;
  }
  if (elements.l != NULL)
    DROP (elements.l);
  if (made != NULL)
    DROP (made);
  return text;
}

int
read_trace (guint8 * room, ref env, ref text)
{
  put (room, env, text, @TRACE@, @TRACE_UNITS@);
  DROP (text);
  return (int) numbers[@KINDS@ + @TRACE@];
}

void
rethrow (ref env, ref exception)
{
  ((int (*) (ref, ref)) FN (13)) (env, exception);
}
`;

const OPTIONS = { exceptions: "propagate", traps: "none" };

/** What is to be looked at when a method is called: its references among the first four arguments, and the stack. */
export function wish(types: JavaType[], stack: boolean): number {
  let wanted = stack ? STACK : 0;
  types.slice(0, RESULT).forEach((type, index) => {
    if (type.type === "pointer") wanted |= 2 << index;
  });
  return wanted;
}

/** What was seen of a call that begins. */
export interface Seen {
  thread: number;
  environment: number;
  stamp: Stamp;
  stack: number;
  /** The first arguments, those that are texts. */
  texts: (Value | undefined)[];
}

/** What came of a call: its result if that is a text, or the exception, which is no longer pending then. */
export interface Ended {
  thrown: NativePointer | null;
  text: Value | undefined;
}

/** The memory that one look writes to. Others may look meanwhile, so each takes one and gives it back once it is read. */
class Room {
  readonly numbers: Float64Array;
  private readonly slots: NativePointer[] = [];

  constructor(
    readonly memory: NativePointer,
    texts: number,
    room: number,
  ) {
    this.numbers = new Float64Array(ArrayBuffer.wrap(memory, NUMBERS * 8));
    for (let slot = 0; slot <= TRACE; slot += 1) this.slots.push(memory.add(texts + slot * room));
  }

  /** Gives a text that UTF-8 can carry. */
  text(slot: number): Value | undefined {
    const kind = this.numbers[KINDS + slot];
    if (kind !== TEXT && kind !== CUT) return undefined;
    const size = this.numbers[SIZES + slot]!;
    const t = size === 0 ? "" : this.slots[slot]!.readUtf8String(size)!;
    return kind === CUT ? { k: "string", c: "java.lang.String", t, x: true } : { k: "string", c: "java.lang.String", t };
  }
}

const THROWN = NUMBERS * 8;
const LETTERS = THROWN + 64;

export class Look {
  private readonly free: Room[] = [];
  private readonly functions: Record<"look" | "after" | "rethrow" | "stack" | "trace" | "read", NativeCall>;
  /** What the native functions use must not be collected. */
  readonly kept: unknown[];
  private readonly room: number;
  private readonly texts: number;

  constructor(env: JniEnv, limits: Limits) {
    this.room = limits.text * 3 + 16;
    this.texts = LETTERS + Math.max(limits.text, TRACE_UNITS) * 2 + 64;
    const values: Record<string, number> = {
      THROWN,
      LETTERS,
      TEXTS: this.texts,
      ROOM: this.room,
      UNITS: limits.text,
      TRACE,
      TRACE_UNITS,
      KINDS,
      SIZES,
      ODD: ODD!,
      NOTHING: NOTHING!,
      TEXT: TEXT!,
      CUT: CUT!,
      THREW: THREW!,
      BOOTTIME: 7,
      GETTID: GETTID[Process.arch]!,
      POINTER: Process.pointerSize,
      HOTSPOT: Java.api.flavor === "jvm" ? 1 : 0,
    };
    const known = references(env);
    const source = SOURCE.replace(/@(\w+)@/g, (_, name: string) => String(values[name]));
    const module = new CModule(source, {
      known,
      clock_gettime: exported("clock_gettime"),
      syscall: exported("syscall"),
    });
    const made = (name: string, result: string, ...args: string[]): NativeCall =>
      new NativeFunction(module[name]!, result, args, OPTIONS);
    this.functions = {
      look: made("look", "void", "pointer", "pointer", "int", "pointer", "pointer", "pointer", "pointer"),
      after: made("after", "int", "pointer", "pointer", "int", "pointer"),
      rethrow: made("rethrow", "void", "pointer", "pointer"),
      stack: made("stack", "double", "pointer"),
      trace: made("trace", "pointer", "pointer"),
      read: made("read_trace", "int", "pointer", "pointer", "pointer"),
    };
    this.kept = [module, known];
  }

  /** Looks at a call that begins; texts are read of its first `count` arguments. */
  at(env: NativePointer, wanted: number, args: any[], count = args.length): Seen {
    const one = (index: number): NativePointer => (wanted & (2 << index) ? (args[index] as NativePointer) : NULL);
    const room = this.take();
    const { look } = this.functions;
    if (wanted < 4) look(room.memory, env, wanted, one(0), NULL, NULL, NULL);
    else look(room.memory, env, wanted, one(0), one(1), one(2), one(3));
    const { numbers } = room;
    const seen: Seen = {
      thread: numbers[0]!,
      environment: numbers[1]!,
      stamp: { m: numbers[2]!, w: numbers[3]! },
      stack: numbers[4]!,
      texts: [],
    };
    for (let index = 0; index < count && index < RESULT; index += 1) seen.texts.push(room.text(index));
    this.free.push(room);
    return seen;
  }

  /** Looks at a call that ended. */
  after(env: NativePointer, reference: boolean, result: any): Ended {
    const room = this.take();
    const kind = this.functions.after(room.memory, env, reference ? 1 : 0, reference ? result : NULL) as number;
    const thrown = kind === THREW ? room.memory.add(THROWN).readPointer() : null;
    const text = thrown === null && reference ? room.text(RESULT) : undefined;
    this.free.push(room);
    return { thrown, text };
  }

  /** Throws an exception again, for the app to get. */
  rethrow(env: NativePointer, exception: NativePointer): void {
    this.functions.rethrow(env, exception);
  }

  /** Takes the stack of a call whose look left it out. */
  stackOf(env: NativePointer): number {
    return this.functions.stack(env) as number;
  }

  /** Gives the stack as the text of an array of frames; empty when the VM gives none. */
  trace(env: NativePointer): string {
    const text = this.functions.trace(env) as NativePointer;
    if (text.isNull()) return "";
    const room = this.take();
    this.functions.read(room.memory, env, text);
    const read = room.text(TRACE)?.t ?? "";
    this.free.push(room);
    return read;
  }

  private take(): Room {
    const size = this.texts + TRACE * this.room + TRACE_UNITS * 3 + 64;
    return this.free.pop() ?? new Room(Memory.alloc(size), this.texts, this.room);
  }
}

function exported(name: string): NativePointer {
  const address = Module.findGlobalExportByName(name);
  if (address === null) throw new Error(`no ${name} on this device`);
  return address;
}

/** The classes, methods and the field that the C part uses, as it counts them. */
function references(env: JniEnv): NativePointer {
  const text = new BootClass(env, "java/lang/String");
  const throwable = new BootClass(env, "java/lang/Throwable");
  const system = new BootClass(env, "java/lang/System");
  const arrays = new BootClass(env, "java/util/Arrays");
  const field = env.getFieldId(throwable.handle, "backtrace", "Ljava/lang/Object;");
  const absent = cleared(env) || field.isNull();
  const known = [
    text.handle,
    throwable.handle,
    env.getMethodId(throwable.handle, "<init>", "()V"),
    absent ? NULL : field,
    system.handle,
    env.getStaticMethodId(system.handle, "identityHashCode", "(Ljava/lang/Object;)I"),
    env.getMethodId(throwable.handle, "getStackTrace", "()[Ljava/lang/StackTraceElement;"),
    arrays.handle,
    env.getStaticMethodId(arrays.handle, "toString", "([Ljava/lang/Object;)Ljava/lang/String;"),
  ];
  const memory = Memory.alloc(known.length * Process.pointerSize);
  known.forEach((one, index) => memory.add(index * Process.pointerSize).writePointer(one));
  return memory;
}
