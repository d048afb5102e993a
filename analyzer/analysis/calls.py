"""Turns hook hits into calls: placed on the timeline, with their stacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzer.analysis.placement import Placement
from analyzer.model.evidence import Event, EvidenceRef, Recording, Session, Stack
from analyzer.model.results import Call
from analyzer.model.vocabulary import Source


def resolve_calls(session: Session, places: Mapping[str, Placement]) -> tuple[Call, ...]:
    """Give every hook hit of the session in the order of the timeline."""
    calls = [call for recording in session.recordings for call in _calls(recording, places[recording.name])]
    return tuple(sorted(calls, key=lambda call: (call.instant, call.ref.recording, call.ref.line)))


def _calls(recording: Recording, place: Placement) -> Iterator[Call]:
    stacks = {
        (line.record.source, line.record.id): line.record.frames
        for line in recording.events
        if isinstance(line.record, Stack)
    }
    for number, record in recording.events:
        if not isinstance(record, Event):
            continue
        ref = EvidenceRef(recording.name, Source.EVENTS, number)
        frames = None if record.stack is None else stacks.get((record.source, record.stack))
        yield Call(f"{recording.name}/events/{number}", ref, place.instant(record), record, frames)
