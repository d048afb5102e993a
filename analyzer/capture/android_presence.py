"""Whether adb still has a device: what was unplugged, or adb lost, is not waited for."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from typing import Final

from adbutils import AdbClient, AdbError

from analyzer.capture.android import server_answers

_READY: Final = "device"
_ASK_EVERY_S: Final = 1.0
_AWAY_S: Final = 5.0
"""So long a device may be away before it counts as lost: adb sees one again a moment after a bad contact."""
_SILENT: Final = "adb does not answer"
_SILENT_S: Final = 60.0
"""So long adb may be silent, as on a busy machine, before the device counts as lost."""
_PATIENCE_S: Final = 20.0


class Presence:
    """Follows one device; `server` is the `(host, port)` of the adb server, `clock` gives seconds."""

    def __init__(self, serial: str, server: tuple[str, int], clock: Callable[[], float] = time.monotonic) -> None:
        self._serial, self._server, self._clock = serial, server, clock
        self._asked = self._away_since = float("-inf")
        self._state = _READY

    def lost(self) -> str:
        """Say what became of the device and what to do; empty while adb has it, or had it some seconds ago."""
        at = self._clock()
        if at - self._asked >= _ASK_EVERY_S:
            before, self._state = self._state, self._ask()
            self._asked = self._clock()
            if before != self._state:
                self._away_since = at
        if self._state == _READY or at - self._away_since < (_SILENT_S if self._state == _SILENT else _AWAY_S):
            return ""
        return (
            f"{self._serial} was unplugged, or adb lost it ({self._state}); what was recorded until then is sealed. "
            f"Plug it in, run `analyzer device restore --device {self._serial}`, and record again."
        )

    def _ask(self) -> str:
        if not server_answers(self._server):
            return _SILENT
        try:
            found = AdbClient(*self._server, socket_timeout=_PATIENCE_S).list()
        except (AdbError, OSError, EOFError, ValueError, subprocess.SubprocessError):
            return _SILENT
        return next((str(device.state) for device in found if device.serial == self._serial), "not there")
