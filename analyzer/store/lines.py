"""Lines of a file of any size, streamed and bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

MAX_LINE: Final = 64 * 1024 * 1024
"""The longest line that is read, in bytes; a longer one is an oversized line without content."""

_CHUNK: Final = 1024 * 1024


class RawLine(NamedTuple):
    """A line without its end, numbered from 1; `ended` is false for a tail without a line end."""

    number: int
    data: bytes
    ended: bool
    oversized: bool = False


def read_lines(file: BinaryIO, max_line: int = MAX_LINE) -> Iterator[RawLine]:
    """Read a file line by line; holds one line at a time."""
    number = 0
    parts: list[bytes] = []
    size = 0
    while chunk := file.readline(_CHUNK):
        ended = chunk.endswith(b"\n")
        size += len(chunk) - ended
        if size <= max_line:
            parts.append(chunk.removesuffix(b"\n"))
        else:
            parts.clear()
        if ended:
            number += 1
            yield RawLine(number, b"".join(parts), ended=True, oversized=size > max_line)
            parts, size = [], 0
    if size:
        yield RawLine(number + 1, b"".join(parts), ended=False, oversized=size > max_line)
