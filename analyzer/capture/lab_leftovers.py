"""Lab processes that outlived the analyzer that started them: found by their command line and ended."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from analyzer.capture.lab_java import MAIN_CLASS
from analyzer.capture.lab_watch import ProcessWatch, started_at

OWNER: Final = "lab.owner"
STATE: Final = "lab.state"
_SECONDS_TO_DIE: Final = 5.0


def ownership(state: Path) -> dict[str, str]:
    """Give the Java properties that say on a command line which analyzer, and which state folder, a JVM belongs to."""
    return {OWNER: f"{os.getpid()}:{started_at(os.getpid())}", STATE: str(state.resolve())}


def end_leftovers(state: Path, processes: Path = Path("/proc")) -> list[int]:
    """End every JVM of this state folder whose analyzer is gone; give their ids."""
    ended = []
    for pid in leftovers(state, processes):
        gone = threading.Event()
        watch = ProcessWatch(pid, gone.set)
        if _orphaned(_arguments(processes / str(pid)), state):  # once more: now the id cannot be reused under us
            watch.kill()
            ended.append(pid)
            gone.wait(_SECONDS_TO_DIE)
    return ended


def leftovers(state: Path, processes: Path = Path("/proc")) -> Iterator[int]:
    """Find the JVMs of this state folder whose analyzer is gone."""
    for entry in processes.glob("[0-9]*"):
        if _orphaned(_arguments(entry), state):
            yield int(entry.name)


def _arguments(entry: Path) -> list[str]:
    try:
        return (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []  # it ended while we looked, or is another user's


def _orphaned(arguments: list[str], state: Path) -> bool:
    if MAIN_CLASS not in arguments or f"-D{STATE}={state.resolve()}" not in arguments:
        return False
    owner = next((text for text in arguments if text.startswith(f"-D{OWNER}=")), "").partition("=")[2]
    pid, _, start = owner.partition(":")
    return not (pid.isdigit() and start and started_at(int(pid)) == start)
