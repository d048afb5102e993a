"""Makes one recording: fresh app state, proxy, agent, operator; every trouble becomes a gap."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from analyzer.capture.app_events import ENDINGS, note_event
from analyzer.capture.clock_sync import measure, now
from analyzer.capture.coming_back import ComingBack
from analyzer.capture.device import AppEvent, Device, EnvironmentProblem, OnGated
from analyzer.capture.interruption import Interrupted, Stop
from analyzer.capture.journal import Journal
from analyzer.capture.operator import CONSENT_KINDS, MAX_LAYERS, Look, Operator
from analyzer.capture.permission_state import PermissionState
from analyzer.capture.unattended import Unattended
from analyzer.capture.walk import ReadPage, Walk
from analyzer.model.clock import ClockSample
from analyzer.model.evidence import Process
from analyzer.model.vocabulary import GapKind, MarkKind, ScreenKind, Strategy

LOOK_EVERY_S = 0.4
FIRST_LOOK_EVERY_S = 0.1
START_DWELLS = 2
MAX_ANSWERS = 3
"""How often in one launch the operator answers a question that comes again."""
CHOOSING = (Strategy.ACCEPT, Strategy.REFUSE, Strategy.DENY)


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

    def processes(self) -> list[Process]:
        """List the processes that carry a living agent."""

    def sample_clock(self, process: Process, seq: int) -> ClockSample | None:
        """Measure a process's boot clock against the host's; `None` when its agent is gone."""

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
    """What to record; times in seconds.

    `duration` counts from the choice (or the end of the dwell), `settle` is left to the app after each touch,
    `background` is for how long the app is observed behind others, once consent was given, `silent` for how long of
    that the screen is off. With `later`, a refused app is started with the device's clock ahead as well.
    """

    package: str
    strategy: Strategy
    dwell: float
    duration: float
    keep_data: bool = False
    settle: float = 1.2
    background: float = 0.0
    silent: float = 0.0
    later: bool = False


def _shows(look: Look, package: str) -> bool:
    return look.dump.package == package and bool(look.dump.hierarchy)


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
        read_page: ReadPage | None = None,
    ) -> None:
        self._device = device
        self._read_page = read_page
        self._proxy = proxy
        self._agent = agent
        self._operator = operator
        self._journal = journal
        self._stop = stop
        self._events: queue.SimpleQueue[AppEvent] = queue.SimpleQueue()
        self._main_pid = 0
        self._app_ended = self._stopping = False
        self._permissions = PermissionState(device, journal)
        self._proxy_lost = False
        self._dialog_since: float | None = None
        self._question = ""
        self._chosen = False
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
        self._permissions.note(plan.package, "start")
        self._sync_clock()
        self._stop.check()

    def _sync_clock(self) -> None:
        device = self._device
        step = device.clock_step_us
        self._journal.clock(lambda seq: measure(device.monotonic_us, device.clock_domain, seq, step_us=step))

    def _sync_agents(self) -> None:
        """Measure the device's clock through the agents: a shorter way than the device's shell, and no steps."""
        for process in self._agent.processes():
            self._journal.clock(partial(self._agent.sample_clock, process))

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
        self._sync_agents()
        self._journal.mark(MarkKind.AGENT_ATTACHED, None, process=process.name, pid=str(process.pid))

    def _notice(self, event: AppEvent) -> None:
        self._events.put(event)
        self._changed.set()

    def _observe(self, plan: Plan) -> None:
        self._launch(plan)
        self._await_window(plan)
        self._watch(plan.dwell, "start")
        self._leave_alone(plan)
        self._journal.mark(MarkKind.DWELL_ENDED)
        self._follow(plan, plan.duration)
        self._note_missing_choice(plan)
        if plan.strategy is Strategy.ACCEPT:
            self._look_for_policy()
            self._leave_unattended(plan)
        if plan.strategy is Strategy.DENY or (plan.strategy is Strategy.REFUSE and self._chosen):
            stop, start = partial(self._stop_app, plan.package), partial(self._start_again, plan)
            back = ComingBack(self._device, self._journal, stop, start)
            back.at_once()
            self._look_for_policy()
            if plan.later:
                back.later()

    def _await_window(self, plan: Plan) -> None:
        """Wait for the app's first window, from which the dwell counts: on a slow machine it may come late.

        An app without one is given up on after twice the dwell.
        """
        deadline = time.monotonic() + START_DWELLS * plan.dwell
        while time.monotonic() < deadline and not self._app_ended:
            self._check()
            look = self._operator.look("start")
            self._see(look)
            if look is not None and (look.reading.kind is ScreenKind.PERMISSION or _shows(look, plan.package)):
                return
            self._changed.wait(min(FIRST_LOOK_EVERY_S, max(0.0, deadline - time.monotonic())))
            self._changed.clear()

    def _leave_alone(self, plan: Plan) -> None:
        """Leave a dialog that came late untouched for the whole dwell, too."""
        if plan.strategy not in CHOOSING or self._dialog_since is None:
            return
        rest = plan.dwell - (time.monotonic() - self._dialog_since)
        if rest > 0:
            self._watch(rest, "dwell")

    def _follow(self, plan: Plan, seconds: float) -> None:
        """Answer what the app asks, in whatever order it asks, then observe it for `seconds` after the last answer."""
        deadline = time.monotonic() + seconds
        for _ in range(MAX_ANSWERS):
            answered = self._choose(plan)
            deadline = max(deadline, time.monotonic() + seconds) if answered else deadline
            if not self._watch_until(deadline, "after_choice" if self._chosen else "observation", until_asked=True):
                return
            self._leave_alone(plan)
        self._watch_until(deadline, "observation")

    def _choose(self, plan: Plan) -> bool:
        """Answer a question that was watched already, layer by layer; say whether anything was chosen."""
        chosen = False
        for _ in range(MAX_LAYERS if self._dialog_since is not None else 0):
            if plan.strategy not in CHOOSING or self._app_ended or not self._operator.choose():
                break
            chosen = self._chosen = True
            self._watch(plan.settle, "after_tap")
        return chosen

    def _note_missing_choice(self, plan: Plan) -> None:
        """Say where the strategy could not be carried out: silence about it would read as if it had been."""
        if plan.strategy not in CHOOSING or self._app_ended:
            return
        if self._dialog_since is not None:
            self._operator.note_missing_choice(self._question or "none recognised", answered=self._chosen)
        elif not self._chosen:
            self._operator.note_missing_choice()

    def _look_for_policy(self) -> None:
        """Walk to the privacy policy as a person would, from the screen that the app shows after the choice."""
        if self._read_page is None or self._app_ended or self._dialog_since is not None:
            return
        Walk(self._device, self._operator, self._journal, self._read_page, self._goes_on).go()
        self._check()

    def _goes_on(self) -> bool:
        self._check()
        return not self._app_ended

    def _leave_unattended(self, plan: Plan) -> None:
        if self._app_ended or plan.background <= 0:
            return
        unattended = Unattended(self._device, self._journal, self._let_pass, self._drain_events)
        unattended.observe(plan.package, plan.background, plan.silent)

    def _let_pass(self, seconds: float) -> bool:
        """Let time pass without a look at the screen; says whether the app still runs."""
        deadline = time.monotonic() + seconds
        while (rest := deadline - time.monotonic()) > 0 and self._goes_on():
            self._changed.wait(min(LOOK_EVERY_S, rest))
            self._changed.clear()
        return not self._app_ended

    def _start_again(self, plan: Plan) -> None:
        """Start the app as a user would who comes back, and answer alike where it asks again."""
        self._launch(plan)
        self._watch(plan.dwell, "relaunch")
        self._follow(plan, min(plan.duration, plan.dwell))

    def _stop_app(self, package: str) -> None:
        """End the app from outside; what it says while it ends is not an exit of its own."""
        self._drain_events()
        self._stopping = True
        self._device.stop(package)
        self._drain_events()

    def _watch(self, seconds: float, trigger: str) -> None:
        """Look at the screen for some time and touch nothing."""
        self._watch_until(time.monotonic() + seconds, trigger, touch=False)

    def _watch_until(self, deadline: float, trigger: str, *, touch: bool = True, until_asked: bool = False) -> bool:
        """Look at the screen until the deadline; a person's wish to stop ends it at once.

        With `touch` system permission dialogs are answered; with `until_asked` it ends, giving true, when a dialog
        that can be answered asks for consent.
        """
        while (rest := deadline - time.monotonic()) > 0:
            self._check()
            look = None if self._app_ended else self._operator.look(trigger)
            self._see(look)
            if touch and look is not None:
                self._operator.answer_permission(look)
                if until_asked and self._operator.can_choose(look):
                    return True
            self._changed.wait(min(LOOK_EVERY_S, rest))
            self._changed.clear()
        self._check()
        return False

    def _see(self, look: Look | None) -> None:
        if look is None or look.reading.kind not in CONSENT_KINDS:
            self._dialog_since = None
            return
        self._question = " | ".join(control.label for control in look.reading.controls)[:300]
        if self._dialog_since is None:
            self._dialog_since = time.monotonic()

    def _check(self) -> None:
        self._drain_events()
        self._stop.check()
        self._agent.check()
        if lost := self._device.lost():
            raise EnvironmentProblem(lost)
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
        note_event(self._journal, event, stopping=self._stopping)
        if event.kind in ENDINGS and event.pid == self._main_pid:
            self._app_ended = True

    def _finish(self, plan: Plan) -> None:
        """Put everything back; each step is tried, whatever became of the others."""
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            ("clock", self._sync_agents),
            ("agent", self._agent.flush),
            ("permissions", lambda: self._permissions.note(plan.package, "end")),
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
