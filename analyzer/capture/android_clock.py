"""The clock of an Android device: set ahead for a while, with the network's time off, and set back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem

CLOCK: Final = "clock"
"""The kind of the change that the clock was set."""
_SHAPE: Final = "%m%d%H%M%Y.%S"
"""As POSIX has it for `date`; toybox takes it on every Android from 6 on (its help text)."""
_SLACK_S: Final = 30
"""How far off the clock may be after it was set: the commands take their time on a slow device."""


class AndroidClock:
    """Sets the clock of one device as root; `note` writes the change down first.

    How far the device's clock is from this machine's is measured once, before anything is changed: setting back goes
    by this machine's clock, so that it works after a restart of the device as well.
    """

    def __init__(self, shell: AndroidShell, root: str, note: Callable[[str, Mapping[str, Any]], object]) -> None:
        self._shell, self._root, self._note = shell, root, note
        self._away_s: int | None = None

    def set_ahead(self, seconds: int) -> None:
        """Set the clock ahead of what it would show by so many seconds."""
        if self._away_s is None:
            self._away_s = away = self._read() - int(time.time())
            before = self._shell.run("settings", "get", "global", "auto_time").out
            self._note(CLOCK, {"root": self._root, "away_s": away, "auto_time": before})
        self._shell.run_as_root(self._root, "settings", "put", "global", "auto_time", "0")
        self._set(self._away_s + seconds)

    def put_back(self, away_s: int, auto_time: str) -> None:
        """Set the clock to what it would show by now, and let the network set it again where it could before."""
        words = ("delete", "global", "auto_time") if auto_time == "null" else ("put", "global", "auto_time", auto_time)
        try:
            self._set(away_s)
        finally:  # a clock that cannot be set here, the network can still set
            said = self._shell.run_as_root(self._root, "settings", *words)
        if said.code:
            raise EnvironmentProblem(f"auto_time of {self._shell.serial} could not be set to {auto_time} again.")

    def _set(self, away_s: int) -> None:
        wanted = int(time.time()) + away_s
        shape = datetime.fromtimestamp(wanted, UTC).strftime(_SHAPE)
        said = self._shell.run_as_root(self._root, "date", "-u", shape)
        if abs(self._read() - wanted) > _SLACK_S:
            why = (said.err or said.out).strip()[:200] or "it shows another time"
            raise EnvironmentProblem(f"The clock of {self._shell.serial} cannot be set: {why}.")

    def _read(self) -> int:
        text = self._shell.run("date", "+%s").out
        if not (text.isascii() and text.isdecimal()):
            raise EnvironmentProblem(f"{self._shell.serial} does not tell its time: {text[:50]!r}.")
        return int(text)


def clock_undo(shell: AndroidShell, facts: Mapping[str, Any]) -> None:
    """Take the change back, given its facts."""
    AndroidClock(shell, str(facts["root"]), lambda *_: None).put_back(int(facts["away_s"]), str(facts["auto_time"]))
