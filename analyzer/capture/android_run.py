"""One run of an app on an Android device: what Frida's gate and the device's log say of it becomes one story."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import frida

from analyzer.capture.android_launch import GatedStart
from analyzer.capture.android_log import LogWatch
from analyzer.capture.android_process import process_start
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_strays import Strays
from analyzer.capture.device import AppEvent, OnAppEvent, OnGated
from analyzer.model.evidence import Process

_SECONDS_TO_BE_TOLD: Final = 1.0
"""So long after the end of a process the device's log may take to tell why."""
_SECONDS_TO_END: Final = 5.0
_USERS_OF_ONE_PERSON: Final = 100_000
_SANDBOX: Final = 10_000
"""What the user of an app's SDK sandbox is above the app's own (AOSP, `Process.toSdkSandboxUid`)."""
_ISOLATED: Final = range(90_000, 100_000)
"""The user ids of isolated processes, those of app zygotes included (android.os.Process, memory)."""


def users_of(uid: int) -> tuple[int, int]:
    """Give the users that an app's code runs as: its own, and that of its SDK sandbox."""
    return uid, uid + _SANDBOX


class AppRun:
    """Starts the app and tells `on_event` of its processes, crashes and activities until `close`.

    `root` is a root kind of `AndroidShell`, `uid` the app's own user; `None` where other apps have the same: then only
    the name tells a process of the app.
    Only a process that says in the log that it ends itself has exited. One that the system killed, or of whose end the
    log says nothing, is `lost`: what it would have done remains unknown.
    """

    def __init__(
        self,
        frida_device: frida.Device,
        shell: AndroidShell,
        package: str,
        uid: int | None,
        on_event: OnAppEvent,
        root: str,
    ) -> None:
        self.package = package
        self._frida, self._shell, self._on_event = frida_device, shell, on_event
        self._users = () if uid is None else users_of(uid)
        self._strays = Strays(shell, root, self._users, self._was_held, on_event) if self._users else None
        self._told = threading.Condition()
        self._explained: dict[int, str] = {}
        """Why processes end, by pid; empty for crashes, which have been told."""
        self._exiting: set[int] = set()
        self._crashes: dict[int, AppEvent] = {}
        """Crashes that the log told of processes that still live: any app can write such a line, also of itself."""
        self._ending: list[threading.Thread] = []
        self._stopping = False
        self._gate: GatedStart | None = None
        self._log: LogWatch | None = None

    def start(self, on_gated: OnGated, start_app: Callable[[], None]) -> None:
        """Start the app; raises what the gate raises, with everything closed."""
        self._gate = GatedStart(self._frida, self.package, self._is_ours, on_gated, self._from_gate)
        try:
            self._log = LogWatch(self._shell, self.package, self._from_log)
            self._gate.start(start_app)
            if self._strays is not None:
                self._strays.start()
        except BaseException:
            self.close()
            raise

    def stopping(self) -> None:
        """Note that the app is being ended from outside, so that its end is no exit of its own."""
        if self._strays is not None:
            self._strays.close()
        with self._told:
            self._stopping = True
            self._told.notify_all()

    def running(self) -> list[Process]:
        """List the live processes, the main one first."""
        return self._gate.running() if self._gate is not None else []

    def close(self) -> None:
        """Open the gate and listen no more; returns when all ends have been told."""
        self.stopping()
        if self._gate is not None:
            self._gate.close(_SECONDS_TO_END)
        if self._log is not None:
            self._log.close()
        for thread in self._ending:
            thread.join(_SECONDS_TO_END)

    def _is_ours(self, process: Process) -> bool:
        user = self._shell.run("stat", "-c", "%u", f"/proc/{process.pid}").out
        if user.isdecimal() and int(user) % _USERS_OF_ONE_PERSON in _ISOLATED:
            self._on_event(AppEvent("isolated", f"{process.name} (user id {user})", process.pid))
            return False
        return user in map(str, self._users)

    def _was_held(self, pid: int) -> bool:
        return self._gate is not None and self._gate.knows(pid)

    def _from_gate(self, event: AppEvent) -> None:
        if event.kind == "process_started":
            event = replace(event, since=process_start(self._shell, event.pid))
        if event.kind != "process_ended":
            self._on_event(event)
            return
        thread = threading.Thread(target=self._ended, args=(event,), name="app-end", daemon=True)
        self._ending.append(thread)
        thread.start()

    def _ended(self, event: AppEvent) -> None:
        """Tell of an end, and first of its reason; this waits, so it has a thread of its own."""
        pid = event.pid
        with self._told:
            self._told.wait_for(
                lambda: self._stopping or pid in self._explained or pid in self._exiting, _SECONDS_TO_BE_TOLD
            )
            why = "" if self._stopping else self._explained.get(pid, "the device's log does not say why")
            exited = pid in self._exiting and pid not in self._explained and not self._stopping
            crash = None if self._stopping else self._crashes.pop(pid, None)
        if crash is not None:
            self._on_event(crash)
        if exited and event.detail == self.package:
            self._on_event(AppEvent("exited", "ended by itself", pid))
        elif why and event.detail == self.package:
            self._on_event(AppEvent("lost", why, pid))
        self._on_event(event)

    def _from_log(self, event: AppEvent) -> None:
        if event.kind == "died":
            return  # the gate knows it by itself, and sooner
        if event.kind == "exited":
            with self._told:
                self._exiting.add(event.pid)
                self._told.notify_all()
            return
        if event.kind in {"crashed", "killed"}:
            with self._told:
                tell = event.kind == "crashed" and event.pid not in self._explained and not self._stopping
                if tell and any(event.pid == one.pid for one in self.running()):
                    self._crashes[event.pid], tell = event, False
                self._explained.setdefault(event.pid, f"killed: {event.detail}" if event.kind == "killed" else "")
            if tell:
                self._on_event(event)
            with self._told:
                self._told.notify_all()
            return
        self._on_event(event)
