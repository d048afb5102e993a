"""Tells what a slow machine adds to a measure: how long processes were ready to run, and another one ran.

The kernel counts it for every thread (the second number of `schedstat`). A thread that sleeps, waits for an answer, is
stopped or works does not count: that is the program's own doing.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Self

BEAT_S, ANEW_S = 0.05, 0.5


def now_us() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000


class Waits:
    """Watches processes, each in a role: `watched` gives the roles by the numbers of processes, anew twice a second."""

    def __init__(self, watched: Callable[[], Mapping[int, str]], beat_s: float = BEAT_S) -> None:
        self._watched, self._beat_s = watched, beat_s
        self._roles: Mapping[int, str] = {}
        self._beside: set[str] = set()
        self._anew = 0.0
        self._beats: list[tuple[int, dict[tuple[str, str], int]]] = []
        self._one = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._over.wait(self._beat_s):
            self.look()

    def look(self) -> None:
        """Look now: what a process waited until it is killed is known only so."""
        with self._one:
            if time.monotonic() >= self._anew:
                self._roles, self._anew = dict(self._watched()), time.monotonic() + ANEW_S
                self._beside = {thread for pid in self._roles for thread in compilers(pid)}
            found = {
                (role, thread): ns
                for pid, role in self._roles.items()
                for thread, ns in waited_ns(pid).items()
                if thread not in self._beside
            }
            self._beats.append((now_us(), found))

    def between(self, since_us: int, until_us: int, roles: Collection[str] = ()) -> float:
        """Give for how many milliseconds a thing that goes through these roles (or all) had to wait at most.

        Of each role the thread counts that waited longest, from the last look before to the last one within; the thing
        is in one role at a time, so that all together are never more than lies between those looks.
        """
        first = max((at for at, _ in self._beats if at <= since_us), default=since_us)
        beats = [beat for beat in self._beats if first <= beat[0] <= until_us]
        least: dict[tuple[str, str], int] = {}
        worst: dict[str, int] = defaultdict(int)
        for _, waited in beats:
            for (role, thread), ns in waited.items():
                if not roles or role in roles:
                    worst[role] = max(worst[role], ns - least.setdefault((role, thread), ns))
        between = beats[-1][0] - beats[0][0] if beats else 0
        return min(between, sum(worst.values()) / 1000) / 1000


def waited_ns(pid: int) -> dict[str, int]:
    """Give for how long each thread of a process has waited since it began; nothing when the process is gone."""
    found = {}
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            found[task.parent.name] = int(task.read_text().split()[1])
        except (OSError, IndexError):
            continue  # it has ended
    return found


def compilers(pid: int) -> list[str]:
    """Give the threads in which a Java machine compiles, beside the app, which does not wait for it."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/comm"):
        try:
            if task.read_text().startswith(("C1 ", "C2 ")):
                found.append(task.parent.name)
        except OSError:
            continue  # it has ended
    return found
