"""Whether a device was calibrated, and whether what was found then holds for what it is looked at with now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from analyzer.capture.agent_build import build_agent
from analyzer.model.calibration import Calibration
from analyzer.packs.loader import load_packs
from analyzer.store import calibrations
from analyzer.workflows.home import Home
from analyzer.workflows.versions import versions


def instruments(home: Home) -> Mapping[str, str]:
    """Name what a device is looked at with: Frida's version, the digests of the agent and of the hook catalog."""
    agent = build_agent(home.folder("cache"))
    return {**versions(("frida",)), "agent": agent.sha256, "catalog": load_packs().catalog.digest}


def calibrated(home: Home, serial: str, build: str) -> Calibration | None:
    """Give the calibration of a device; `None` where there is none of this build of it with these instruments."""
    found = calibrations.find(home.workspace.path, serial)
    same = found is not None and found.build == build and found.instruments == instruments(home)
    return found if same else None


def day(created_us: int) -> str:
    """Give the day of an instant (UTC)."""
    return datetime.fromtimestamp(created_us / 1_000_000, UTC).date().isoformat()
