"""The lab app's own account of what it did, from an Android device's log."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from analyzer.capture.android_shell import AndroidShell

TAG: Final = "lab.truth"
"""Under which the lab's app writes one JSON object per line (`scripts/build-apk`)."""
_LINE: Final = re.compile(r"\d\d-\d\d \d\d:\d\d:\d\d\.\d+\s+(\d+)\s+\d+ [VDIWEFA] lab\.truth\s*: (.*)", re.ASCII)


def read_account_lines(shell: AndroidShell, pids: Collection[int]) -> list[str]:
    """Give what these processes wrote down, in order; the log keeps it after their end, for a while."""
    said = shell.run("logcat", "-d", "-v", "threadtime", "-s", f"{TAG}:I")
    found = map(_LINE.match, said.out.splitlines())
    return [match[2] for match in found if match is not None and int(match[1]) in pids]
