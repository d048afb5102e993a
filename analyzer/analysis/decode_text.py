"""Undoes textual encodings: base64 in its variants, hex, percent signs, two-byte characters, digits in groups."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2}){8,}|(?:[0-9A-F]{2}){8,}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_WRAPPED: Final = re.compile(r"[\r\n]+")
_GROUPED: Final = re.compile(rb"(?<![\d.])\d{2,}(?:[ -]\d{2,})+(?!\d|\.\d)")
_LONG_NUMBER: Final = 10
_SHORTEST_WIDE: Final = 12
_TEXT_LIMIT: Final = 1 << 16
"""Longer texts are not searched for encoded words, only tried as a whole."""


def decode_text(text: str) -> Iterator[tuple[str, bytes]]:
    """Give every way to read a text as encoded bytes: the encoding's name and the bytes."""
    if _PERCENT.search(text):
        yield "percent", unquote_to_bytes(text)
    whole = _WRAPPED.sub("", text).replace(" ", "+")
    if _HEX.fullmatch(whole):
        yield "hex", bytes.fromhex(whole)
    if _BASE64.fullmatch(whole):
        yield from _base64(whole)
    elif len(text) <= _TEXT_LIMIT:
        yield from _words(text)


def decode_wide(data: bytes) -> tuple[str, bytes] | None:
    """Read bytes as UTF-16 of mostly Latin text, without a byte order mark: the encoding's name and UTF-8."""
    if len(data) < _SHORTEST_WIDE or len(data) % 2:
        return None
    for name, high in (("utf-16le", data[1::2]), ("utf-16be", data[::2])):
        if high.count(0) * 2 > len(high):
            text = data.decode(name, "replace")
            return (name, text.encode()) if text.isprintable() else None
    return None


def ungrouped(data: bytes) -> Iterator[bytes]:
    """Give the long numbers of a text whose digits stand in groups, without the blanks or dashes between them."""
    if len(data) > _TEXT_LIMIT:
        return
    for found in _GROUPED.finditer(data):
        digits = re.sub(rb"[ -]", b"", found[0])
        if len(digits) >= _LONG_NUMBER:
            yield digits


def is_base64(text: str) -> bool:
    """Say whether a whole text is base64 with the right length; `=` at its end is then padding."""
    return len(text.rstrip("\r\n")) % 4 == 0 and _BASE64.fullmatch(_WRAPPED.sub("", text.strip())) is not None


def _words(text: str) -> Iterator[tuple[str, bytes]]:
    for found in _TOKEN.finditer(text):
        word = found[0]
        if _HEX.fullmatch(word):
            yield "hex", bytes.fromhex(word)
        yield from _base64(word)


def _base64(word: str) -> Iterator[tuple[str, bytes]]:
    body = word.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return
    try:
        yield "base64", base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except binascii.Error:
        return
