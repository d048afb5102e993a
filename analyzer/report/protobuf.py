"""The wire format of protocol buffers, as much of it as writing takes."""

from __future__ import annotations

from typing import Final

_MOST: Final = 2**64 - 1
_VARINT, _FIXED64, _BYTES = 0, 1, 2


def varint(value: int) -> bytes:
    """Write a number of at most 64 bits; what is smaller or larger becomes the nearest that fits."""
    left = min(max(value, 0), _MOST)
    out = bytearray()
    while left > 0x7F:  # noqa: PLR2004 - seven bits to the byte
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    """Write a field with a whole number from 0 on."""
    return varint(field << 3 | _VARINT) + varint(value)


def fixed64(field: int, value: int) -> bytes:
    """Write a field with a number of 64 bits that takes eight bytes."""
    return varint(field << 3 | _FIXED64) + min(max(value, 0), _MOST).to_bytes(8, "little")


def text(field: int, value: str) -> bytes:
    """Write a field with a text; what UTF-8 cannot carry is spelled out."""
    return message(field, value.encode("utf-8", "backslashreplace"))


def message(field: int, *parts: bytes) -> bytes:
    """Write a field with bytes, or with another message made of its fields."""
    data = b"".join(parts)
    return varint(field << 3 | _BYTES) + varint(len(data)) + data
