"""Undoes compression, by content and within a bound."""

from __future__ import annotations

import bz2
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Any, Final

import brotli
import cramjam
import zstandard

from analyzer.analysis.decode_budget import Budget, Child

_GZIP: Final = b"\x1f\x8b\x08"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_LZ4: Final = b"\x04\x22\x4d\x18"
_SNAPPY: Final = b"\xff\x06\x00\x00sNaPpY"
_ZIP: Final = b"PK\x03\x04"
_RAW_LIMIT: Final = 1 << 20
"""Compression without a mark of its own: larger bodies are not tried blindly."""
_SHORTEST: Final = 3
_BROTLI_STEP: Final = 64
_STEP: Final = 1 << 16
_ZSTD_WINDOW: Final = 1 << 27
_SNAPPY_MOST: Final = 32
_LZ4_MOST: Final = 256
"""The formats themselves cannot shrink data to less than that part."""
_FARTHEST: Final = 64
"""So far into the bytes a mark is looked for, behind the head of an own format."""
_MARKS: Final = re.compile(rb"\x1f\x8b\x08|\x28\xb5\x2f\xfd|\x78[\x9c\xda\x01\x5e]")
_MEMBERS: Final = 1000
_STORED, _DYNAMIC, _NONE = 0, 2, 3
"""Kinds of a block of deflate (RFC 1951, 3.2.3)."""
_MOST_CODES: Final = 29
"""Larger numbers of codes are refused, of literals as of distances."""
_CODE_SPACE: Final = 128


def decompress_marked(data: bytes, limit: int) -> tuple[str, bytes] | None:  # noqa: PLR0911 - one per format
    """Open what is recognised by its first bytes; gives the encoding's name and at most `limit` bytes."""
    first = data[:1]
    if first == b"\x1f" and data.startswith(_GZIP):
        return _named("gzip", _gzip(data, limit))
    if first == b"\x28" and data.startswith(_ZSTD):
        return _named("zstd", _zstd(data, limit))
    if first == b"\x04" and data.startswith(_LZ4):
        return _named("lz4", _filled(cramjam.lz4.decompress_into, data, limit, _LZ4_MOST))
    if first == b"\xff" and data.startswith(_SNAPPY):
        return _named("snappy", _filled(cramjam.snappy.decompress_into, data, limit, _SNAPPY_MOST))
    if first == b"B" and data.startswith(b"BZh"):
        return _named("bzip2", _pulled(bz2.BZ2Decompressor(), data, limit))
    if first == b"\xfd" and data.startswith(b"\xfd7zXZ\x00"):
        return _named("xz", _pulled(lzma.LZMADecompressor(memlimit=_ZSTD_WINDOW), data, limit))
    if _zlib_header(data):
        return _named("zlib", _inflate(data, 15, limit, whole=False))
    return None


def find_marked(data: bytes, limit: int) -> tuple[int, str, bytes] | None:
    """Find compressed bytes behind the head of an own format: how long that is, the encoding and the bytes."""
    if _MARKS.search(data, 1, _FARTHEST + 8) is None:
        return None
    head = data[: _FARTHEST + 8]
    marks = [(head.find(mark, 1), mark) for mark in (_GZIP, _ZSTD, b"\x78\x9c", b"\x78\xda", b"\x78\x01", b"\x78\x5e")]
    for at, _ in sorted(mark for mark in marks if 0 < mark[0] <= _FARTHEST):
        opened = decompress_marked(data[at:], limit)
        if opened and len(opened[1]) > _SHORTEST:
            return at, *opened
    return None


def decompress_blind(data: bytes, limit: int) -> list[tuple[str, bytes]]:
    """Try what has no mark: deflate, snappy, LZ4 behind its size, brotli; each must end where the bytes end."""
    if not _SHORTEST <= len(data) <= _RAW_LIMIT:
        return []
    tried = (
        ("deflate", _inflate(data, -15, limit, whole=True) if _may_inflate(data) else None),
        ("snappy", _snappy_block(data, limit)),
        ("lz4", _lz4_block(data, limit)),
        ("br", decompress_brotli(data, limit)),
    )
    return [(name, opened) for name, opened in tried if opened and opened != data]


def _may_inflate(data: bytes) -> bool:
    """Say whether bytes may begin a block of deflate: inflating refuses all others at once, but at a higher price."""
    kind = data[0] >> 1 & 3
    if kind == _STORED:
        return data[3:5] == bytes(byte ^ 255 for byte in data[1:3])
    if kind == _DYNAMIC:
        head = int.from_bytes(data[:10], "little") >> 3
        if head & 31 > _MOST_CODES or head >> 5 & 31 > _MOST_CODES:
            return False
        count, head = 4 + (head >> 10 & 15), head >> 14
        sizes = (head >> 3 * at & 7 for at in range(count))
        return sum(_CODE_SPACE >> size for size in sizes if size) == _CODE_SPACE
    return kind != _NONE


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


def open_zip(data: bytes, budget: Budget) -> list[Child] | None:
    """Give the files of a ZIP archive."""
    if not data.startswith(_ZIP):
        return None
    children: list[Child] = []
    left = budget.bytes_left
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist()[:_MEMBERS]:
                with archive.open(info) as file:
                    content = file.read(left)
                left -= len(content)
                children.append((f"zip:{info.filename}", info.filename, content))
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, ValueError, OSError, EOFError):
        return children or None
    except (NotImplementedError, KeyError, IndexError):
        return children or None
    return children or None


def _named(name: str, data: bytes | None) -> tuple[str, bytes] | None:
    return (name, data) if data else None


def _zlib_header(data: bytes) -> bool:
    return len(data) > 2 and data[0] & 0x0F == 8 and data[0] >> 4 <= 7 and (data[0] << 8 | data[1]) % 31 == 0  # noqa: PLR2004 - RFC 1950


def _gzip(data: bytes, limit: int) -> bytes | None:
    """Open every member; of a cut or damaged one what can be had."""
    out = bytearray()
    for _ in range(_MEMBERS):
        stream = zlib.decompressobj(31)
        out += _fed(stream, data, limit - len(out))
        data = stream.unused_data
        if not data.startswith(_GZIP) or len(out) >= limit:
            break
    return bytes(out)


def _fed(stream: zlib._Decompress, data: bytes, limit: int) -> bytes:
    out = bytearray()
    try:
        for start in range(0, len(data), _STEP):
            chunk = data[start : start + _STEP]
            while chunk and len(out) < limit:
                out += stream.decompress(chunk, limit - len(out))
                chunk = stream.unconsumed_tail
            if stream.eof or len(out) >= limit:
                break
    except zlib.error:
        return bytes(out)
    return bytes(out)


def _inflate(data: bytes, window: int, limit: int, *, whole: bool) -> bytes | None:
    stream = zlib.decompressobj(window)
    if not whole:
        return _fed(stream, data, limit)
    try:
        out = stream.decompress(data, limit)
    except zlib.error:
        return None
    return None if stream.unused_data or not (stream.eof or len(out) >= limit) else out


def _zstd(data: bytes, limit: int) -> bytes | None:
    out = bytearray()
    try:
        with zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(
            data, read_across_frames=True
        ) as reader:
            while len(out) < limit and (chunk := reader.read(min(_STEP, limit - len(out)))):
                out += chunk
    except zstandard.ZstdError:
        return bytes(out)
    return bytes(out)


def _filled(open_into: Callable[[bytes, bytearray], int], data: bytes, limit: int, most: int) -> bytes | None:
    """Open into a buffer that bounds the result; of cut bytes what came out before the end."""
    room = bytearray(min(limit, len(data) * most))
    try:
        return bytes(room[: open_into(data, room)])
    except cramjam.DecompressionError:
        return bytes(room.rstrip(b"\0"))


def _pulled(stream: Any, data: bytes, limit: int) -> bytes | None:
    try:
        opened: bytes = stream.decompress(data, limit)
    except (OSError, EOFError, lzma.LZMAError):
        return None
    return opened


def _snappy_block(data: bytes, limit: int) -> bytes | None:
    try:
        size = cramjam.snappy.decompress_raw_len(data)
        if not len(data) // 2 < size <= min(limit, len(data) * _SNAPPY_MOST):
            return None
        return bytes(cramjam.snappy.decompress_raw(data))
    except cramjam.DecompressionError:
        return None


def _lz4_block(data: bytes, limit: int) -> bytes | None:
    size = int.from_bytes(data[:4], "little")
    if not len(data) // 2 < size <= min(limit, len(data) * _LZ4_MOST):
        return None
    try:
        opened = bytes(cramjam.lz4.decompress_block(data[4:], output_len=size))
    except cramjam.DecompressionError:
        return None
    return opened if len(opened) == size else None
