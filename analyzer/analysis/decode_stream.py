"""Joins the segments of a raw connection, so that values across their boundaries are found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

MAX_STREAM: Final = 4 << 20
"""So many bytes of one direction are joined; what comes after is read segment by segment."""


class Joined(NamedTuple):
    """Bytes of one direction in a row: the line of the record that began them, and how many records they are."""

    line: int
    data: bytes
    segments: int


def join_segments(segments: Iterable[tuple[int, bytes]], limit: int = MAX_STREAM) -> list[Joined]:
    """Give the segments (line and bytes) of one direction as few long pieces, none longer than the limit.

    A piece begins with the first segment or where the piece before it is full; a segment is never cut.
    """
    joined: list[Joined] = []
    line, size = 0, 0
    pieces: list[bytes] = []
    for number, data in segments:
        if pieces and size + len(data) > limit:
            joined.append(Joined(line, b"".join(pieces), len(pieces)))
            pieces, size = [], 0
        if not pieces:
            line = number
        pieces.append(data)
        size += len(data)
    if pieces:
        joined.append(Joined(line, b"".join(pieces), len(pieces)))
    return joined
