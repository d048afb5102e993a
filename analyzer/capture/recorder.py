"""Makes one recording: fresh app state, proxy, agent, operator; every trouble becomes a gap."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analyzer.capture.clock_sync import measure, now
from analyzer.capture.device import AppEvent, Device, EnvironmentProblem, OnGated
from analyzer.capture.interruption import Interrupted, Stop
from analyzer.capture.journal import Journal
from analyzer.capture.operator import CONSENT_KINDS, Look, Operator
from analyzer.model.evidence import Process
from analyzer.model.vocabulary import GapKind, MarkKind, Strategy

LOOK_EVERY_S = 0.4
RELAUNCHES_AFTER_REFUSAL = 2


class ProxyControl(Protocol):
    """What the recorder needs of the proxy."""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that the device must use."""

    @property
    def ca_certificate(self) -> Path:
        """The PEM file of the authority that the device must trust."""

    def lost(self) -> str:
        """Say why the proxy was lost in mid-run; empty while all is well."""

    def stop(self) -> Mapping[str, int]:
        """Write what is queued, end the proxy and give its counts."""


class AgentControl(Protocol):
    """What the recorder needs of the agent."""

    def attach(self, frida_device: object, process: Process) -> None:
        """Arm the hooks in a process that is held before its first instruction."""

    def cancel(self) -> None:
        """Give up an arming that is going on; for another thread than the one that arms."""

    def check(self) -> None:
        """Raise the `OSError` for which what the agent said could not be written, if there was one."""

    def flush(self, timeout: float = 2.0) -> None:
        """Fetch what the agent still holds."""

    def close(self) -> None:
        """Leave every process."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to record; times in seconds. `duration` counts from the choice (or the end of the dwell)."""

    package: str
    strategy: Strategy
    dwell: float
    duration: float
    keep_data: bool = False


_MARKS = {
    "process_started": MarkKind.PROCESS_STARTED,
    "process_ended": MarkKind.PROCESS_ENDED,
    "exited": MarkKind.APP_EXITED,
    "crashed": MarkKind.APP_CRASHED,
    "permission_asked": MarkKind.PERMISSION_ASKED,
}


class Recorder:
    """Drives one recording from a cleared app to its end."""

    def __init__(
        self,
        device: Device,
        proxy: ProxyControl,
        agent: AgentControl,
        operator: Operator,
        journal: Journal,
        stop: Stop,
    ) -> None:
        self._device = device
        self._proxy = proxy
        self._agent = agent
        self._operator = operator
        self._journal = journal
        self._stop = stop
        self._events: queue.SimpleQueue[AppEvent] = queue.SimpleQueue()
        self._main_pid = 0
        self._app_ended = False
        self._stopping = False
        self._proxy_lost = False
        self._dialog_since: float | None = None
        self._changed = threading.Event()

    def record(self, plan: Plan) -> None:
        """Make the recording; raises `Interrupted` or `EnvironmentProblem` after everything is put back."""
        journal = self._journal
        journal.mark(
            MarkKind.RECORDING_STARTED,
            None,
            strategy=plan.strategy.value,
            keep_data=str(plan.keep_data).lower(),
            dwell_s=f"{plan.dwell:g}",
            duration_s=f"{plan.duration:g}",
        )
        try:
            with self._stop.waking(self._agent.cancel), self._stop.waking(self._changed.set):
                self._prepare(plan)
                self._observe(plan)
        except Interrupted:
            self._note_interruption()
            raise
        except EnvironmentProblem as problem:
            if self._stop.is_set():  # what we waited for was given up, because somebody asked to stop
                self._note_interruption()
                raise Interrupted from problem
            journal.gap(GapKind.DEVICE_LOST, self._device.serial, str(problem))
            raise
        finally:
            self._finish(plan)
            journal.mark(MarkKind.RECORDING_ENDED)

    def _note_interruption(self) -> None:
        self._journal.mark(MarkKind.INTERRUPTED)
        self._journal.gap(GapKind.INTERRUPTED, "recording", "the recording was interrupted before its planned end")

    def _prepare(self, plan: Plan) -> None:
        self._stop.check()
        self._device.prepare(self._proxy.address, self._proxy.ca_certificate)
        if not plan.keep_data:
            self._device.clear_data(plan.package)
            self._journal.mark(MarkKind.DATA_CLEARED)
        self._sync_clock()
        self._stop.check()

    def _sync_clock(self) -> None:
        device = self._device
        self._journal.clock(lambda seq: measure(device.monotonic_us, device.clock_domain, seq))

    def _launch(self, plan: Plan) -> None:
        self._main_pid = 0
        self._app_ended = self._stopping = False
        self._operator.forget()
        self._journal.mark(MarkKind.APP_STARTED, None, package=plan.package)
        attach: OnGated = self._attach
        self._device.launch(plan.package, attach, self._notice)

    def _attach(self, frida_device: object, process: Process) -> None:
        self._main_pid = self._main_pid or process.pid  # the first process of a launch is the app's main one
        self._agent.attach(frida_device, process)
        self._journal.mark(MarkKind.AGENT_ATTACHED, None, process=process.name, pid=str(process.pid))

    def _notice(self, event: AppEvent) -> None:
        self._events.put(event)
        self._changed.set()

    def _observe(self, plan: Plan) -> None:
        self._launch(plan)
        self._watch(plan.dwell, "start")
        self._await_dialog_age(plan)
        self._journal.mark(MarkKind.DWELL_ENDED)
        chosen = self._choose()
        self._watch(plan.duration, "after_choice" if chosen else "observation", answer=True)
        if plan.strategy is Strategy.REFUSE:
            self._come_back(plan)

    def _await_dialog_age(self, plan: Plan) -> None:
        """Leave a dialog that came late untouched for the whole dwell, too."""
        if plan.strategy not in (Strategy.ACCEPT, Strategy.REFUSE):
            return
        shown = self._dialog_since
        if shown is not None:
            rest = plan.dwell - (time.monotonic() - shown)
            if rest > 0:
                self._watch(rest, "dwell")

    def _choose(self) -> bool:
        """Choose, layer by layer, until no dialog asks any more; say whether anything was chosen."""
        chosen = False
        for _ in range(4):
            if self._app_ended or not self._operator.choose():
                break
            chosen = True
            self._watch(1.2, "after_tap")
        return chosen

    def _come_back(self, plan: Plan) -> None:
        """Start the app again after the refusal, as a user would, and refuse again where it asks again."""
        for attempt in range(1, RELAUNCHES_AFTER_REFUSAL + 1):
            self._stop_app(plan.package)
            self._journal.mark(MarkKind.RELAUNCHED, None, attempt=str(attempt))
            self._launch(plan)
            self._watch(plan.dwell, "relaunch")
            self._choose()
            self._watch(min(plan.duration, plan.dwell), "after_relaunch", answer=True)

    def _stop_app(self, package: str) -> None:
        """End the app from outside; what it says while it ends is not an exit of its own."""
        self._drain_events()
        self._stopping = True
        self._device.stop(package)
        self._drain_events()

    def _watch(self, seconds: float, trigger: str, *, answer: bool = False) -> None:
        """Look at the screen until the time is over; a person's wish to stop ends it at once."""
        deadline = time.monotonic() + seconds
        while (rest := deadline - time.monotonic()) > 0:
            self._check()
            look = None if self._app_ended else self._operator.look(trigger)
            self._see(look)
            if answer and look is not None:
                self._operator.answer_permission(look)
            self._changed.wait(min(LOOK_EVERY_S, rest))
            self._changed.clear()
        self._check()

    def _see(self, look: Look | None) -> None:
        asks = look is not None and look.reading.kind in CONSENT_KINDS
        if not asks:
            self._dialog_since = None
        elif self._dialog_since is None:
            self._dialog_since = time.monotonic()

    def _check(self) -> None:
        self._drain_events()
        self._stop.check()
        self._agent.check()
        self._look_after_proxy()

    def _look_after_proxy(self) -> None:
        reason = self._proxy.lost()
        if reason and not self._proxy_lost:
            self._proxy_lost = True
            self._journal.gap(GapKind.PROXY_LOST, "proxy", f"{reason}; later traffic was not read")

    def _drain_events(self) -> None:
        while True:
            try:
                event = self._events.get_nowait()
            except queue.Empty:
                return
            self._write(event)

    def _write(self, event: AppEvent) -> None:
        kind = _MARKS.get(event.kind)
        if self._stopping and kind is MarkKind.APP_EXITED:
            kind = MarkKind.PROCESS_ENDED
        if kind is not None:
            pid = str(event.pid) if event.pid else ""
            self._journal.mark(kind, None, detail=event.detail, pid=pid)
        if event.kind in ("exited", "crashed", "process_ended") and event.pid == self._main_pid:
            self._app_ended = True
        if event.kind == "crashed":
            why = "the app crashed: " + event.detail.splitlines()[0] if event.detail else "the app crashed"
            self._journal.gap(GapKind.APP_CRASHED, "app", why)

    def _finish(self, plan: Plan) -> None:
        """Put everything back; each step is tried, whatever became of the others."""
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("agent", self._agent.flush),
            ("app", lambda: self._stop_app(plan.package)),
            ("agent", self._agent.close),
            ("proxy", self._look_after_proxy),
            ("proxy", self._proxy.stop),
            ("proxy", self._look_after_proxy),
            ("device", self._device.restore),
        )
        failure: OSError | None = None
        for subject, step in steps:
            try:
                self._end(subject, step)
            except OSError as error:  # evidence cannot be written: put the rest back, then say so loudly
                failure = error
        if failure is not None:
            raise failure
        self._drain_events()

    def _end(self, subject: str, step: Callable[[], object]) -> None:
        try:
            step()
        except OSError:
            raise
        except Exception as problem:  # noqa: BLE001 - foreign libraries end here, too; the other steps must follow
            self._journal.gap(GapKind.DEVICE_LOST, subject, f"it could not be ended cleanly: {problem}", now())
