"""Holds a recording against what the app wrote down of itself: what is missing, and since how long before the fault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.model.evidence import Event, Request, Session

TICKS = "android.provider.Settings$Secure.getString"


@dataclass(frozen=True)
class Loss:
    """Records that the app made before the fault and that are not there; `ms` from the first of them to the fault."""

    calls: int
    requests: int
    later: int
    ms: float

    @property
    def records(self) -> int:
        return self.calls + self.requests


def read_truth(path: Path) -> list[Mapping[str, Any]]:
    """Read what the app wrote down; its own last line may be torn."""
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def lost(truth: Iterable[Mapping[str, Any]], session: Session, fault_us: int) -> Loss:
    """Compare; both sides are stamped with the same clock of the kernel."""
    truth = list(truth)
    calls = _missing_calls([one for one in truth if one["what"] == "read"], session)
    requests = _missing_requests([one for one in truth if one["what"] == "send" and one["delivered"]], session)
    before = [at for at in (*calls, *requests) if at <= fault_us]
    return Loss(
        sum(at <= fault_us for at in calls),
        sum(at <= fault_us for at in requests),
        len(calls) + len(requests) - len(before),
        (fault_us - min(before)) / 1000 if before else 0.0,
    )


def _missing_calls(reads: list[Mapping[str, Any]], session: Session) -> list[int]:
    """Each read was hooked just before the app wrote it down, and after it wrote down the one before."""
    seen: dict[str, list[int]] = {}
    for recording in session.recordings:
        for line in recording.events:
            record = line.record
            if isinstance(record, Event) and record.api.startswith(TICKS):
                seen.setdefault(record.process.name, []).append(record.stamp.mono_us)
    missing = []
    for process in {one["process"] for one in reads}:
        stamps, at, before = sorted(seen.get(process, ())), 0, 0
        for instant in sorted(one["mono_us"] for one in reads if one["process"] == process):
            while at < len(stamps) and stamps[at] <= before:
                at += 1
            if at == len(stamps) or stamps[at] > instant:
                missing.append(instant)
            before = instant
    return missing


def _missing_requests(sends: list[Mapping[str, Any]], session: Session) -> list[int]:
    seen = {
        line.record.target
        for recording in session.recordings
        for line in recording.flows
        if isinstance(line.record, Request)
    }
    return [one["mono_us"] for one in sends if one["path"] not in seen]
