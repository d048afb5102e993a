"""Assembles flow records into flows, numbered over the session."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from analyzer.analysis.packed import in_order, packed
from analyzer.analysis.placement import Placement
from analyzer.model.evidence import (
    Connection,
    EvidenceRef,
    FlowError,
    FlowRecord,
    Line,
    Message,
    Refusal,
    Request,
    Response,
    Session,
)
from analyzer.model.results import Flow, SeenGap
from analyzer.model.vocabulary import TAP, FlowKind, GapKind, Source

AHEAD: Final = 512
"""A record that comes after so many flows began since its own did is set apart until that one is put together."""
_UNREAD: Final = -2
_NOBODYS: Final = -1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Assembled:
    """The flows of a session by index, and the records that belong to none."""

    flows: Sequence[Flow]
    gaps: tuple[SeenGap, ...]


class Opening(NamedTuple):
    """What the first record of a flow opens.

    `passed` is the random of the handshake where the connection was passed on unread, `tapped` that of a connection
    whose plaintext it is.
    """

    passed: str = ""
    tapped: str = ""


PLAIN: Final = Opening()


class _Parts(NamedTuple):
    opening: Line[Request | Connection | Refusal]
    response: Line[Response] | None
    messages: list[Line[Message]]
    errors: list[Line[FlowError]]


@dataclass(frozen=True, slots=True)
class Owned:
    """Which of the flows of a recording, counted from 0, each line belongs to; below 0 where to none.

    `late` marks the lines that come long after their flow began. `tunnels` gives for flows that were read inside the
    app the one that carried them unread.
    """

    count: int
    flow_of: array[int]
    late: bytearray
    tunnels: Mapping[int, int] = field(default_factory=dict)

    def grouped(self, items: Sequence[tuple[int, T]]) -> Iterator[list[tuple[int, T]]]:
        """Give for each flow what there is of its lines, in their order; `items` are by line number, in order."""
        waiting: dict[int, list[tuple[int, T]]] = {}
        late = groupby(in_order(self._late(items), self._flow), self._flow)
        after, rest = next(late, (self.count, iter(())))
        given = 0
        for due in self._due(items, waiting):
            for flow in range(given, due):
                found = waiting.pop(flow, [])
                if flow == after:
                    found += rest
                    after, rest = next(late, (self.count, iter(())))
                yield found
            given = max(given, due)

    def _due(self, items: Iterable[tuple[int, T]], waiting: dict[int, list[tuple[int, T]]]) -> Iterator[int]:
        """Lay each item to those of its flow, and give before which flow nothing is to come any more."""
        newest = 0
        for item in items:
            flow = self._flow(item)
            if flow < 0 or self.late[item[0]]:
                continue
            waiting.setdefault(flow, []).append(item)
            if flow > newest:
                newest = flow
                yield newest - AHEAD
        yield self.count

    def _late(self, items: Iterable[tuple[int, T]]) -> Iterable[tuple[int, T]]:
        return (item for item in items if self.late[item[0]]) if 1 in self.late else ()

    def _flow(self, item: tuple[int, object]) -> int:
        return self.flow_of[item[0]]


class Assembly:
    """The flows of all recordings, one recording after the other, in the order their openings were written."""

    def __init__(
        self, session: Session, places: Mapping[str, Placement], owned: Mapping[str, Owned] | None = None
    ) -> None:
        self._session = session
        self._places = places
        self._owned = owned or {recording.name: own_lines(recording.flows) for recording in session.recordings}

    def __iter__(self) -> Iterator[Flow]:
        """Give the flows, made anew each time."""
        index = 0
        for recording in self._session.recordings:
            place, owned, first = self._places[recording.name], self._owned[recording.name], index
            opened = set(owned.tunnels.values())
            for lines in owned.grouped(recording.flows):
                flow = _flow(index, recording.name, _parts(lines), place)
                if opened:
                    tunnel = owned.tunnels.get(index - first)
                    carrier = None if tunnel is None else first + tunnel
                    flow = replace(flow, tunnel=carrier, opened=index - first in opened)
                yield flow
                index += 1

    def gaps(self) -> Iterator[SeenGap]:
        """Give a gap for each record that belongs to no flow."""
        for recording in self._session.recordings:
            flow_of, place = self._owned[recording.name].flow_of, self._places[recording.name]
            if _NOBODYS in flow_of:
                lost = (line for line in recording.flows if flow_of[line.number] == _NOBODYS)
                yield from (_orphan(recording.name, line, place) for line in lost)


def assemble_flows(session: Session, places: Mapping[str, Placement]) -> Assembled:
    """Give the flows of all recordings, one recording after the other, in the order their openings were written."""
    assembly = Assembly(session, places)
    return Assembled(packed(assembly), tuple(assembly.gaps()))


class Owning:
    """Says of line after line which flow it belongs to: the first that was opened by that name, before or after it."""

    def __init__(self) -> None:
        self._flow_of = array("i", [_UNREAD])
        self._by_name: dict[str, int] = {}
        self._early: list[tuple[int, str]] = []
        self._passed: dict[str, int] = {}
        self._tapped: list[tuple[int, str]] = []
        self._count = 0

    def note(self, number: int, name: str, opening: Opening | None) -> None:
        """Note a line and the name of its flow, which it may open."""
        self._flow_of.extend([_UNREAD] * (number + 1 - len(self._flow_of)))
        if opening is not None:
            if opening.passed:
                self._passed[opening.passed] = self._count
            if opening.tapped:
                self._tapped.append((self._count, opening.tapped))
            self._by_name.setdefault(name, self._count)
            self._flow_of[number] = self._count
            self._count += 1
        elif name in self._by_name:
            self._flow_of[number] = self._by_name[name]
        else:
            self._early.append((number, name))

    def owned(self) -> Owned:
        """Give the flows of all lines that were noted."""
        for number, name in self._early:
            self._flow_of[number] = self._by_name.get(name, _NOBODYS)
        tunnels = {flow: self._passed[random] for flow, random in self._tapped if random in self._passed}
        return Owned(self._count, self._flow_of, _late_lines(self._flow_of), tunnels)


def opening_of(record: FlowRecord) -> Opening | None:
    """Say of the first record of a flow what it opens; `None` for any other."""
    if not isinstance(record, Request | Connection | Refusal):
        return None
    if record.source == TAP:
        return Opening(tapped=record.peer.client_random)
    if isinstance(record, Connection) and record.kind is FlowKind.TLS:
        return Opening(passed=record.peer.client_random)
    return PLAIN


def own_lines(lines: Iterable[Line[FlowRecord]]) -> Owned:
    """Say which flow each line belongs to."""
    owning = Owning()
    for number, record in lines:
        owning.note(number, record.flow, opening_of(record))
    return owning.owned()


def _late_lines(flow_of: array[int]) -> bytearray:
    late = bytearray(len(flow_of))
    newest = 0
    for number, flow in enumerate(flow_of):
        if 0 <= flow < newest - AHEAD:
            late[number] = 1
        elif flow > newest:
            newest = flow
    return late


def _parts(lines: Iterable[tuple[int, FlowRecord]]) -> _Parts:
    """Sort the lines of one flow; of several responses the first counts."""
    opening: Line[Request | Connection | Refusal] | None = None
    response: Line[Response] | None = None
    messages: list[Line[Message]] = []
    errors: list[Line[FlowError]] = []
    for number, record in lines:
        if isinstance(record, Response):
            response = response or Line(number, record)
        elif isinstance(record, Message):
            messages.append(Line(number, record))
        elif isinstance(record, FlowError):
            errors.append(Line(number, record))
        else:
            opening = Line(number, record)
    if opening is None:
        raise ValueError("a flow without the record that opens it")
    return _Parts(opening, response, messages, errors)


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
