"""What this machine can do, and which devices it sees."""

from __future__ import annotations

from pathlib import Path

from analyzer.capture.android import adb_server, server_answers, stop_server
from analyzer.capture.android import list_devices as list_android
from analyzer.capture.lab import SERIAL
from analyzer.capture.selfcheck import Check, check_environment


def list_devices() -> tuple[list[tuple[str, ...]], str]:
    """List the devices that an app can run on: serial, kind, model, state; leaves no adb server that was not there.

    Where one had to be left, the sentence beside the list says why.
    """
    there = server_answers(adb_server())
    found = list_android(start_server=True)
    left = "" if there else stop_server()
    return [*found, (SERIAL, "lab", "embedded lab device", "ready")], left


def check_machine(workspace: Path) -> list[Check]:
    """Check everything that a recording needs."""
    return check_environment(workspace)
