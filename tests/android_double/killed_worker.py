"""Changes a device in a process of its own for each order, so that it can be killed at any step without a new start.

Usage: killed_worker.py HOST PORT SERIAL WORKSPACE FRIDA_SERVER; each line of stdin is `setup`, `install`, `record`, `lose` or `restore`,
and is followed by an empty one once whoever asked knows the process's number, which is said first; its exit code is said last.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

# Whatever is read here is read once; Frida's threads would not outlive a fork, so that it is read in the processes.
import analyzer.capture.android_planting
import analyzer.capture.android_store
import analyzer.capture.apk_facts
import analyzer.capture.certificate
import analyzer.capture.relay
import analyzer.packs.persona  # noqa: F401


def main() -> None:
    while order := sys.stdin.readline().strip():
        pid = os.fork()
        if not pid:
            sys.stdin.readline()
            os._exit(_carry_out(order))
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


def _carry_out(order: str) -> int:
    try:
        getattr(importlib.import_module("android_double.changes").Changes(*sys.argv[1:]), order)()
    except Exception:  # noqa: BLE001 - the test sees the code, and its output says why
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    main()
