"""Assembles flow records into flows, numbered over the session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.analysis.placement import Placement
from analyzer.model.evidence import (
    Connection,
    EvidenceRef,
    FlowError,
    FlowRecord,
    Line,
    Message,
    Recording,
    Refusal,
    Request,
    Response,
    Session,
)
from analyzer.model.results import Flow, SeenGap
from analyzer.model.vocabulary import FlowKind, GapKind, Source


@dataclass(frozen=True, slots=True)
class Assembled:
    """The flows of a session by index, and the records that belong to none."""

    flows: tuple[Flow, ...]
    gaps: tuple[SeenGap, ...]


@dataclass(slots=True)
class _Parts:
    opening: Line[Request | Connection | Refusal]
    response: Line[Response] | None = None
    messages: list[Line[Message]] = field(default_factory=list)
    errors: list[Line[FlowError]] = field(default_factory=list)


def assemble_flows(session: Session, places: Mapping[str, Placement]) -> Assembled:
    """Give the flows of all recordings, one recording after the other, in the order their openings were written."""
    flows: list[Flow] = []
    gaps: list[SeenGap] = []
    for recording in session.recordings:
        place = places[recording.name]
        parts, orphans = _collect(recording)
        flows += [_flow(len(flows) + at, recording.name, part, place) for at, part in enumerate(parts)]
        gaps += [_orphan(recording.name, line, place) for line in orphans]
    return Assembled(tuple(flows), tuple(gaps))


def _collect(recording: Recording) -> tuple[list[_Parts], list[Line[FlowRecord]]]:
    parts = list(_openings(recording))
    open_by_id = {part.opening.record.flow: part for part in reversed(parts)}
    orphans: list[Line[FlowRecord]] = []
    for number, record in recording.flows:
        part = open_by_id.get(record.flow)
        if part is None:
            orphans.append(Line(number, record))
        elif isinstance(record, Response):
            part.response = part.response or Line(number, record)
        elif isinstance(record, Message):
            part.messages.append(Line(number, record))
        elif isinstance(record, FlowError):
            part.errors.append(Line(number, record))
    return parts, orphans


def _openings(recording: Recording) -> Iterator[_Parts]:
    for number, record in recording.flows:
        if isinstance(record, Request | Connection | Refusal):
            yield _Parts(Line(number, record))


def _flow(index: int, recording: str, part: _Parts, place: Placement) -> Flow:
    record = part.opening.record
    return Flow(
        index=index,
        ref=EvidenceRef(recording, Source.FLOWS, part.opening.number),
        instant=place.instant(record),
        kind=_kind(record, part),
        host=record.host,
        port=record.port,
        owner=record.owner,
        opening=part.opening,
        response=part.response,
        messages=tuple(part.messages),
        errors=tuple(part.errors),
    )


def _kind(record: Request | Connection | Refusal, part: _Parts) -> FlowKind:
    if isinstance(record, Connection):
        return record.kind
    if isinstance(record, Refusal):
        return FlowKind.TLS
    return FlowKind.WEBSOCKET if part.messages else FlowKind.HTTP


def _orphan(recording: str, line: Line[FlowRecord], place: Placement) -> SeenGap:
    return SeenGap(
        id="",
        ref=EvidenceRef(recording, Source.FLOWS, line.number),
        recording=recording,
        kind=GapKind.RECORD_INVALID,
        subject=f"flows:{line.number}",
        why=f"the beginning of its flow {line.record.flow} is missing",
        at_us=place.at(line.record.stamp),
    )
