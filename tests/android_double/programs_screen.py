"""The screen and the log: input, uiautomator, screencap, wm, logcat, dumpsys, svc."""

from __future__ import annotations

import select

from framework import Call, Framework


def logcat(framework: Framework, call: Call) -> int:
    """Show the log: `-c` empties it, `-d` ends at its end, otherwise it goes on until the reader leaves."""
    if "-c" in call.arguments:
        framework.state.log.clear()
        return 0
    shown = 0
    while True:
        lines = framework.state.log[shown:]
        shown += len(lines)
        if lines:
            call.say("".join(f"{line}\n" for line in lines))
        if "-d" in call.arguments:
            return 0
        if select.select([call.wire], [], [], 0.05)[0]:
            return 0


PROGRAMS = {"logcat": logcat}
