"""Takes the records of foreign captures into a recording, one at a time; what cannot be taken becomes a gap."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

from analyzer.analysis.owners import UNPROVEN
from analyzer.codec.foreign import UNTIMED_CLOCK, UNZONED_CLOCK, Broken, ForeignRecord, stamp
from analyzer.codec.migrate import FormatProblem
from analyzer.model.clock import Micros
from analyzer.model.evidence import (
    Body,
    Connection,
    Event,
    FlowError,
    Gap,
    HookState,
    Mark,
    Message,
    Refusal,
    Request,
    Response,
    Stack,
)
from analyzer.model.said_of_traffic import MASKED, OTHER_HANDSHAKE
from analyzer.model.vocabulary import GapKind, MarkKind, Owner
from analyzer.store.recording import RecordingWriter
from analyzer.workflows.import_hooks import HookNames
from analyzer.workflows.import_owner import goes_by_other_handshake, names_other_host, owned
from analyzer.workflows.import_statement import IMPORTER

INLINE_LIMIT: Final = 1024 * 1024
"""Larger bodies are kept beside the record."""

_BOUNDS: Final = frozenset({MarkKind.RECORDING_STARTED, MarkKind.RECORDING_ENDED})
_TORN: Final = ("ends in the middle", "ends early", "cut off", "truncated")
_ZONES: Final = "they may be off by up to 14 hours, phase not decidable so near to a choice of a stated time"
_OPENINGS: Final = (Request, Connection, Refusal)
_DATED: Final = (*_OPENINGS, Message, Event, Mark)
"""Records whose own time decides something; an answer without one belongs to its request."""
_Bodied = TypeVar("_Bodied", Request, Response, Message)


Kept: TypeAlias = Request | Response | Connection | Message | Refusal | FlowError | Event | Stack | HookState | Mark


class Intake:
    """Writes what the readers give to a recording and keeps count.

    `first_us` and `last_us` bound the times of the records, 0 before there is one. `marks` are those the captures
    brought; where a recording began and ended is not taken from them. `broken` tells of the first record that could not
    be read, `clocks` are those on which records stand, `unzoned` the records whose times name no zone, by file.
    """

    def __init__(self, writer: RecordingWriter, package: str, hooks: HookNames) -> None:
        self.flows = self.events = self.gaps = self.others = self.records = 0
        self.first_us: Micros = 0
        self.last_us: Micros = 0
        self.marks: list[Mark] = []
        self.broken = ""
        self._writer = writer
        self._package = package
        self._hooks = hooks
        self._early: list[Gap] = []
        self._cut = self._undated = self._foreign = self._unzoned = self._masked = self._contradicted = 0
        self.clocks: set[str] = set()
        self.unzoned: list[tuple[str, int]] = []
        self._span: tuple[Micros, Micros] = (0, 0)

    def take(self, record: ForeignRecord, file: str) -> None:
        """Take one record of the file of that name; raises `OSError` when it cannot be written."""
        if isinstance(record, Broken):
            self._break(record, file)
            return
        self._see(record.stamp.wall_us)
        if isinstance(record, Mark):
            self.marks.append(record)
            if record.kind in _BOUNDS:
                return
        try:
            self._writer.append(self._prepared(record))
        except FormatProblem as problem:
            self.gap(GapKind.RECORD_INVALID, f"{file}: record {record.seq}", str(problem)[:500], record.stamp.wall_us)
            return
        self.records += 1
        self._count_clock(record)
        self.flows += isinstance(record, _OPENINGS)
        self.events += isinstance(record, Event)

    def _count_clock(self, record: Kept) -> None:
        domain = record.stamp.domain
        self.clocks.add(domain)
        self._undated += domain == UNTIMED_CLOCK and isinstance(record, _DATED)
        self._unzoned += domain == UNZONED_CLOCK and isinstance(record, _DATED)

    def begin_file(self) -> None:
        """Begin to count the times of a file."""
        self._span = (0, 0)

    def end_file(self, file: str) -> tuple[Micros, Micros]:
        """Note what was missing all over a file, and give its first and last time, 0 where it told none."""
        if self._cut:
            why = f"{self._cut} responses in this file came without all of their content"
            self.gap(GapKind.BODY_MISSING, file, why)
            self._cut = 0
        if self._undated:
            records = "record tells" if self._undated == 1 else "records tell"
            why = f"{self._undated} {records} no time that can be read: shown beside the neighbour, phase not decidable"
            self.gap(GapKind.CLOCK_UNCERTAIN, file, why)
            self._undated = 0
        if self._unzoned:
            self.unzoned.append((file, self._unzoned))
            names = "record names" if self._unzoned == 1 else "records name"
            why = f"{self._unzoned} {names} times without a zone, which are taken for UTC: {_ZONES}"
            self.gap(GapKind.CLOCK_UNCERTAIN, file, why)
            self._unzoned = 0
        if self._foreign:
            named = "1 request names" if self._foreign == 1 else f"{self._foreign} requests name"
            self.gap(GapKind.TRAFFIC_OPAQUE, file, f"{named} {UNPROVEN}")
            self._foreign = 0
        if self._masked:
            named = "1 request names" if self._masked == 1 else f"{self._masked} requests name"
            self.gap(GapKind.TRAFFIC_OPAQUE, file, f"{named} {MASKED}")
            self._masked = 0
        if self._contradicted:
            went = "1 request went" if self._contradicted == 1 else f"{self._contradicted} requests went"
            why = f"{went} through a connection {OTHER_HANDSHAKE}: told is where it was opened to"
            self.gap(GapKind.TRAFFIC_OPAQUE, file, why)
            self._contradicted = 0
        return self._span

    def end(self) -> None:
        """Write the gaps that waited in vain for a record with a time."""
        for gap in self._early:
            self._writer.append(gap)
        self._early = []

    def gap(self, kind: GapKind, subject: str, why: str, at_us: Micros = 0) -> None:
        """Write a gap at a time of the capture; one without a time waits for the first record."""
        self.gaps += 1
        at = at_us or self.last_us
        gap = Gap(self.gaps, IMPORTER, stamp(at), kind, subject, why)
        if at:
            self._writer.append(gap)
        else:
            self._early.append(gap)

    def _see(self, at_us: Micros) -> None:
        self.last_us = max(self.last_us, at_us)
        if at_us and (not self.first_us or at_us < self.first_us):
            self.first_us = at_us
        if at_us:
            first, last = self._span
            self._span = (min(first or at_us, at_us), max(last, at_us))
        if self._early and self.last_us:
            early, self._early = self._early, []
            for gap in early:
                self._writer.append(replace(gap, stamp=stamp(self.last_us)))

    def _break(self, broken: Broken, file: str) -> None:
        self.broken = self.broken or f"{file}: {broken.place}: {broken.why}"
        torn = any(word in broken.why for word in _TORN)
        kind = GapKind.RECORD_TORN if torn else GapKind.RECORD_INVALID
        self.gap(kind, f"{file}: {broken.place}", broken.why[:500], broken.wall_us)

    def _prepared(self, record: Kept) -> Kept:
        match record:
            case Request():
                request = owned(record, self._package)
                self.others += request.owner is Owner.OTHER
                self._foreign += request.owner is Owner.OTHER
                self._masked += names_other_host(request)
                self._contradicted += goes_by_other_handshake(request)
                self._see(request.end.wall_us)
                return self._placed(request)
            case Message():
                return self._placed(record)
            case Response():
                self._cut += record.body.truncated
                self._see(record.end.wall_us)
                return self._placed(record)
            case Event():
                return self._hooks.name(record)
        return record

    def _placed(self, record: _Bodied) -> _Bodied:
        """Put a large body beside the record; what a body lacks, every analysis tells anew."""
        body = record.body
        if len(body.data) <= INLINE_LIMIT:
            return record
        return replace(record, body=Body(body.size, blob=self._writer.keep(body.data), truncated=body.truncated))
