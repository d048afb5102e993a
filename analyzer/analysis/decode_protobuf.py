"""Reads protobuf messages without their schema, within a bound."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, TypeAlias

Field: TypeAlias = tuple[int, bytes | str]
"""Field number, and the bytes of a length-delimited field or the text of a number."""

_MAX_FIELD: Final = 1 << 16
_MAX_SHIFT: Final = 63


class _NotProtobufError(Exception):
    pass


@dataclass(slots=True)
class _Cursor:
    data: bytes
    at: int = 0

    def varint(self) -> int:
        value = shift = 0
        while True:
            if self.at >= len(self.data) or shift > _MAX_SHIFT:
                raise _NotProtobufError
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:  # noqa: PLR2004 - the continuation bit
                return value

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise _NotProtobufError
        self.at += size
        return self.data[self.at - size : self.at]


def read_message(data: bytes, most: int) -> list[Field] | None:
    """Give the fields of one message level in order, `None` when the bytes are no message or hold more than `most`."""
    cursor = _Cursor(data)
    fields: list[Field] = []
    try:
        while cursor.at < len(data):
            key = cursor.varint()
            number = key >> 3
            if not 0 < number < _MAX_FIELD or len(fields) >= most:
                return None
            fields += [(number, value) for value in _values(cursor, key & 7)]
    except _NotProtobufError:
        return None
    return fields or None


def strip_grpc(data: bytes) -> bytes | None:
    """Take the five-byte frame head of gRPC off an uncompressed message that fills the rest."""
    if len(data) > 5 and data[0] == 0 and int.from_bytes(data[1:5], "big") == len(data) - 5:  # noqa: PLR2004
        return data[5:]
    return None


def _values(cursor: _Cursor, wire: int) -> tuple[bytes | str, ...]:
    if wire == 0:
        return _varint_texts(cursor.varint())
    if wire == 1:
        return _fixed64_texts(cursor.take(8))
    if wire == 2:  # noqa: PLR2004 - the wire types are the protocol's numbers
        return (cursor.take(cursor.varint()),)
    if wire == 5:  # noqa: PLR2004
        return _fixed32_texts(cursor.take(4))
    raise _NotProtobufError


def _varint_texts(value: int) -> tuple[str, ...]:
    """Give a varint as it stands, and as a negative int64 or a zigzag where these read differently."""
    zigzag = str((value >> 1) ^ -(value & 1))
    if value >> 63:
        return (str(value - (1 << 64)), zigzag)
    return (str(value), zigzag)


def _fixed64_texts(raw: bytes) -> tuple[str, ...]:
    return repr(struct.unpack("<d", raw)[0]), str(int.from_bytes(raw, "little"))


def _fixed32_texts(raw: bytes) -> tuple[str, ...]:
    return f"{struct.unpack('<f', raw)[0]:.7g}", str(int.from_bytes(raw, "little"))
