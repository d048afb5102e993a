"""The time in which nobody uses the app: behind the home screen first, and then with the screen off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from analyzer.capture.device import Device, EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.model.vocabulary import GapKind, MarkKind

_SCREEN: Final = "screen"


class Unattended:
    """Leaves an app alone and fetches it back.

    `watch` lets some seconds pass and says whether the app still runs; `catch_up` notes what happened until now. Both
    raise where the recording must end, and `catch_up` keeps what happened before a mark from standing behind it.
    """

    def __init__(
        self, device: Device, journal: Journal, watch: Callable[[float], bool], catch_up: Callable[[], object]
    ) -> None:
        self._device, self._journal = device, journal
        self._watch, self._catch_up = watch, catch_up

    def observe(self, package: str, background: float, silent: float) -> None:
        """Observe the app behind others for some seconds, the last `silent` of them with the screen off."""
        try:
            self._device.background()
        except EnvironmentProblem as problem:
            self._gap(f"the app was not observed behind others: {problem}")
            self._watch(background)
            return
        self._mark(MarkKind.BACKGROUNDED)
        if self._watch(background - silent) and self._observe_silent(silent):
            self._mark(MarkKind.FOREGROUNDED)
            try:
                self._device.foreground(package)
            except EnvironmentProblem as problem:
                self._gap(f"the app was not fetched back: {problem}")

    def _observe_silent(self, seconds: float) -> bool:
        """Observe with the screen off; says whether the app can be fetched back."""
        if seconds <= 0:
            return True
        try:
            self._device.sleep()
        except EnvironmentProblem as problem:
            self._gap(f"the app was not observed with the screen off: {problem}")
            return self._watch(seconds)
        self._mark(MarkKind.SILENCED)
        alive = self._watch(seconds)
        self._catch_up()
        if alive:  # one that has ended meanwhile stays silent
            self._journal.mark(MarkKind.BACKGROUNDED, None, screen="on")
        try:
            self._device.wake()
        except EnvironmentProblem as problem:
            self._gap(f"the app was not fetched back after the screen was off: {problem}")
            return False
        return alive

    def _mark(self, kind: MarkKind) -> None:
        self._catch_up()
        self._journal.mark(kind)

    def _gap(self, why: str) -> None:
        self._journal.gap(GapKind.SCREEN_NOT_SWITCHED, _SCREEN, why)
