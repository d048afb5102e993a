"""The plain bytes of a capture file: decompressed and in UTF-8, a piece at a time."""

from __future__ import annotations

import codecs
import itertools
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

_PIECE: Final = 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZLIB_METHOD: Final = 8
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BARE: Final = ((b"\x00\x00\x00", "utf-32-be"), (b"\x00", "utf-16-be"))


class PlainStream:
    """Reads a file piece by piece, undoing gzip or zlib; `problem` says why it ended early, if it did."""

    def __init__(self, file: BinaryIO, *, text: bool) -> None:
        self.problem = ""
        self._file = file
        self._pieces: Iterator[bytes] = self._text(self._inflated()) if text else self._inflated()

    def __iter__(self) -> Iterator[bytes]:
        """Give the pieces, none of them empty and each of a few megabytes at most."""
        return self._pieces

    def peek(self) -> bytes:
        """Give the first piece without taking it; empty if there is none left."""
        first = next(self._pieces, b"")
        self._pieces = itertools.chain((first,) if first else (), self._pieces)
        return first

    def _raw(self) -> Iterator[bytes]:
        while piece := self._file.read(_PIECE):
            yield piece

    def _inflated(self) -> Iterator[bytes]:
        pieces = self._raw()
        first = next(pieces, b"")
        if not is_compressed(first):
            yield from (piece for piece in (first,) if piece)
            yield from pieces
            return
        try:
            yield from _inflate(first, pieces, self._note)
        except zlib.error as error:
            self.problem = f"its compression is damaged: {error}"

    def _note(self, problem: str) -> None:
        self.problem = problem

    @staticmethod
    def _text(pieces: Iterator[bytes]) -> Iterator[bytes]:
        first = next(pieces, b"")
        encoding, skip = _encoding(first)
        if encoding == "utf-8":
            yield from (piece for piece in (first[skip:],) if piece)
            yield from pieces
            return
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        yield decoder.decode(first[skip:]).encode("utf-8", "replace")
        for piece in pieces:
            yield decoder.decode(piece).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def is_compressed(head: bytes) -> bool:
    """Say whether bytes begin like gzip or zlib."""
    if head.startswith(_GZIP):
        return True
    return len(head) > 1 and head[0] & 15 == _ZLIB_METHOD and head[0] >> 4 <= 7 and (head[0] * 256 + head[1]) % 31 == 0  # noqa: PLR2004 - RFC 1950


def _encoding(head: bytes) -> tuple[str, int]:
    """Give the encoding of a JSON text and the length of its byte order mark."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name, len(mark)
    for start, name in _BARE:
        if head.startswith(start) and head[len(start) : len(start) + 1] in {b"{", b"["}:
            return name, 0
    if head[1:4] == b"\x00\x00\x00":
        return "utf-32-le", 0
    return ("utf-16-le", 0) if head[1:2] == b"\x00" else ("utf-8", 0)


def _inflate(first: bytes, pieces: Iterator[bytes], note: Callable[[str], None]) -> Iterator[bytes]:
    """Decompress one gzip member after the other, or one zlib stream."""
    data, inflater = first, zlib.decompressobj(zlib.MAX_WBITS | 32)
    while data:
        if out := inflater.decompress(data, _PIECE):
            yield out
        data = inflater.unconsumed_tail
        if inflater.eof:
            data = (inflater.unused_data or next(pieces, b"")).lstrip(b"\x00")
            if not data:
                return
            if not is_compressed(data[:2]):
                note("something follows its compressed part")
                return
            inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
        data = data or next(pieces, b"")
    if out := inflater.flush(_PIECE):
        yield out
    if not inflater.eof:
        note("it ends in the middle of its compressed part")
