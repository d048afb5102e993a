"""The one pass over the flow records: each is decoded and looked at once, and only what later steps need is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from sys import intern
from typing import Final, NamedTuple, TypeAlias

from analyzer.analysis.answers import Answers
from analyzer.analysis.copies import copier
from analyzer.analysis.decode_flow import lines_of
from analyzer.analysis.detect_network import Seen, Watcher
from analyzer.analysis.flow_streams import Segment, Streams, may_join, segment_bytes, whole
from analyzer.analysis.flows import Opening, Owned, Owning, opening_of
from analyzer.analysis.owners import naming_headers
from analyzer.analysis.packed import Block, Packed, pack
from analyzer.analysis.placement import Placement
from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    Blob,
    Body,
    EvidenceRef,
    FlowChunk,
    FlowRecord,
    Gap,
    Line,
    Message,
    Recording,
    Request,
    Response,
    Session,
)
from analyzer.model.results import Flow, SeenGap
from analyzer.model.vocabulary import GapKind, Source

NOTHING = Seen((), ())
UNJOINED: Final = (
    "the connection sent more than is joined, and the rest was read segment by segment: a value across two goes unseen"
)

_request: Final = copier(
    Request, "headers", "body", "source", "stamp", "end", "flow", "host", "method", "scheme", "http_version"
)
_response: Final = copier(Response, "headers", "body", "source", "stamp", "end", "flow", "reason", "http_version")
_message: Final = copier(Message, "body", "source", "stamp", "flow")


class Task(NamedTuple):
    """A stretch of the flows of one recording."""

    recording: str
    chunk: FlowChunk


class Kept(NamedTuple):
    """What is kept of one chunk: its lines without bytes, what was seen in them, and what may be part of a stream.

    `seen` holds pairs of a line's number and what was seen there. `torn` are the lines that are no records, each with
    the stamp of the record before it, `None` where that is in another chunk; `last` is the stamp of the last record.
    `names` say of each line the name of its flow, and what it opens; `parts` are what `Streams` notes.
    """

    lines: list[Block]
    seen: list[Block]
    names: list[tuple[int, str, Opening | None]]
    torn: list[tuple[Line[Gap], Stamp | None]]
    parts: list[tuple[int, FlowRecord, bytes, Seen]]
    answers: Answers
    last: Stamp | None
    ends: tuple[Stamp, ...] = ()


Mapper: TypeAlias = Callable[[Callable[[Task], Kept], Iterable[Task]], Iterable[Kept]]
"""Calls a function on every task and gives the answers in the order of the tasks: `map`, or a pool of processes."""


class SeenAt(NamedTuple):
    """The number of a line of flows, and what was seen there."""

    line: int
    seen: Seen


@dataclass(frozen=True, slots=True)
class Passed:
    """The session with its flows at hand, without their bytes; and what was seen in each record that carries data.

    By recording, `owned` says whose each line is, `seen` holds what was seen, in the order of the lines, `joined` by
    line what only a whole stream shows, and `answers` what the answers gave.
    """

    session: Session
    owned: Mapping[str, Owned]
    seen: Mapping[str, Sequence[SeenAt]]
    joined: Mapping[str, Mapping[int, Seen]]
    answers: Mapping[str, Answers]

    def by_flow(self, flows: Iterable[Flow]) -> Iterator[tuple[Flow, Sequence[Seen]]]:
        """Give each flow with what was seen in its records, in their order."""
        waiting = iter(flows)
        for recording, of_lines in self.owned.items():
            for found, flow in zip(of_lines.grouped(self.seen[recording]), waiting, strict=False):
                yield flow, tuple(self._told(flow, dict(found)))

    def _told(self, flow: Flow, found: Mapping[int, Seen]) -> Iterator[Seen]:
        joined = self.joined[flow.ref.recording]
        for number, _ in lines_of(flow):
            if number in found:
                yield found[number]
            if number in joined:
                yield joined[number]


@dataclass(frozen=True, slots=True)
class Held:
    """A chunk of records that are in memory anyway."""

    lines: Sequence[Line[FlowRecord]]

    def __call__(self) -> Iterable[Line[FlowRecord | Gap]]:
        """Give the lines."""
        return self.lines


@dataclass(frozen=True, slots=True)
class Pass:
    """Looks at every record of a chunk; may run in another process."""

    watcher: Watcher

    def __call__(self, task: Task) -> Kept:
        """Give what is kept of a chunk."""
        lines: list[Line[FlowRecord]] = []
        seen: list[SeenAt] = []
        kept = Kept([], [], [], [], [], Answers(), None)
        last: Stamp | None = None
        for number, record in task.chunk():
            if isinstance(record, Gap):
                kept.torn.append((Line(number, record), last))
                continue
            found = self.watcher.look(EvidenceRef(task.recording, Source.FLOWS, number), record)
            bare, told = light(record), Seen(found.observations, found.gaps)
            last = bare.stamp
            lines.append(Line(number, bare))
            kept.names.append((number, bare.flow, opening_of(bare)))
            if told != NOTHING:
                seen.append(SeenAt(number, told))
            if found.given is not None:
                kept.answers.note(found.given)
            if may_join(bare):
                kept.parts.append((number, bare, segment_bytes(record), told))
        ends = _ends((line.record.stamp for line in lines), self.watcher.places[task.recording])
        return kept._replace(lines=list(pack(lines)), seen=list(pack(seen)), last=last, ends=ends)


def pass_flows(session: Session, watcher: Watcher, mapper: Mapper = map) -> Passed:
    """Look at every flow record of a session, one chunk at a time or several at once in other processes."""
    tasks = [Task(recording.name, chunk) for recording in session.recordings for chunk in _chunks(recording)]
    chunks = iter(mapper(Pass(watcher), tasks))
    owned: dict[str, Owned] = {}
    seen: dict[str, Sequence[SeenAt]] = {}
    joined: dict[str, Mapping[int, Seen]] = {}
    answers = {recording.name: Answers() for recording in session.recordings}
    recordings = []
    for recording in session.recordings:
        kept = (next(chunks) for _ in _chunks(recording))
        streams, owning = Streams(), Owning()
        passed, seen[recording.name] = _collect(recording, kept, streams, owning, answers[recording.name])
        recordings.append(replace(passed, ends=_ends(passed.ends, watcher.places[recording.name])))
        owned[recording.name] = owning.owned()
        joined[recording.name] = _read_streams(recording.name, streams, watcher)
    return Passed(replace(session, recordings=tuple(recordings)), owned, seen, joined, answers)


def _read_streams(recording: str, streams: Streams, watcher: Watcher) -> dict[int, Seen]:
    """Look at every stream as a whole; what only it shows is said of the first of the segments that it lies in."""
    place = watcher.places[recording]
    joined: dict[int, Seen] = {}

    def look(part: Sequence[Segment]) -> Seen:
        found = watcher.look(EvidenceRef(recording, Source.FLOWS, part[0].line), whole(part))
        until = place.instant(part[-1].record)
        return Seen(tuple(replace(one, until=until) for one in found.observations), found.gaps)

    def add(line: int, found: Seen) -> None:
        first = joined.get(line, NOTHING)
        joined[line] = Seen((*first.observations, *found.observations), (*first.gaps, *found.gaps))

    for segments in streams.joined():
        for line, found in streams.across(segments, look):
            add(line, found)
    for line, first, last in streams.unjoined():
        ref = EvidenceRef(recording, Source.FLOWS, line)
        times = place.at(first.stamp), place.at(last.stamp)
        add(line, Seen((), (SeenGap("", ref, recording, GapKind.DECODE_LIMIT, "", UNJOINED, *times),)))
    return joined


def light(record: FlowRecord) -> FlowRecord:
    """Give a record without what only detection needs: the bytes of its body, of which the digest stays; headers.

    Of the headers those stay that may say whose a request of an unknown owner is.
    What one record says as others do is held once for all of them.
    """
    source = intern(record.source)
    match record:
        case Request():
            where = intern(record.host), intern(record.method), intern(record.scheme), intern(record.http_version)
            when = _stamp(record.stamp), _stamp(record.end)
            return _request(
                record, naming_headers(record), _digested(record.body), source, *when, intern(record.flow), *where
            )
        case Response():
            when = _stamp(record.stamp), _stamp(record.end)
            how = intern(record.flow), intern(record.reason), intern(record.http_version)
            return _response(record, (), _digested(record.body), source, *when, *how)
        case Message():
            body = _digested(record.body)
            return _message(record, body, source, _stamp(record.stamp), intern(record.flow))
    return record


def _stamp(stamp: Stamp) -> Stamp:
    mono_us = stamp.mono_us
    return Stamp(mono_us, mono_us if stamp.wall_us == mono_us else stamp.wall_us, intern(stamp.domain))


def _digested(body: Body) -> Body:
    if body.blob is not None:
        return body
    return Body(body.size, b"", Blob("", sha256(body.data).hexdigest(), len(body.data)), body.truncated)


def _ends(stamps: Iterable[Stamp], place: Placement) -> tuple[Stamp, ...]:
    ordered = sorted(set(stamps), key=place.at)
    return (ordered[0], ordered[-1]) if ordered else ()


def _chunks(recording: Recording) -> Sequence[FlowChunk]:
    return recording.chunks or (Held(recording.flows),)


def _collect(
    recording: Recording, chunks: Iterable[Kept], streams: Streams, owning: Owning, answers: Answers
) -> tuple[Recording, Sequence[SeenAt]]:
    lines: list[Block] = []
    seen: list[Block] = []
    torn: list[Line[Gap]] = []
    ends: list[Stamp] = []
    last = Stamp(0, 0)
    for kept in chunks:
        ends += kept.ends
        lines += kept.lines
        seen += kept.seen
        torn += (Line(line.number, replace(line.record, stamp=stamp or last)) for line, stamp in kept.torn)
        last = kept.last or last
        for number, name, opening in kept.names:
            owning.note(number, name, opening)
        for part in kept.parts:
            streams.note(*part)
        answers.add(kept.answers)
    gaps = tuple(_in_order(recording.gaps, torn))
    return replace(recording, flows=Packed(lines), gaps=gaps, chunks=(), firsts=(), ends=tuple(ends)), Packed(seen)


def _in_order(gaps: Sequence[Line[Gap]], torn: Sequence[Line[Gap]]) -> Iterator[Line[Gap]]:
    """Put the broken lines of the flows where a reader of whole files puts them: after those of files before."""
    order = [f"{source}.jsonl" for source in Source]
    last = order.index(f"{Source.FLOWS}.jsonl")
    later = [line for line in gaps if line.number == 0 and order.index(line.record.subject.partition(":")[0]) > last]
    yield from (line for line in gaps if line not in later)
    yield from torn
    yield from later
