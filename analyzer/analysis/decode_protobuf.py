"""Reads protobuf messages without their schema, within a bound, and only where the bytes look like one."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Final, TypeAlias

from analyzer.analysis.decode_budget import Child

Field: TypeAlias = tuple[int, int, bytes | int]
"""Field number, wire type, and the number or the bytes."""

_WIRES: Final = frozenset({0, 1, 2, 5})
_MAX_FIELD: Final = 1 << 19
_LAST: Final = 127
"""Greater bytes of a number are followed by another."""
_DEEPEST: Final = 8
_SHORTEST_TEXT: Final = 3
_ZIGZAG_LEAST: Final = 1 << 16
_ZIGZAG_MOST: Final = 1 << 33
"""Other numbers are no coordinate in zigzag."""
_PACKED_MOST: Final = 64
_USUAL_FIELD: Final = 64
_FEW: Final = 3
_USUAL: Final = 4096
"""Bytes of messages that are remembered."""
_PACKED_MAGIC: Final = (b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x78\x9c", b"\x78\xda", b"bplist00")


def read_message(data: bytes, most: int) -> list[Field] | None:
    """Give at most so many fields of one message level, in order; `None` when the bytes are no message."""
    fields: list[Field] = []
    at, end = 0, len(data) if data and data[0] & 7 in _WIRES else 0
    while at < end:
        key = data[at]
        at += 1
        if key > _LAST:
            key, at = _varint(data, at - 1)
        number, wire = key >> 3, key & 7
        if at < 0 or not 0 < number < _MAX_FIELD:
            return None
        if len(fields) >= most:
            return fields
        if wire == 0:
            value, at = _varint(data, at)
            if at < 0:
                return None
            fields.append((number, wire, value))
            continue
        size = 8 if wire == 1 else 4
        if wire == 2:  # noqa: PLR2004 - the wire types are the protocol's numbers
            size, at = _varint(data, at)
        elif wire not in (1, 5):
            return None
        if at < 0 or at + size > end:
            return None
        fields.append((number, wire, data[at : at + size]))
        at += size
    return fields or None


def open_protobuf(data: bytes, most: int, *, sure: bool = False) -> list[Child] | None:
    """Give the values of one message level as they may be meant; `None` when the bytes hardly are a message.

    With `sure` the frame around the bytes says that they are one.
    """
    fields = read_message(data, most)
    if fields is None or not (sure or looks_meant(fields, 0)):
        return None
    return [(f"protobuf:{number}", str(number), value) for field in fields for number, value in _values(*field)]


def looks_meant(fields: list[Field], depth: int) -> bool:
    """Say whether fields look chosen by people: text or messages inside, or small numbers in order."""
    numbers = [number for number, _, _ in fields]
    blobs = [value for _, _, value in fields if isinstance(value, bytes)]
    if max(numbers) > _USUAL_FIELD * _USUAL_FIELD and not any(_readable(value) for value in blobs):
        return False
    long = [value for (_, wire, value) in fields if wire == 2 and isinstance(value, bytes) and value]  # noqa: PLR2004
    good = total = 0
    for value in long:
        total += len(value)
        if _readable(value) or _fractions(value, 8) or _nested(value, depth):
            good += len(value)
    if good * 2 >= total > 0 and good >= _SHORTEST_TEXT:
        return True
    usual = max(numbers) <= _USUAL_FIELD
    if usual and any(value.startswith(_PACKED_MAGIC) or (len(value) > _FEW * 2 and _readable(value)) for value in long):
        return True
    plausible = sum(1 for value in blobs if value not in long and value and _number_text(value))
    ordered = numbers == sorted(numbers) and numbers[-1] <= _USUAL_FIELD
    return ordered and not total and len(fields) >= _FEW - (plausible > 0)


def _readable(value: bytes) -> bool:
    if len(value) < _SHORTEST_TEXT:
        return False
    try:
        return value.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _nested(value: bytes, depth: int) -> bool:
    if depth > _DEEPEST or len(value) < 2:  # noqa: PLR2004 - a key and a value
        return False
    return (_usual_message if len(value) <= _USUAL else _is_message)(value, depth)


def _is_message(value: bytes, depth: int) -> bool:
    fields = read_message(value, 1000)
    return fields is not None and looks_meant(fields, depth + 1)


_usual_message: Final = lru_cache(maxsize=512)(_is_message)
"""Every message in a message is asked for several times: as a part of what holds it, and when it is opened."""


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Give the number and where it ends, -1 when it never does."""
    value = shift = 0
    for byte in data[at : at + 10]:
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:  # noqa: PLR2004 - the continuation bit
            return value, at
        shift += 7
    return 0, -1


def _values(number: int, wire: int, value: bytes | int) -> list[tuple[str, bytes | str]]:
    if isinstance(value, int):
        return [(str(number), text) for text in _varint_texts(value)]
    if wire in (1, 5):
        return [(str(number), text) for text in (_number_text(value), _integer_text(value)) if text]
    found: list[tuple[str, bytes | str]] = [(str(number), value)] if value else []
    if value and not _readable(value) and not _nested(value, 0):
        found += [(f"{number}[{at}]", text) for at, text in enumerate(_packed(value))]
    return found


def _varint_texts(value: int) -> tuple[str, ...]:
    """Give a varint as it stands, or as a negative int64; and as a zigzag where it may be one."""
    if value >> 63:
        return (str(value - (1 << 64)),)
    if _ZIGZAG_LEAST < value < _ZIGZAG_MOST:
        return (str(value), str((value >> 1) ^ -(value & 1)))
    return (str(value),)


def _number_text(raw: bytes) -> str:
    """Give a fixed number as a fraction where that makes sense."""
    if len(raw) == 8:  # noqa: PLR2004 - double precision
        value = struct.unpack("<d", raw)[0]
        return repr(value) if 1e-7 <= abs(value) < 1e15 else ""  # noqa: PLR2004 - what people measure
    value = struct.unpack("<f", raw)[0]
    return f"{value:.7g}" if 1e-5 <= abs(value) < 1e8 else ""  # noqa: PLR2004 - same


def _integer_text(raw: bytes) -> str:
    if _number_text(raw):
        return ""
    return str(int.from_bytes(raw, "little"))


def _packed(value: bytes) -> list[str]:
    """Give the numbers of a packed field: fractions where all make sense, or else a few varints."""
    if len(value) > _PACKED_MOST * 8:
        return []
    fractions = _fractions(value, 8) or _fractions(value, 4)
    if fractions:
        return fractions
    if not 2 <= len(value) <= _PACKED_MOST:  # noqa: PLR2004 - one number is none packed
        return []
    at = 0
    texts: list[str] = []
    while at < len(value):
        number, at = _varint(value, at)
        if at < 0:
            return []
        texts += _varint_texts(number)
    return texts if len(texts) > 2 else []  # noqa: PLR2004 - same


def _fractions(value: bytes, size: int) -> list[str]:
    """Give the fractions that bytes consist of, when there are several and all make sense."""
    if len(value) % size or not size * 2 <= len(value) <= _PACKED_MOST * 8:
        return []
    texts = [_number_text(value[at : at + size]) for at in range(0, len(value), size)]
    return texts if all(texts) else []
