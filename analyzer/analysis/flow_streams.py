"""Reads what a raw connection sent as one stream, so that values across the boundaries of segments are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias

from analyzer.analysis.detect_network import Seen
from analyzer.model.evidence import Body, Connection, FlowRecord, Message
from analyzer.model.results import Observation
from analyzer.model.vocabulary import Direction, FlowKind

LARGEST_SEGMENT: Final = 1 << 16
LARGEST_STREAM: Final = 1 << 18
LARGEST_ALL: Final = 1 << 24
"""So many bytes are held in all; streams that begin later are read segment by segment only."""
LARGEST_SEARCH: Final = 1 << 23
"""So many bytes are read again to find the segments that a value lies in; after that it lies in all of them."""

_NOTHING: Final = Seen((), ())


class Segment(NamedTuple):
    """What an app sent at once: its line, its record without bytes, the bytes, and what was seen in them alone."""

    line: int
    record: Message
    data: bytes
    seen: Seen


class Unjoined(NamedTuple):
    """The first and the last of the segments of a connection that were read one by one only."""

    line: int
    first: Message
    last: Message


Look: TypeAlias = Callable[[Sequence[Segment]], Seen]
"""Reads segments in a row as one."""


@dataclass(slots=True)
class _Stream:
    segments: list[Segment] = field(default_factory=list)
    size: int = 0
    over: Unjoined | None = None


@dataclass(slots=True)
class Streams:
    """Holds the beginning of what each raw connection of a recording sent, until all of it was read."""

    streams: dict[str, _Stream] = field(default_factory=dict)
    held: int = 0
    searched: int = 0

    def note(self, number: int, record: FlowRecord, data: bytes, seen: Seen = _NOTHING) -> None:
        """Note one record of the flows, the bytes it had if it is a segment that is not too long, and what it shows."""
        if isinstance(record, Connection) and record.kind is FlowKind.TCP:
            self.streams[record.flow] = _Stream()
            return
        stream = self.streams.get(record.flow)
        if stream is None or not isinstance(record, Message) or not _is_segment(record):
            return
        size = record.body.size
        full = not data or stream.size + size > LARGEST_STREAM or self.held + size > LARGEST_ALL
        if stream.over is not None or full:
            before = stream.over or Unjoined(number, record, record)
            stream.over = before._replace(last=record)
            return
        stream.segments.append(Segment(number, record, data, seen))
        stream.size += size
        self.held += size

    def joined(self) -> Iterator[Sequence[Segment]]:
        """Give what each connection sent in several segments."""
        for stream in self.streams.values():
            if len(stream.segments) > 1:  # one was read already
                yield stream.segments

    def unjoined(self) -> Iterator[Unjoined]:
        """Give what of each connection was not joined although it follows other segments."""
        for stream in self.streams.values():
            if stream.over is not None and (stream.segments or stream.over.first is not stream.over.last):
                yield stream.over

    def across(self, segments: Sequence[Segment], look: Look) -> Iterator[tuple[int, Seen]]:
        """Give what no segment shows alone, with the line of the first of the segments in a row that show it.

        A value that lies in several such rows is told of each.
        """
        seen = only_new(look(segments), [segment.seen for segment in segments])
        if seen.gaps:
            yield segments[0].line, Seen((), seen.gaps)
        found: dict[tuple[str, str], list[Observation]] = {}
        for one in seen.observations:
            found.setdefault(_value(one), []).append(one)
        for value, everywhere in found.items():
            yield from self._rows(segments, look, value, everywhere)

    def _rows(
        self, segments: Sequence[Segment], look: Look, value: tuple[str, str], everywhere: Sequence[Observation]
    ) -> Iterator[tuple[int, Seen]]:
        def shown(part: Sequence[Segment]) -> tuple[Observation, ...]:
            self.searched += sum(len(segment.data) for segment in part)
            return tuple(one for one in look(part).observations if _value(one) == value)

        rest = segments
        while self.searched < LARGEST_SEARCH:
            if len(rest) < 2:  # noqa: PLR2004 - what lies in one alone was told
                return
            row = _shortest(rest, shown)
            if row is None:
                return
            start, end = row
            yield rest[start].line, Seen(tuple(map(_joined, shown(rest[start:end]))), ())
            rest = rest[start + 1 :]
        yield segments[0].line, Seen(tuple(everywhere), ())


def whole(segments: Sequence[Segment]) -> Message:
    """Give segments in a row as one message, sent when the first of them was."""
    data = b"".join(segment.data for segment in segments)
    return replace(segments[0].record, body=Body(len(data), data))


def _shortest(
    segments: Sequence[Segment], shown: Callable[[Sequence[Segment]], tuple[Observation, ...]]
) -> tuple[int, int] | None:
    """Give the beginning and end of the first row of segments of which every one is needed to show something."""
    before, count = 1, min(2, len(segments))
    while not shown(segments[:count]):
        if count == len(segments):
            return None
        before, count = count, min(2 * count, len(segments))
    end = _turn(before, count, lambda at: bool(shown(segments[:at])))
    return end - _turn(1, end, lambda size: bool(shown(segments[end - size : end]))), end


def _turn(no: int, yes: int, shows: Callable[[int], bool]) -> int:
    """Give a number from which on an answer is yes, which it is for `yes` and not for `no`."""
    while yes - no > 1:
        at = (no + yes) // 2
        no, yes = (no, at) if shows(at) else (at, yes)
    return yes


def _joined(one: Observation) -> Observation:
    return replace(one, reasoning=f"{one.reasoning}; the segments of the connection were joined")


def _value(one: Observation) -> tuple[str, str]:
    return one.data_type, one.value


def _is_segment(record: FlowRecord) -> bool:
    return (
        isinstance(record, Message) and not record.text and record.direction is Direction.SENT and record.body.size > 0
    )


def may_join(record: FlowRecord) -> bool:
    """Say whether a record begins a raw connection, or may be a segment that an app sent in one."""
    return _is_segment(record) or (isinstance(record, Connection) and record.kind is FlowKind.TCP)


def segment_bytes(record: FlowRecord) -> bytes:
    """Give the bytes of what may be a segment that an app sent; empty for everything else."""
    if not isinstance(record, Message) or not _is_segment(record):
        return b""
    data = record.body.data
    return data if len(data) <= LARGEST_SEGMENT else b""


def only_new(seen: Seen, before: Sequence[Seen]) -> Seen:
    """Give of what was seen in a stream that which none of its segments shows alone."""
    known = {_value(one) for other in before for one in other.observations}
    fresh = [one for one in seen.observations if _value(one) not in known]
    return Seen(tuple(map(_joined, fresh)), seen.gaps)
