"""Processes of the app that no gate held: what it forks by itself, or Android had ready, runs without the agent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final

from analyzer.capture.android_process import process_start
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import AppEvent, EnvironmentProblem, OnAppEvent

LOOK_EVERY_S: Final = 5.0
_RUNTIME: Final = "app_process"
"""The program in which Android's apps run: all are forked from it."""
_NOT_THE_SYSTEMS: Final = ("/data/", "/memfd:", "/dev/", "/mnt/", "/storage/")
_LONGEST: Final = 200


class Strays:
    """Looks again and again for processes of these users that the gate does not know, and tells each once.

    `root` is a root kind of `AndroidShell`, `known` says whether the gate ever had a process. A process of the system's
    own programs (`sh`, `logcat`) is none: the hooks tell of its start. One counts at the second look only, so that the
    gate had time for it, and at the last look at once.
    """

    def __init__(
        self,
        shell: AndroidShell,
        root: str,
        users: Collection[int],
        known: Callable[[int], bool],
        on_event: OnAppEvent,
    ) -> None:
        self._shell, self._root, self._users = shell, root, frozenset(users)
        self._known, self._on_event = known, on_event
        self._seen: set[int] = set()
        self._told: set[int] = set()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="strays", daemon=True)

    def start(self) -> None:
        """Look every few seconds, until `close`."""
        self._thread.start()

    def close(self) -> None:
        """Look for a last time, while the app still runs; safe to call twice."""
        if self._ended.is_set():
            return
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        with suppress(EnvironmentProblem):  # a device that is gone is noticed elsewhere
            self.look(last=True)

    def look(self, *, last: bool = False) -> None:
        """Tell of the processes that are there without ever having been held."""
        said = self._shell.run_as_root(self._root, "sh", "-c", "stat -c '%u %n' /proc/[0-9]* 2>/dev/null")
        there = {pid for line in said.out.splitlines() if (pid := self._ours(line)) and not self._known(pid)}
        for pid in sorted(there - self._told):
            if last or pid in self._seen:
                self._tell(pid)
        self._seen = there

    def _keep_looking(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            with suppress(EnvironmentProblem):
                self.look()

    def _ours(self, line: str) -> int:
        user, _, place = line.partition(" /proc/")
        return int(place) if user.isdecimal() and place.isdecimal() and int(user) in self._users else 0

    def _tell(self, pid: int) -> None:
        asks = f"readlink /proc/{pid}/exe; tr '\\0' ' ' < /proc/{pid}/cmdline"
        program, _, line = self._shell.run_as_root(self._root, "sh", "-c", asks).out.partition("\n")
        who = f"{line.strip()[:_LONGEST] or program[:_LONGEST]} (process {pid})"
        since = process_start(self._shell, pid)
        if program.rpartition("/")[2].startswith(_RUNTIME):
            self._told.add(pid)
            self._on_event(AppEvent("unobserved", f"{who}: it was never held", pid, since))
        elif program.startswith(_NOT_THE_SYSTEMS):
            self._told.add(pid)
            self._on_event(AppEvent("own_program", f"{who}, {program[:_LONGEST]}", pid, since))
