"""The one pass over the flow records: each is decoded and looked at once, and only what later steps need is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from sys import intern
from typing import Final, NamedTuple, TypeAlias, TypeVar

from analyzer.analysis.answers import Answers
from analyzer.analysis.copies import copier
from analyzer.analysis.detect_network import Seen, Watcher
from analyzer.analysis.flow_streams import Segment, Streams, segment_bytes, whole
from analyzer.analysis.owners import naming_headers
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
from analyzer.model.results import SeenGap
from analyzer.model.vocabulary import GapKind, Source

T = TypeVar("T")
R = TypeVar("R")

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
    """What is kept of one line: its record without bytes, what was seen in it, and what may be part of a stream."""

    number: int
    record: FlowRecord | Gap
    seen: Seen
    segment: bytes = b""


Mapper: TypeAlias = Callable[[Callable[[Task], list[Kept]], Iterable[Task]], Iterable[list[Kept]]]
"""Calls a function on every task and gives the answers in the order of the tasks: `map`, or a pool of processes."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The session with its flows at hand, without their bytes; and what was seen in each record that carries data.

    `answers` are what the answers of each recording gave.
    """

    session: Session
    seen: Mapping[EvidenceRef, Seen]
    answers: Mapping[str, Answers]

    def seen_in(self, ref: EvidenceRef, _record: FlowRecord) -> Seen:
        """Give what was seen in a record."""
        return self.seen.get(ref, NOTHING)


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

    def __call__(self, task: Task) -> list[Kept]:
        """Give what is kept of each line of a chunk, in order."""
        return [self._keep(task.recording, number, record) for number, record in task.chunk()]

    def _keep(self, recording: str, number: int, record: FlowRecord | Gap) -> Kept:
        if isinstance(record, Gap):
            return Kept(number, record, NOTHING)
        seen = self.watcher.look(EvidenceRef(recording, Source.FLOWS, number), record)
        return Kept(number, light(record), seen, segment_bytes(record))


def pass_flows(session: Session, watcher: Watcher, mapper: Mapper = map) -> Passed:
    """Look at every flow record of a session, one chunk at a time or several at once in other processes."""
    tasks = [Task(recording.name, chunk) for recording in session.recordings for chunk in _chunks(recording)]
    chunks = iter(mapper(Pass(watcher), tasks))
    seen: dict[EvidenceRef, Seen] = {}
    answers = {recording.name: Answers() for recording in session.recordings}
    recordings = []
    for recording in session.recordings:
        kept = (one for _ in _chunks(recording) for one in next(chunks))
        streams = Streams()
        recordings.append(_collect(recording, kept, seen, streams, answers[recording.name]))
        _read_streams(recording.name, streams, watcher, seen)
    return Passed(replace(session, recordings=tuple(recordings)), seen, answers)


def _read_streams(recording: str, streams: Streams, watcher: Watcher, seen: dict[EvidenceRef, Seen]) -> None:
    """Look at every stream as a whole; what only it shows is said of the first of the segments that it lies in."""
    place = watcher.places[recording]

    def look(part: Sequence[Segment]) -> Seen:
        found = watcher.look(EvidenceRef(recording, Source.FLOWS, part[0].line), whole(part))
        until = place.instant(part[-1].record)
        return Seen(tuple(replace(one, until=until) for one in found.observations), found.gaps)

    def add(line: int, found: Seen) -> None:
        ref = EvidenceRef(recording, Source.FLOWS, line)
        first = seen.get(ref, NOTHING)
        seen[ref] = Seen((*first.observations, *found.observations), (*first.gaps, *found.gaps))

    for segments in streams.joined():
        alone = [seen.get(EvidenceRef(recording, Source.FLOWS, segment.line), NOTHING) for segment in segments]
        for line, found in list(streams.across(segments, look, alone)):
            add(line, found)
    for line, first, last in streams.unjoined():
        ref = EvidenceRef(recording, Source.FLOWS, line)
        times = place.at(first.stamp), place.at(last.stamp)
        add(line, Seen((), (SeenGap("", ref, recording, GapKind.DECODE_LIMIT, "", UNJOINED, *times),)))


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


def _chunks(recording: Recording) -> Sequence[FlowChunk]:
    return recording.chunks or (Held(recording.flows),)


def _collect(
    recording: Recording, kept: Iterable[Kept], seen: dict[EvidenceRef, Seen], streams: Streams, answers: Answers
) -> Recording:
    lines: list[Line[FlowRecord]] = []
    torn: list[Line[Gap]] = []
    last = Stamp(0, 0)
    for number, record, found, segment in kept:
        if isinstance(record, Gap):
            torn.append(Line(number, replace(record, stamp=last)))
            continue
        last = record.stamp
        lines.append(Line(number, record))
        streams.note(number, record, segment)
        if found.observations or found.gaps:
            seen[EvidenceRef(recording.name, Source.FLOWS, number)] = Seen(found.observations, found.gaps)
        if found.given is not None:
            answers.note(found.given)
    return replace(recording, flows=lines, gaps=tuple(_in_order(recording.gaps, torn)), chunks=(), firsts=())


def _in_order(gaps: Sequence[Line[Gap]], torn: Sequence[Line[Gap]]) -> Iterator[Line[Gap]]:
    """Put the broken lines of the flows where a reader of whole files puts them: after those of files before."""
    order = [f"{source}.jsonl" for source in Source]
    last = order.index(f"{Source.FLOWS}.jsonl")
    later = [line for line in gaps if line.number == 0 and order.index(line.record.subject.partition(":")[0]) > last]
    yield from (line for line in gaps if line not in later)
    yield from torn
    yield from later
