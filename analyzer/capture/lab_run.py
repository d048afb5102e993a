"""One run of an app on the lab device: its processes, what they tell, and their common end."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import frida

from analyzer.capture.device import AppEvent, EnvironmentProblem, GivenUp, OnAppEvent, OnGated
from analyzer.capture.hosted_device import HostedDevice
from analyzer.capture.lab_clock import ahead_script
from analyzer.capture.lab_control import ControlChannel, ControlServer
from analyzer.capture.lab_log import LabLog
from analyzer.capture.lab_process import LabProcess, spawn_gated
from analyzer.model.evidence import Process

MOST_PROCESSES: Final = 16
"""More processes than this at once are not started for an app."""

_LONGEST_TRACE: Final = 100_000
_SECONDS_TO_START: Final = 20.0
_SECONDS_TO_PRINT: Final = 1.0
_SECONDS_TO_NOTICE: Final = 0.3
_DETAILS: Final[Mapping[str, str]] = {
    "resumed": "activity",
    "paused": "activity",
    "ui_changed": "",
    "permission_asked": "permission",
    "exited": "reason",
    "crashed": "trace",
}
"""What the processes may tell, and the member of the message that becomes the detail of the `AppEvent`."""


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """How processes of the app start: `command` makes the arguments of process name, control address and token.

    `ahead_s` is by how many seconds their clock is set ahead.
    """

    package: str
    command: Callable[[str, str, str], list[str]]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    ahead_s: int = 0


class LabRun:
    """Starts the app's main process, and further ones when the app asks; every one is held for `on_gated` first."""

    def __init__(self, plan: LaunchPlan, on_gated: OnGated, on_event: OnAppEvent) -> None:
        self._plan, self._on_gated, self._on_event = plan, on_gated, on_event
        self._processes: dict[int, LabProcess] = {}
        self._hosts: set[HostedDevice] = set()
        self._lock = threading.RLock()
        self._stopping = False
        self._log = LabLog(plan.log)
        self._control = ControlServer(self._on_word, self._on_channel_end, self._on_hello)
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lab-start")

    def start(self, name: str) -> None:
        """Start a process: spawn it gated, hand it to `on_gated`, let it run. Errors of `on_gated` end it."""
        plan = self._plan
        command = plan.command(name, self._control.address, self._control.token)
        host = HostedDevice(name, plan.folder, self._on_output)
        try:
            pid = spawn_gated(host, command, plan.environment, plan.folder)
        except BaseException:
            host.close()
            raise
        process = Process(pid, name)
        started = LabProcess(process, lambda entry: self._on_process_end(entry, host))
        with self._lock:
            self._processes[pid] = started
            self._hosts.add(host)
        self._on_event(AppEvent("process_started", name, pid))
        try:
            if plan.ahead_s:
                host.keep(pid, ahead_script(plan.ahead_s))
            self._on_gated(host, process)
            host.resume(pid)
        except (
            EnvironmentProblem, frida.ProcessNotFoundError, frida.InvalidOperationError, frida.TimedOutError,
        ) as problem:  # fmt: skip
            if started.ended(_SECONDS_TO_NOTICE):
                return  # it died while it was held, which is told like every other death
            started.give_up()
            if isinstance(problem, EnvironmentProblem):
                raise
            raise EnvironmentProblem(str(problem)) from problem
        except BaseException:
            started.give_up()
            raise

    def running(self) -> list[Process]:
        """List the live processes, the main one first."""
        with self._lock:
            alive = [entry.process for entry in self._processes.values() if entry.alive]
        return sorted(alive, key=lambda process: (process.name != self._plan.package, process.pid))

    def ask(self, do: str, **arguments: str | int) -> Mapping[str, Any]:
        """Make the main process do something; raises `EnvironmentProblem` when it is gone or silent."""
        with self._lock:
            named = [entry for entry in self._processes.values() if entry.process.name == self._plan.package]
        if not named:
            raise EnvironmentProblem(f"{self._plan.package} is not running; start it first.")
        return named[-1].channel(_SECONDS_TO_START).ask(do, arguments)

    def tell_all(self, do: str) -> None:
        """Make every live process do something; one that ends meanwhile, or does not listen, misses it."""
        with self._lock:
            alive = [entry for entry in self._processes.values() if entry.alive]
        for entry in alive:
            try:
                entry.channel(_SECONDS_TO_START).ask(do)
            except EnvironmentProblem as problem:
                self._log.write(entry.process.pid, f"{entry.process.name} was not told “{do}”: {problem}\n".encode())

    def stop(self) -> None:
        """End every process and close the control channel; safe to call twice."""
        with self._lock:
            if self._stopping:
                return
            self._stopping = True
        self._starter.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            processes, hosts = list(self._processes.values()), list(self._hosts)
        for entry in processes:
            entry.stop()
        for host in hosts:
            host.close()  # on a slow machine the end of its process is still being told
        self._control.close()
        self._log.close()

    def _on_hello(self, channel: ControlChannel) -> None:
        with self._lock:
            entry = self._processes.get(channel.pid)
        if entry is None:
            channel.close()  # knows the token but is no process of ours
        else:
            entry.connect(channel)

    def _on_word(self, channel: ControlChannel, message: Mapping[str, Any]) -> None:
        kind = str(message["event"])
        if kind == "start_process":
            self._start_further(str(message.get("name", "")))
            return
        if kind not in _DETAILS:
            return
        with self._lock:
            entry = self._processes.get(channel.pid)
            if entry is not None and kind in {"exited", "crashed"}:
                entry.said_why = True
            if self._stopping and kind == "exited":
                return  # it ends because we told it to
        self._on_event(AppEvent(kind, str(message.get(_DETAILS[kind], ""))[:_LONGEST_TRACE], channel.pid))

    def _start_further(self, name: str) -> None:
        """Start a second process on its own thread: the channel must stay readable meanwhile."""
        shape = re.escape(self._plan.package) + r":[\w.]{1,64}"
        with self._lock:
            alive = {entry.process.name for entry in self._processes.values() if entry.alive}
            if self._stopping or name in alive or len(alive) >= MOST_PROCESSES or not re.fullmatch(shape, name):
                return
            self._starter.submit(self._start_quietly, name)

    def _start_quietly(self, name: str) -> None:
        with self._lock:
            if self._stopping or any(entry.process.name == name and entry.alive for entry in self._processes.values()):
                return
        try:
            self.start(name)
        except Exception as error:  # noqa: BLE001 - Frida and the agent's own errors: the app goes on, the log tells
            self._log.write(0, f"{name} could not be started: {error}\n".encode())
            if not isinstance(error, GivenUp):
                self._on_event(AppEvent("crashed", f"{name} could not be started: {error}"))

    def _on_channel_end(self, channel: ControlChannel) -> None:
        with self._lock:
            entry = self._processes.get(channel.pid)
        if entry is not None:
            entry.heard_out()

    def _on_process_end(self, entry: LabProcess, host: HostedDevice) -> None:
        process = entry.process
        if not entry.said_why and not self._stopping:
            entry.printed_out.wait(_SECONDS_TO_PRINT)
            last = self._log.tail(process.pid)
            self._on_event(
                AppEvent("crashed", f"{process.name} ended without a word; it last printed: {last}", process.pid)
            )
        self._on_event(AppEvent("process_ended", process.name, process.pid))
        host.close()
        with self._lock:
            self._hosts.discard(host)

    def _on_output(self, pid: int, _descriptor: int, data: bytes) -> None:
        with self._lock:
            entry = self._processes.get(pid)
        if entry is None:
            return
        if data:
            self._log.write(pid, data)
        else:
            entry.printed_out.set()
