"""The starts after a refusal or denial: at once, as a user comes back, and with the device's clock set ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from analyzer.capture.device import Device, EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.model.vocabulary import GapKind, MarkKind

AT_ONCE: Final = 2
HOURS_AHEAD: Final = (25, 47, 49)
"""A day after the refusal, and short of and past the 48 hours within which asking again is called frequent.

Practice guide TC260-PG-20202A, 3.3: more than once in 48 hours.
"""
_HOUR_S: Final = 3600


class ComingBack:
    """Starts an app anew. `stop` ends it; `start` launches it and lets it be watched, and answered as before."""

    def __init__(
        self, device: Device, journal: Journal, stop: Callable[[], object], start: Callable[[], object]
    ) -> None:
        self._device, self._journal = device, journal
        self._stop, self._start = stop, start
        self._starts = 0

    def at_once(self) -> None:
        """Start the app again, and once more."""
        for _ in range(AT_ONCE):
            self._stop()
            self._again()

    def later(self) -> None:
        """Start the app with the device's clock further and further ahead; whoever restores the device sets it back.

        A device that keeps its clock is a gap.
        """
        for hours in HOURS_AHEAD:
            self._stop()
            try:
                self._device.set_ahead(hours * _HOUR_S)
            except EnvironmentProblem as problem:
                why = f"whether the app asks again later was not tried: {problem}"
                self._journal.gap(GapKind.CLOCK_NOT_MOVED, self._device.serial, why)
                return
            self._journal.mark(MarkKind.CLOCK_MOVED, None, ahead_s=str(hours * _HOUR_S))
            self._again()

    def _again(self) -> None:
        self._starts += 1
        self._journal.mark(MarkKind.RELAUNCHED, None, attempt=str(self._starts))
        self._start()
