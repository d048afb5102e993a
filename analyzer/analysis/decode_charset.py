"""Tells text from other bytes: UTF-8, UTF-16 with and without its mark, GBK and GB18030."""

from __future__ import annotations

import re
from typing import Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]+")
_FIELD: Final = 6
"""Fields between control characters are that long in text; in other bytes they are shorter."""
_CONTROL_BYTE: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
"""In GBK and GB18030 these bytes are no part of another character."""
_SHORTEST_WIDE: Final = 12
_HANZI: Final = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
"""The characters in common use, of which text mostly consists."""
_COMMON: Final = re.compile(r"[\u4e00-\u9fa5]")
_REPEATED: Final = 50
"""Text does not repeat each character that often; other bytes do."""
_SIGNS: Final = re.compile(rb"[\xa1-\xa3][\xa1-\xfe]")
_LONGEST: Final = 1 << 22


def as_text(data: bytes) -> str | None:
    """Give the text of bytes that are UTF-8 without control characters."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() or _CONTROL.search(text) is None else None


def decode_charset(data: bytes) -> tuple[str, bytes] | None:
    """Read bytes as text of another character set: its name and the text in UTF-8."""
    return _marked(data) or decode_wide(data) or _gbk(data)


def decode_controls(data: bytes) -> tuple[str, bytes] | None:
    """Read a text whose fields are parted by control characters, each of which becomes the end of a line."""
    if len(data) > _LONGEST or len(data) < _SHORTEST_WIDE:
        return None
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    lines, signs = _CONTROLS.subn("\n", text)
    return ("controls", lines.encode()) if signs and signs * _FIELD <= len(text) else None


def decode_wide(data: bytes) -> tuple[str, bytes] | None:
    """Read bytes as UTF-16 of mostly Latin text, without a byte order mark: the encoding's name and UTF-8."""
    if len(data) < _SHORTEST_WIDE or len(data) % 2 or len(data) > _LONGEST or data.count(0) * 4 <= len(data):
        return None
    for name, high in (("utf-16le", data[1::2]), ("utf-16be", data[::2])):
        if high.count(0) * 2 > len(high):
            return _read(name, data)
    return None


def _marked(data: bytes) -> tuple[str, bytes] | None:
    for mark, name in ((b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be")):
        if data.startswith(mark) and len(data) % 2 == 0 and len(data) > len(mark):
            return _read(name, data[2:])
    return None


def _read(name: str, data: bytes) -> tuple[str, bytes] | None:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return None
    return (name, text.encode()) if text and _CONTROL.search(text) is None else None


def _gbk(data: bytes) -> tuple[str, bytes] | None:
    """Read bytes as GBK when nearly all that is not ASCII are Chinese characters in common use."""
    if data.isascii() or len(data) > _LONGEST or _CONTROL_BYTE.search(data):
        return None
    hanzi = _HANZI.findall(data)
    foreign = len(data) - len(data.translate(None, _HIGH))
    usual = 2 * (len(hanzi) + len(_SIGNS.findall(data)))
    if len(set(hanzi)) * _REPEATED < len(hanzi):
        return None
    if foreign < 4 or usual < foreign * 0.8:  # noqa: PLR2004 - two characters; a few are rare
        return None
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return ("gbk", text.encode()) if _CONTROL.search(text) is None and _COMMON.search(text) else None


_HIGH: Final = bytes(range(128, 256))
