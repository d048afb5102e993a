"""Starts an app on Android with Frida holding each of its processes before its first instruction."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeAlias

import frida

from analyzer.capture.device import AppEvent, EnvironmentProblem, OnAppEvent, OnGated
from analyzer.model.evidence import Process

SANDBOX: Final = "_sdk_sandbox"
"""How the process in which an app's SDKs run apart is called after the app's, from Android 13 on (AOSP,
`SdkSandboxServiceProvider`)."""
_SECONDS_TO_APPEAR: Final = 30.0
_SECONDS_TO_ARM: Final = 60.0
_SECONDS_TO_END: Final = 5.0
_OVER: Final = "the recording ended before the agent was in it"

IsOurs: TypeAlias = Callable[[Process], bool]
"""Says whether a process belongs to the app although its name does not tell; asked while the process is held."""


class GatedStart:
    """One start of an app under spawn gating, and every process that it starts until `close`.

    The gate holds all new processes of the device: those of the app are given to `on_gated` one after the other and
    then let go, all others are let go at once. A process of the app that cannot be armed goes on unobserved, and
    `on_event` is told so; the first one does not: then the start fails. `on_event` hears `process_started`,
    `process_ended` and `unobserved`, from threads of this object.
    """

    def __init__(
        self, frida_device: frida.Device, package: str, is_ours: IsOurs, on_gated: OnGated, on_event: OnAppEvent
    ) -> None:
        self._frida, self._package, self._is_ours = frida_device, package, is_ours
        self._on_gated, self._on_event = on_gated, on_event
        self._lock = threading.Condition()
        self._held: set[int] = set()
        self._ours: set[int] = set()
        self._alive: dict[int, Process] = {}
        self._sessions: list[Any] = []
        self._appeared, self._settled = threading.Event(), threading.Event()
        self._failure: BaseException | None = None
        self._closed = False
        self._to_sort: queue.SimpleQueue[Process | None] = queue.SimpleQueue()
        self._to_arm: queue.SimpleQueue[Process | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=job, name=name, daemon=True)
            for job, name in ((self._sort, "gate-sort"), (self._arm_all, "gate-arm"))
        ]

    def start(self, start_app: Callable[[], None], seconds: float = _SECONDS_TO_APPEAR) -> None:
        """Close the gate, have the app started, and return when its first process runs with the agent in it.

        Raises `EnvironmentProblem` when none appears, and whatever `on_gated` raised for the first one.
        """
        for thread in self._threads:
            thread.start()
        self._frida.on("spawn-added", self._on_spawn)
        self._frida.on("spawn-removed", self._on_gone)
        try:
            self._frida.enable_spawn_gating()
            for spawn in self._frida.enumerate_pending_spawn():
                self._on_spawn(spawn)
            start_app()
            self._await_first(seconds)
        except (frida.NotSupportedError, frida.TransportError, frida.InvalidOperationError) as error:
            self.close()
            raise EnvironmentProblem(
                f"Frida cannot hold new processes on this device ({error}); run `analyzer doctor`."
            ) from error
        except BaseException:
            self.close()
            raise

    def running(self) -> list[Process]:
        """List the live processes, the main one first."""
        with self._lock:
            alive = list(self._alive.values())
        return sorted(alive, key=lambda process: (process.name != self._package, process.pid))

    def knows(self, pid: int) -> bool:
        """Say whether a process is one of the app's that was held."""
        return pid in self._ours

    def close(self, seconds: float = 0) -> None:
        """Open the gate: whoever is still held goes on. Safe to call twice.

        So many `seconds` processes that are being ended are waited for.
        """
        with self._lock:
            if self._closed:
                return
            self._closed = True
        with self._lock:
            self._lock.wait_for(lambda: not self._alive, seconds)
        self._frida.off("spawn-added", self._on_spawn)
        self._frida.off("spawn-removed", self._on_gone)
        for inbox, thread in zip((self._to_sort, self._to_arm), self._threads, strict=True):
            inbox.put(None)
            if thread.is_alive() and thread is not threading.current_thread():
                thread.join(_SECONDS_TO_END)
        with suppress(frida.TransportError, frida.InvalidOperationError, frida.NotSupportedError, frida.TimedOutError):
            self._frida.disable_spawn_gating()  # it fails where the server is gone, and its gate with it

    def _await_first(self, seconds: float) -> None:
        if not self._appeared.wait(seconds):
            raise EnvironmentProblem(
                f"{self._package} did not start within {seconds:g} s, or started without being held by "
                "Frida; unlock the device's screen, then retry, and restart the device if it happens again."
            )
        self._settled.wait(_SECONDS_TO_ARM)
        if self._failure is not None:
            raise self._failure

    def _on_spawn(self, spawn: Any) -> None:
        """Note who is held; this runs on Frida's own thread, which must not wait for Frida."""
        process = Process(int(spawn.pid), str(spawn.identifier or ""))
        with self._lock:
            if process.pid in self._held:
                return
            self._held.add(process.pid)
        self._to_sort.put(process)

    def _on_gone(self, spawn: Any) -> None:
        with self._lock:
            self._held.discard(int(spawn.pid))

    def _sort(self) -> None:
        while (process := self._to_sort.get()) is not None:
            name, package = process.name, self._package
            named = name in {package, package + SANDBOX} or name.startswith(package + ":")
            if named or self._belongs(process):
                self._ours.add(process.pid)
                self._appeared.set()
                self._to_arm.put(process)
            else:
                self._let_go(process)

    def _belongs(self, process: Process) -> bool:
        try:
            return self._is_ours(process)
        except EnvironmentProblem:
            return False  # it died meanwhile, or the device is gone, which the recorder notices by itself

    def _arm_all(self) -> None:
        while (process := self._to_arm.get()) is not None:
            try:
                if self._closed:  # an app may start hundreds; who still waits goes on
                    self._on_event(AppEvent("unobserved", f"{process.name}: {_OVER}", process.pid))
                else:
                    self._arm(process)
            finally:
                self._let_go(process)
                self._settled.set()

    def _arm(self, process: Process) -> None:
        first = not self._settled.is_set()
        try:
            self._watch(process)
            self._on_event(AppEvent("process_started", process.name, process.pid))
            self._on_gated(self._frida, process)
        except Exception as problem:  # noqa: BLE001 - Frida's and the agent's own errors: the gate must not stay shut
            if isinstance(problem, frida.ProcessNotFoundError):
                problem = EnvironmentProblem(f"{process.name} died while it was held; start it again.")
            if first:
                self._failure = problem
            else:
                self._on_event(AppEvent("unobserved", f"{process.name}: {problem}", process.pid))

    def _watch(self, process: Process) -> None:
        """Keep a session of our own: its end is the end of the process."""
        session = self._frida.attach(process.pid)
        with self._lock:
            self._sessions.append(session)
            self._alive[process.pid] = process
        session.on("detached", lambda reason, _crash: self._ended(process, str(reason)))

    def _ended(self, process: Process, reason: str) -> None:
        with self._lock:
            known = self._alive.pop(process.pid, None)
            self._lock.notify_all()
        if known is not None and reason == "process-terminated":
            self._on_event(AppEvent("process_ended", process.name, process.pid))

    def _let_go(self, process: Process) -> None:
        died = (frida.ProcessNotFoundError, frida.InvalidArgumentError, frida.InvalidOperationError)
        with suppress(*died, frida.TransportError):  # without its server there is no gate either
            self._frida.resume(process.pid)
