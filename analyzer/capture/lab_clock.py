"""The clock of the lab's apps, set ahead: wall time only, at its source, so that every way to read it agrees."""

from __future__ import annotations

from string import Template
from typing import Final

_SCRIPT: Final = Template("""
const real = Module.getGlobalExportByName("clock_gettime");
const original = Memory.alloc(Process.pointerSize);
const moved = new CModule(`
struct timespec { long seconds; long nanoseconds; };
extern int (* original) (int, struct timespec *);
int ahead (int clock, struct timespec * time) {
  int result = original (clock, time);
  if (result == 0 && (clock == 0 || clock == 5))
    time->seconds += $seconds;
  return result;
}
`, { original });
original.writePointer(Interceptor.replaceFast(real, moved.ahead));
""")
"""Runs as machine code, because the Java runtime asks for the time in places where no script may run.

The clocks are CLOCK_REALTIME and CLOCK_REALTIME_COARSE of Linux; those since its boot stay as they are.
"""


def ahead_script(seconds: int) -> str:
    """Give the Frida script that sets the clock of one process ahead, until the script leaves it."""
    return _SCRIPT.substitute(seconds=seconds)
