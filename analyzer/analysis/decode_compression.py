"""Undoes compression, by content and within a bound."""

from __future__ import annotations

import zlib
from typing import Final

import brotli
import zstandard

_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_RAW_LIMIT: Final = 1 << 20
"""Raw deflate and brotli have no mark of their own: larger bodies are not tried blindly."""
_SHORTEST: Final = 3
_BROTLI_STEP: Final = 64
_ZSTD_WINDOW: Final = 1 << 27


def decompress_marked(data: bytes, limit: int) -> tuple[str, bytes] | None:
    """Open gzip, zlib or zstd, recognised by their first bytes; gives the encoding's name and at most `limit` bytes."""
    if data.startswith(_GZIP):
        return _named("gzip", _inflate(data, 31, limit, whole=False))
    if data.startswith(_ZSTD):
        return _named("zstd", _zstd(data, limit))
    if _zlib_header(data):
        return _named("zlib", _inflate(data, 15, limit, whole=False))
    return None


def decompress_blind(data: bytes, limit: int) -> tuple[str, bytes] | None:
    """Try raw deflate and then brotli on unmarked bytes; both must end exactly where the bytes end."""
    if not _SHORTEST <= len(data) <= _RAW_LIMIT:
        return None
    return _named("deflate", _inflate(data, -15, limit, whole=True)) or _named("br", decompress_brotli(data, limit))


def decompress_brotli(data: bytes, limit: int) -> bytes | None:
    """Open a complete brotli stream; gives at most `limit` bytes, `None` when it is none."""
    stream = brotli.Decompressor()
    out = bytearray()
    try:
        for start in range(0, len(data), _BROTLI_STEP):
            out += stream.process(data[start : start + _BROTLI_STEP])
            if len(out) > limit:
                return bytes(out[:limit])
        return bytes(out) if stream.is_finished() else None
    except brotli.error:
        return None


def _named(name: str, data: bytes | None) -> tuple[str, bytes] | None:
    return (name, data) if data else None


def _zlib_header(data: bytes) -> bool:
    return len(data) > 2 and data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0  # noqa: PLR2004 - RFC 1950


def _inflate(data: bytes, window: int, limit: int, *, whole: bool) -> bytes | None:
    stream = zlib.decompressobj(window)
    try:
        out = stream.decompress(data, limit)
    except zlib.error:
        return None
    if whole and (stream.unused_data or not (stream.eof or len(out) >= limit)):
        return None
    return out


def _zstd(data: bytes, limit: int) -> bytes | None:
    try:
        with zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(data) as reader:
            return reader.read(limit)
    except zstandard.ZstdError:
        return None
