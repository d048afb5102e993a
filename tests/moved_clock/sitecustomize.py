"""Moves the wall clock of a Python process by the microseconds that a file says, at its source; other clocks stay."""

import os
import time

_FILE = os.environ.get("MOVED_CLOCK", "")
_true = time.time_ns


def _moved_ns() -> int:
    try:
        with open(_FILE, encoding="ascii") as file:  # noqa: PTH123 - as little as possible is loaded here
            away = int(file.read())
    except (OSError, ValueError):
        away = 0
    return _true() + away * 1000


if _FILE:
    time.time_ns = _moved_ns
    time.time = lambda: _moved_ns() / 1e9
