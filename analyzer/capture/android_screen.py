"""The screen of an Android device through its own tools: what is shown, touches, HOME, and switching it off."""

from __future__ import annotations

import contextlib
import re
import time
from typing import Final, Protocol

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem, ScreenDump

SCREEN: Final = "screen"
"""The kind of the change that the screen was switched off."""
LOOK_FILE: Final = "look"
"""The kind of change that a file of each look may lie on the device."""
_DUMP: Final = "/data/local/tmp/.view.xml"
_LOOK: Final = f"rm -f {_DUMP}; uiautomator dump {_DUMP} && cat {_DUMP}; rm -f {_DUMP}"
_SECONDS: Final = 30.0
_LONGEST: Final = 4_000_000
_HOME, _BACK, _SLEEP, _WAKE = "3", "4", "223", "224"
_LEAVES_WITHIN_S: Final = 3.0
_SWITCHES_WITHIN_S: Final = 15.0
_ASK_AGAIN_S: Final = 0.2
_PNG: Final = b"\x89PNG"
_RESUMED: Final = re.compile(
    r"(?:topResumedActivity=|mResumedActivity: |ResumedActivity: |mFocusedActivity: )"
    r"ActivityRecord\{\S+ (?:u\d+ )?([\w.]+)/([\w.$]+)"
)
_WAKEFULNESS: Final = re.compile(r"^\s*mWakefulness=(\w+)", re.MULTILINE)
"""`Awake`, `Dreaming`, `Dozing` or `Asleep`; a phone that shows the time on a dark screen is dozing."""
_LIT: Final = frozenset({"Awake", "Dreaming"})
_SHOWS_LOCK: Final = re.compile(r"^\s*(?:showing|mIsShowing)=true", re.MULTILINE)
_LOCK_IS_SECURE: Final = re.compile(r"^\s*secure=true", re.MULTILINE)
"""As AOSP's `KeyguardServiceDelegate` and `KeyguardStateMonitor` write it below `dumpsys window policy`."""
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


def asks_for_secret(shell: AndroidShell) -> bool:
    """Say whether the lock screen asks for a PIN, a pattern or a password."""
    return _LOCK_IS_SECURE.search(_policy(shell)) is not None


def _policy(shell: AndroidShell) -> str:
    return shell.run("dumpsys", "window", "policy").out


def remove_look(shell: AndroidShell) -> None:
    """Take the file of a look away that was broken off."""
    shell.run("rm", "-f", _DUMP)


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

    def back(self) -> None:
        """Press BACK and wait until something else is shown; where the app stays as it is, the next look shows that."""
        before = self._shown()
        self._input("keyevent", _BACK)
        deadline = time.monotonic() + _LEAVES_WITHIN_S
        while self._shown() in {before, ""} and time.monotonic() < deadline:
            time.sleep(_ASK_AGAIN_S)

    def _shown(self) -> str:
        """Read the hierarchy; nothing while the screen does not rest."""
        with contextlib.suppress(EnvironmentProblem):
            return self._hierarchies.hierarchy()
        return ""

    def sleep(self) -> None:
        """Switch the screen off, unless a lock would come on with it that only the device's owner can open."""
        if asks_for_secret(self._shell):
            raise EnvironmentProblem(
                f"The lock screen of {self._shell.serial} asks for a PIN, a pattern or a password, so it would stay "
                "locked; take that away in its settings and record again."
            )
        self._input("keyevent", _SLEEP)
        if self._settled(lit=False) in _LIT | {""}:
            self.light()
            raise EnvironmentProblem(f"The screen of {self._shell.serial} does not go off, or does not tell it.")

    def wake(self) -> None:
        """Switch the screen on and put a lock screen away; one that stays is an `EnvironmentProblem`."""
        self.light()
        deadline = time.monotonic() + _SWITCHES_WITHIN_S
        while _SHOWS_LOCK.search(_policy(self._shell)):
            if time.monotonic() > deadline:
                raise EnvironmentProblem(
                    f"The lock screen of {self._shell.serial} came back and only its owner can open it; unlock it."
                )
            time.sleep(_ASK_AGAIN_S)

    def light(self) -> None:
        """Switch the screen on and ask a lock screen to go, which one with a PIN does not."""
        self._input("keyevent", _WAKE)
        state = self._settled(lit=True)
        if state and state not in _LIT:
            raise EnvironmentProblem(f"The screen of {self._shell.serial} does not go on; look what keeps it off.")
        self._shell.run("wm", "dismiss-keyguard")  # a device that does not know it shows none, or keeps it

    def _settled(self, *, lit: bool) -> str:
        """Wait until the screen is as wanted; give the state that the device tells then, or at last."""
        deadline = time.monotonic() + _SWITCHES_WITHIN_S
        while True:
            found = _WAKEFULNESS.search(self._shell.run("dumpsys", "power").out)
            state = found[1] if found else ""
            if not state or (state in _LIT) == lit or time.monotonic() > deadline:
                return state
            time.sleep(_ASK_AGAIN_S)

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
