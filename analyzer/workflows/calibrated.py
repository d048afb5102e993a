"""Whether a device was calibrated, and whether what was found then holds for what it is looked at with now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from analyzer.capture.agent_build import build_agent
from analyzer.capture.journal import MAX_DETAIL
from analyzer.codec.migrate import FormatProblem
from analyzer.model.calibration import Calibration, Proof
from analyzer.packs.loader import load_besides_rules
from analyzer.store import calibrations
from analyzer.workflows.home import Home
from analyzer.workflows.versions import versions


def instruments(home: Home) -> Mapping[str, str]:
    """Name what a device is looked at with: Frida's version, the digests of the agent and of the hook catalog."""
    agent = build_agent(home.folder("cache"))
    return {**versions(("frida",)), "agent": agent.sha256, "catalog": load_besides_rules().catalog.digest}


class Calibrated(NamedTuple):
    """The calibration of a device, if it has one that holds; `unreadable` says why its file tells nothing."""

    calibration: Calibration | None = None
    unreadable: str = ""


def calibrated(home: Home, serial: str, build: str) -> Calibrated:
    """Give the calibration of a device, none where there is none of this build of it with these instruments."""
    try:
        found = calibrations.find(home.workspace.path, serial)
    except FormatProblem as problem:
        return Calibrated(unreadable=f"{problem}; run `analyzer calibrate` again")
    same = found is not None and found.build == build and found.instruments == instruments(home)
    return Calibrated(found if same else None)


def citation(found: Calibration) -> Mapping[str, str]:
    """Give the details of the mark that cites a calibration; the hooks that it proved go on under `proven_2` and so on.

    No detail is longer than what a mark keeps of one.
    """
    parts = [""]
    for name in found.names("hook", Proof.PROVEN):
        if len(parts[-1]) + 1 + len(name) > MAX_DETAIL:
            parts.append("")
        parts[-1] = f"{parts[-1]} {name}".strip()
    proven = {"proven" if number == 1 else f"proven_{number}": part for number, part in enumerate(parts, 1)}
    return {"session": found.session, "digest": found.digest, "day": day(found.created_us), **proven}


def day(created_us: int) -> str:
    """Give the day of an instant (UTC)."""
    return datetime.fromtimestamp(created_us / 1_000_000, UTC).date().isoformat()
