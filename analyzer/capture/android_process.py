"""When a process of an Android device began, by the device's own boot clock."""

from __future__ import annotations

from typing import Final

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.clock_sync import now
from analyzer.capture.device import EnvironmentProblem
from analyzer.model.clock import Stamp

_STEP_US: Final = 10_000
"""The kernel counts the start of a process in hundredths of a second, on every Android (`USER_HZ`)."""
_BEGAN: Final = 19
"""The place of the start among the fields behind the name (proc_pid_stat(5), field 22)."""


def process_start(shell: AndroidShell, pid: int) -> Stamp | None:
    """Give when the kernel made a process (its fork), to ten milliseconds; `None` where the device does not tell."""
    try:
        said = shell.run("cat", f"/proc/{pid}/stat", "/proc/uptime").out
    except EnvironmentProblem:
        return None  # the device is gone, or its answer: whoever needs it notices by itself
    stat, _, uptime = said.rpartition("\n")
    fields = stat.rpartition(")")[2].split()
    try:
        began_us = int(fields[_BEGAN]) * _STEP_US
        age_us = round(float(uptime.split(" ")[0]) * 1_000_000) - began_us
    except (IndexError, ValueError):
        return None
    return Stamp(began_us + _STEP_US // 2, now().wall_us - age_us, f"device:{shell.serial}")
