"""One run of an app on a device without root: its processes by the device's own list, its end by the device's log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from analyzer.capture.android_log import LogWatch
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import AppEvent, EnvironmentProblem, OnAppEvent
from analyzer.model.evidence import Process

_LOOK_EVERY_S: Final = 1.0
_LIST: Final = "ps -A -o PID,NAME 2>/dev/null || ps"
"""The second is that of Android 7, whose `ps` lists everything, the name last (toolbox, memory)."""


class PlainRun:
    """Starts the app and tells `on_event` of its processes, crashes and activities until `close`.

    Nothing holds a process, so the first that is told of one may be a second after its start.
    """

    def __init__(self, shell: AndroidShell, package: str, on_event: OnAppEvent) -> None:
        self.package = package
        self._shell, self._on_event = shell, on_event
        self._ended = threading.Event()
        self._known: dict[int, str] = {}
        self._crashes: dict[int, AppEvent] = {}
        self._lock = threading.Lock()
        self._log: LogWatch | None = None
        self._thread: threading.Thread | None = None

    def start(self, start_app: Callable[[], None]) -> None:
        """Start the app; raises what that raises, with everything closed."""
        try:
            self._log = LogWatch(self._shell, self.package, self._from_log)
            start_app()
        except BaseException:
            self.close()
            raise
        self._look()
        self._thread = threading.Thread(target=self._keep_looking, name="processes", daemon=True)
        self._thread.start()

    def stopping(self) -> None:
        """Note that the app is being ended from outside."""
        self._ended.set()

    def running(self) -> list[Process]:
        """List the live processes, the main one first."""
        with self._lock:
            found = sorted(self._known.items(), key=lambda one: (one[1] != self.package, one[0]))
        return [Process(pid, name) for pid, name in found]

    def close(self) -> None:
        """Tell of the ends that came with that of the app, and listen no more."""
        self.stopping()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._look()
        if self._log is not None:
            self._log.close()
            self._log = None

    def _keep_looking(self) -> None:
        while not self._ended.wait(_LOOK_EVERY_S):
            self._look()

    def _look(self) -> None:
        try:
            listed = self._shell.run("sh", "-c", _LIST).out
        except EnvironmentProblem:
            return  # the device is gone: whoever needs it notices by itself
        found = dict(read_processes(listed, self.package))
        with self._lock:
            before, self._known = self._known, found
        for pid, name in found.items():
            if before.get(pid) != name:
                self._on_event(AppEvent("process_started", name, pid))
        for pid, name in before.items():
            if found.get(pid) != name:
                if (crash := self._crashes.pop(pid, None)) is not None and not self._ended.is_set():
                    self._on_event(crash)
                self._on_event(AppEvent("process_ended", name, pid))

    def _from_log(self, event: AppEvent) -> None:
        with self._lock:
            ours = self._known.get(event.pid) == self.package
            if event.kind == "crashed" and event.pid in self._known:  # any app can write such a line: it must end, too
                self._crashes[event.pid] = event
                return
        if event.kind in {"exited", "killed"}:
            if ours and not self._ended.is_set():
                lost = event.kind == "killed"
                self._on_event(AppEvent("lost", f"killed: {event.detail}", event.pid) if lost else event)
        elif event.kind != "died" and not (event.kind == "crashed" and self._ended.is_set()):
            self._on_event(event)


def read_processes(listed: str, package: str) -> list[tuple[int, str]]:
    """Read the processes of an app from what `ps` lists: its number under `PID`, its name last."""
    lines = [line.split() for line in listed.splitlines()]
    place = lines[0].index("PID") if lines and "PID" in lines[0] else 0
    return [
        (int(fields[place]), fields[-1])
        for fields in lines[1:]
        if len(fields) > place
        and fields[place].isdecimal()
        and (fields[-1] == package or fields[-1].startswith(f"{package}:"))
    ]
