"""What this machine can do, and which devices it sees."""

from __future__ import annotations

from pathlib import Path

from analyzer.capture.android import adb_server, server_answers, stop_server
from analyzer.capture.android import list_devices as list_android
from analyzer.capture.lab import SERIAL
from analyzer.capture.selfcheck import Check, check_environment


def list_devices() -> list[tuple[str, ...]]:
    """List the devices that an app can run on: serial, kind, model, state; leaves no adb server that was not there."""
    there = server_answers(adb_server())
    found = list_android(start_server=True)
    if not there:
        stop_server()
    return [*found, (SERIAL, "lab", "embedded lab device", "ready")]


def check_machine(workspace: Path) -> list[Check]:
    """Check everything that a recording needs."""
    return check_environment(workspace)
