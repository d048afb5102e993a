"""Reads what a raw connection sent as one stream, so that values across the boundaries of segments are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from analyzer.analysis.decode_stream import join_segments
from analyzer.analysis.detect_network import Seen
from analyzer.model.evidence import Body, Connection, FlowRecord, Message
from analyzer.model.vocabulary import Direction, FlowKind

LARGEST_SEGMENT: Final = 1 << 16
LARGEST_STREAM: Final = 1 << 18
LARGEST_ALL: Final = 1 << 24
"""So many bytes are held in all; streams that begin later are read segment by segment only."""


@dataclass(slots=True)
class _Stream:
    segments: list[tuple[int, bytes]] = field(default_factory=list)
    first: Message | None = None
    size: int = 0


@dataclass(slots=True)
class Streams:
    """Holds the beginning of what each raw connection of a recording sent, until all of it was read."""

    streams: dict[str, _Stream] = field(default_factory=dict)
    held: int = 0

    def note(self, number: int, record: FlowRecord, data: bytes) -> None:
        """Note one record of the flows, and the bytes it had if it is a segment."""
        if isinstance(record, Connection) and record.kind is FlowKind.TCP:
            self.streams[record.flow] = _Stream()
            return
        stream = self.streams.get(record.flow)
        if stream is None or not isinstance(record, Message) or not data:
            return
        if stream.size + len(data) > LARGEST_STREAM or self.held + len(data) > LARGEST_ALL:
            return
        stream.first = stream.first or record
        stream.segments.append((number, data))
        stream.size += len(data)
        self.held += len(data)

    def joined(self) -> Iterator[tuple[int, Message, tuple[int, ...]]]:
        """Give what each connection sent in several segments as one message, with the lines it is made of."""
        for stream in self.streams.values():
            if stream.first is None or len(stream.segments) < 2:  # noqa: PLR2004 - one segment was read already
                continue
            for line, data, _ in join_segments(stream.segments):
                whole = replace(stream.first, body=Body(len(data), data))
                yield line, whole, tuple(number for number, _ in stream.segments)


def segment_bytes(record: FlowRecord) -> bytes:
    """Give the bytes of what may be a segment that an app sent; empty for everything else."""
    if not isinstance(record, Message) or record.text or record.direction is not Direction.SENT:
        return b""
    data = record.body.data
    return data if len(data) <= LARGEST_SEGMENT else b""


def only_new(seen: Seen, before: list[Seen]) -> Seen:
    """Give of what was seen in a stream that which none of its segments shows alone."""
    known = {(one.data_type, one.value) for other in before for one in other.observations}
    fresh = [one for one in seen.observations if (one.data_type, one.value) not in known]
    told = (replace(one, reasoning=f"{one.reasoning}; the segments of the connection were joined") for one in fresh)
    return Seen(tuple(told), seen.gaps)
