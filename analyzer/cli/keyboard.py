"""Single keys of the person at the terminal, without Enter."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from analyzer.report.playback import Wait


@contextmanager
def keys() -> Iterator[Wait]:
    """Give what waits for a key; the terminal is as before afterwards. Without a terminal there are no keys."""
    descriptor = _terminal()
    if descriptor is None:
        yield _asleep
        return
    before = termios.tcgetattr(descriptor)

    def wait(seconds: float | None) -> str:
        ready, _, _ = select.select([descriptor], [], [], seconds)
        if not ready:
            return ""
        return os.read(descriptor, 1).decode("ascii", "replace") or "q"

    try:
        tty.setcbreak(descriptor)
        yield wait
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _terminal() -> int | None:
    try:
        return sys.stdin.fileno() if sys.stdin.isatty() else None
    except (OSError, ValueError):
        return None


def _asleep(seconds: float | None) -> str:
    time.sleep(seconds or 0.0)
    return ""
