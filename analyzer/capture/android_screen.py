"""The screen of an Android device through its own tools: what is shown, touches, HOME, and switching it off."""

from __future__ import annotations

import re
from typing import Final, Protocol

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem, ScreenDump

_DUMP: Final = "/data/local/tmp/.view.xml"
_LOOK: Final = f"rm -f {_DUMP}; uiautomator dump {_DUMP} && cat {_DUMP}; rm -f {_DUMP}"
_SECONDS: Final = 30.0
_LONGEST: Final = 4_000_000
_HOME, _SLEEP, _WAKE = "3", "223", "224"
_PNG: Final = b"\x89PNG"
_RESUMED: Final = re.compile(
    r"(?:topResumedActivity=|mResumedActivity: |ResumedActivity: |mFocusedActivity: )"
    r"ActivityRecord\{\S+ (?:u\d+ )?([\w.]+)/([\w.$]+)"
)
_PACKAGE: Final = re.compile(r'<node[^>]*? package="([\w.]+)"')


class Hierarchies(Protocol):
    """Reads the UI hierarchy as XML; raises `EnvironmentProblem` where the device gives none."""

    def hierarchy(self) -> str:
        """Read what the screen shows now."""


class DumpedHierarchies:
    """Hierarchies by `uiautomator dump`, which every device has; slow, and refused while the screen does not rest."""

    def __init__(self, shell: AndroidShell) -> None:
        self._shell = shell

    def hierarchy(self) -> str:
        """Read what the screen shows now."""
        said = self._shell.run_for(_SECONDS, "sh", "-c", _LOOK)
        start = said.out.find("<?xml")
        if start < 0:
            why = (said.err or said.out).strip()[:200] or "it said nothing"
            raise EnvironmentProblem(f"The screen of {self._shell.serial} could not be read: {why}.")
        return said.out[start:][:_LONGEST]


class AndroidScreen:
    """Looks at the screen and touches it."""

    def __init__(self, shell: AndroidShell, hierarchies: Hierarchies) -> None:
        self._shell, self._hierarchies = shell, hierarchies
        self._last = ScreenDump("", b"", "", "")

    def look(self) -> ScreenDump:
        """Read the hierarchy, and take a picture where it is another one than at the last look."""
        hierarchy = self._hierarchies.hierarchy()
        package, activity = self._in_front()
        shown = _PACKAGE.search(hierarchy)
        package = shown[1] if shown else package
        last = self._last
        same = (last.hierarchy, last.package, last.activity) == (hierarchy, package, activity)
        if not same or not last.screenshot:
            self._last = ScreenDump(hierarchy, self._picture(), package, activity)
        return self._last

    def tap(self, x: int, y: int) -> None:
        """Touch a point in pixels."""
        self._input("tap", str(x), str(y))

    def home(self) -> None:
        """Press HOME."""
        self._input("keyevent", _HOME)

    def switch(self, *, on: bool) -> None:
        """Wake the screen, or send it to sleep."""
        self._input("keyevent", _WAKE if on else _SLEEP)

    def _input(self, *words: str) -> None:
        said = self._shell.run("input", *words)
        if said.code or "Exception" in said.err:
            why = (said.err or said.out).strip()[:200]
            raise EnvironmentProblem(f"The device {self._shell.serial} refused `input {words[0]}`: {why}.")

    def _picture(self) -> bytes:
        """Take a picture; a window that forbids pictures gives none."""
        data = self._shell.read("screencap", "-p")
        return data if data.startswith(_PNG) else b""

    def _in_front(self) -> tuple[str, str]:
        """Give package and class of the activity that is resumed."""
        found = _RESUMED.search(self._shell.run("dumpsys", "activity", "activities").out)
        if found is None:
            return "", ""
        package, name = found.groups()
        return package, package + name if name.startswith(".") else name
