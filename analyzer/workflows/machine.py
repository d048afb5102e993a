"""What this machine can do, and which devices it sees."""

from __future__ import annotations

from pathlib import Path

from analyzer.capture.android import list_devices as list_android
from analyzer.capture.lab import SERIAL
from analyzer.capture.selfcheck import Check, check_environment


def list_devices() -> list[tuple[str, ...]]:
    """List the devices that an app can run on: serial, kind, model, state."""
    return [*list_android(start_server=True), (SERIAL, "lab", "embedded lab device", "ready")]


def check_machine(workspace: Path) -> list[Check]:
    """Check everything that a recording needs."""
    return check_environment(workspace)
