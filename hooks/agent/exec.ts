/**
 * Programs that the app becomes, or has a child become. The child of a fork has none of our threads, and JavaScript must
 * not run there: a native listener writes the words into a pipe, and this process reads them.
 */

import { now } from "./clock.js";
import type { Late } from "./native.js";
import { tell } from "./native.js";
import { admitted, alreadyTold, text } from "./native_reads.js";
import { chosen } from "./selection.js";
import type { Hook } from "./wire.js";

const CLOSE_ON_EXEC_NO_WAIT = 0x80000 | 0x800;
const CHUNK = 4096;
const SOURCE = `
#include <gum/guminterceptor.h>

extern int to;
extern gssize write (int fd, const void * data, gsize size);

void
on_enter (GumInvocationContext * ic)
{
  char line[1024];
  int size = 0, word = 0;
  const char * each = gum_invocation_context_get_nth_argument (ic, 0);
  const char ** words = gum_invocation_context_get_nth_argument (ic, 1);
  while (each != NULL && size < 1022)
  {
    while (*each != 0 && size < 1022)
    {
      line[size++] = *each == '\\n' ? ' ' : *each;
      each++;
    }
    line[size++] = ' ';
    if (words == NULL)
      break;
    word++;
    each = words[word];
  }
  line[size++] = '\\n';
  write (to, line, size);
}
`;

const kept: unknown[] = [];

/** Arms `execve`, through which its brothers go. */
export function armExec(hook: Hook, address: NativePointer, context: Late): void {
  const made = Memory.alloc(8);
  const pipe = new NativeFunction(exported("pipe2"), "int", ["pointer", "int"]);
  if (pipe(made, CLOSE_ON_EXEC_NO_WAIT) !== 0) throw new Error("no pipe for the words of programs");
  const to = Memory.alloc(4);
  to.writeU32(made.add(4).readU32());
  const module = new CModule(SOURCE, { to, write: exported("write") });
  kept.push(module, to);
  Interceptor.attach(address, { onEnter: module["on_enter"]! });
  const stream = new UnixInputStream(made.readU32());
  kept.push(stream);
  let rest = "";
  const read = (): void => {
    stream.read(CHUNK).then((bytes) => {
      if (bytes.byteLength === 0) return;
      const lines = (rest + letters(new Uint8Array(bytes))).split("\n");
      rest = lines.pop()!;
      for (const line of lines) told(hook, context, line.trim());
      read();
    });
  };
  read();
}

function told(hook: Hook, context: Late, command: string): void {
  const selected = chosen(hook.select!, command);
  const at = now();
  if (selected === null || alreadyTold(command) || !admitted(hook, context, selected, at, NULL)) return;
  // Whether it went well only the child could say.
  tell(hook, null, at, { a: [text(command)], th: { k: "null" } });
}

function letters(bytes: Uint8Array): string {
  let read = "";
  for (const byte of bytes) read += String.fromCharCode(byte);
  return read;
}

function exported(name: string): NativePointer {
  const found = Module.findGlobalExportByName(name);
  if (found === null) throw new Error(`no ${name} on this device`);
  return found;
}
