"""The shell of an Android device: every word is passed as one word, whatever it holds."""

from __future__ import annotations

import shlex
from typing import Final, NamedTuple

from adbutils import AdbClient, AdbError

from analyzer.capture.device import EnvironmentProblem

_SECONDS: Final = 20.0
_BY_HAND: Final = {
    "magisk": ("su", "-c"),
    "su": ("su", "0", "sh", "-c"),
}


class Said(NamedTuple):
    """What a command answered: its exit code, output and complaint, without the line end."""

    code: int
    out: str
    err: str


class AndroidShell:
    """Runs commands on one device, as the shell user or as root.

    `serial` is adb's name of the device, `server` the `(host, port)` of the adb server. Raises `EnvironmentProblem`
    when the device is gone or does not answer.
    """

    def __init__(self, serial: str, server: tuple[str, int]) -> None:
        """Name the device; nothing is asked yet."""
        self.serial = serial
        self._device = AdbClient(*server, socket_timeout=_SECONDS).device(serial=serial)

    def run(self, *words: str) -> Said:
        """Run one command, each of `words` arriving as exactly one word.

        adbutils joins lists by the rules of Windows, under which `$`, `;` and back-ticks are live on the device.
        """
        return self._say(shlex.join(words))

    def run_as_root(self, root: str, *words: str) -> Said:
        """Run one command as root; `root` is a root kind: `adbd | magisk | su`."""
        if root == "adbd":
            return self.run(*words)
        return self.run(*_BY_HAND[root], shlex.join(words))

    def _say(self, line: str) -> Said:
        try:
            said = self._device.shell2(line, timeout=_SECONDS, v2=True, rstrip=True)
        except (AdbError, OSError, EOFError, ValueError) as error:
            raise EnvironmentProblem(
                f"The device {self.serial} does not answer ({error}). Check the cable and `adb devices`, then retry."
            ) from error
        return Said(said.returncode, str(said.stdout), str(said.stderr))
