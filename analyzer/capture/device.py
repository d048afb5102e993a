"""What the recorder needs of any device: lab, emulator or phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from analyzer.model.clock import Stamp
from analyzer.model.evidence import AppFacts, DeviceFacts, Process


class EnvironmentProblem(Exception):  # noqa: N818 - it is the environment's problem, and the sentence says what to do
    """The machine or device cannot do what was asked; the message is one sentence that says what to do."""


class GivenUp(EnvironmentProblem):
    """What was going on was given up, because somebody asked to stop: neither the app's fault nor the device's."""


@dataclass(frozen=True, slots=True)
class ScreenDump:
    """One look at the device: uiautomator XML, PNG bytes (empty when refused), foreground package and activity."""

    hierarchy: str
    screenshot: bytes
    package: str
    activity: str


@dataclass(frozen=True, slots=True)
class AppEvent:
    """Something the device noticed about the app.

    `kind` is `process_started | process_ended | exited | crashed | lost | not_responding | unobserved | isolated |
    own_program | ui_changed | permission_asked | resumed | paused`. `detail` is the process name, the permission, the
    activity, the crash text, why it hangs or was lost (ended, and not by itself), or which process goes on without the
    agent and why. An `own_program` is one that the app brought with it. An `isolated` process has a user of its
    own, so that nothing tells whose it is; it goes on without the agent. `since` is when the process it is about began,
    where the device tells that.
    """

    kind: str
    detail: str
    pid: int = 0
    since: Stamp | None = None


OnGated: TypeAlias = Callable[[object, Process], None]
"""Called with the Frida device and a process that is held before its first instruction; arms the agent."""

OnAppEvent: TypeAlias = Callable[[AppEvent], None]
"""Called from the device's own threads; must not block."""


class Device(Protocol):
    """A device that runs one app at a time. Every method raises `EnvironmentProblem` with one helpful sentence."""

    serial: str

    def facts(self) -> DeviceFacts:
        """Describe the device."""

    def install(self, files: Sequence[Path]) -> str:
        """Install an app from its files and give its package name."""

    def app_facts(self, package: str) -> AppFacts:
        """Describe an installed app; a missing one is an `EnvironmentProblem` that lists what there is."""

    def permissions(self, package: str) -> Mapping[str, bool]:
        """Give the permissions whose state the device tells, granted or not; none where it tells nothing."""

    def prepare(self, proxy: tuple[str, int], ca_certificate: Path) -> None:
        """Send the app's traffic through the proxy and make the device trust its certificate."""

    def clear_data(self, package: str) -> None:
        """Reset the app's state: data, permissions, processes."""

    def launch(self, package: str, on_gated: OnGated, on_event: OnAppEvent) -> None:
        """Start the app; each of its processes, now and later, is held for `on_gated` before it runs."""

    def screen(self) -> ScreenDump:
        """Read the UI hierarchy and take a picture of it."""

    def tap(self, x: int, y: int) -> None:
        """Touch the screen at a point in pixels."""

    def background(self) -> None:
        """Press HOME."""

    def sleep(self) -> None:
        """Switch the screen off and leave the app as it is; where that cannot be, the screen stays on."""

    def wake(self) -> None:
        """Switch the screen on again; a lock that only the device's owner can open is an `EnvironmentProblem`."""

    def set_ahead(self, seconds: int) -> None:
        """Set the clock that apps see ahead by so many seconds, from the next start of an app on; `restore` undoes it.

        A device whose clock cannot be set is an `EnvironmentProblem`. The boot clock stays as it is.
        """

    def foreground(self, package: str) -> None:
        """Bring the running app back to the front."""

    def stop(self, package: str) -> None:
        """End every process of the app."""

    def running(self, package: str) -> list[Process]:
        """List the app's live processes."""

    def monotonic_us(self) -> int:
        """Read the device's boot clock in microseconds."""

    @property
    def clock_domain(self) -> str:
        """Name the device's boot clock as stamps do (`host` on the lab device)."""

    @property
    def clock_step_us(self) -> int:
        """Give the steps in which `monotonic_us` is read; it gives the middle of one."""

    def lost(self) -> str:
        """Say why the device cannot be reached any more and what to do; empty while it can. Asked again and again."""

    def restore(self) -> None:
        """Undo what `prepare` changed; safe to call twice."""
