"""Whether a zip holds nothing but its files: no byte between, before or behind them that no listing shows."""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO, Final

_LOCAL: Final = struct.Struct("<4s2xH18xHH")
"""The head of a file: signature, flags, length of the name and of the extra fields (APPNOTE.TXT 4.3.7, from memory)."""
_CENTRAL: Final = struct.Struct("<4s24xHHH12x")
"""The head of a line of the directory: signature, lengths of name, extra fields and comment (4.3.12)."""
_LOCAL_SIGN: Final = b"PK\3\4"
_CENTRAL_SIGN: Final = b"PK\1\2"
_DESCRIPTOR_SIGN: Final = b"PK\7\x08"
_DESCRIBED: Final = 0x8
_ENDS: Final = (22, 22 + 20 + 56)
"""Bytes behind the directory: its end, and before that, of a large archive, the end in 64 bits and where it is."""
_MOST_EXTRA: Final = 64
"""So many bytes of extra fields are times, owners and sizes in 64 bits; more has no use in a bundle."""


def hidden(source: BinaryIO, archive: zipfile.ZipFile, size: int) -> str:
    """Say where an archive of so many bytes holds some that belong to none of its files; empty where it does not.

    `source` is the file itself, at any place.
    """
    at = 0
    entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    starts = [*(entry.header_offset for entry in entries), archive.start_dir]
    for entry, following in zip(entries, starts[1:], strict=True):
        if entry.header_offset != at:
            return f"before {entry.filename[:80]!r}"
        end = _end(source, entry, following)
        if end is None:
            return f"in or behind {entry.filename[:80]!r}"
        at = end
    if at != archive.start_dir:
        return "before its directory"
    return "" if size - _directory_end(source, archive.start_dir, len(entries)) in _ENDS else "in its directory"


def _end(source: BinaryIO, entry: zipfile.ZipInfo, following: int) -> int | None:
    """Give where a file ends with all that describes it; `None` where more stands there."""
    source.seek(entry.header_offset)
    head = source.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return None
    sign, flags, name, extra = _LOCAL.unpack(head)
    end: int = entry.header_offset + _LOCAL.size + name + extra + entry.compress_size
    if sign != _LOCAL_SIGN or extra > _MOST_EXTRA or end > following:
        return None
    if not flags & _DESCRIBED:
        return end
    source.seek(end)
    return following if source.read(min(following - end, 64)) in _descriptors(entry) else None


def _descriptors(entry: zipfile.ZipInfo) -> set[bytes]:
    """Give the ways to write checksum and sizes behind a file, with and without a signature, in 32 and 64 bits."""
    known = entry.CRC, entry.compress_size, entry.file_size
    wide = struct.pack("<LQQ", *known)
    short = {struct.pack("<LLL", *known)} if max(known) < 1 << 32 else set()
    return {sign + one for sign in (b"", _DESCRIPTOR_SIGN) for one in (wide, *short)}


def _directory_end(source: BinaryIO, at: int, count: int) -> int:
    """Give where the directory ends, -1 where a line of it has more than a file needs."""
    for _ in range(count):
        source.seek(at)
        head = source.read(_CENTRAL.size)
        if len(head) < _CENTRAL.size:
            return -1
        sign, name, extra, comment = _CENTRAL.unpack(head)
        if sign != _CENTRAL_SIGN or comment or extra > _MOST_EXTRA:
            return -1
        at += _CENTRAL.size + name + extra
    return at
