"""Takes DNS messages of the wire apart, as far as mitmproxy's flow files tell them."""

from __future__ import annotations

import struct
from typing import Any, Final

_HEAD: Final = struct.Struct("!HHHHHH")
_TAIL: Final = struct.Struct("!HH")
_RECORD: Final = struct.Struct("!HHIH")
_POINTER: Final = 0xC0
_MOST: Final = 128
_LONGEST: Final = 255


def dns_message(data: bytes, at: float) -> dict[str, Any] | None:
    """Give the fields of a message that was seen at `at` (seconds); `None` for bytes that are none."""
    try:
        number, flags, asked, answered, authorities, more = _HEAD.unpack_from(data)
        place = _HEAD.size
        questions = []
        for _ in range(asked):
            name, place = _name(data, place)
            kind, class_ = _TAIL.unpack_from(data, place)
            place += _TAIL.size
            questions.append({"name": name, "type": kind, "class_": class_})
        sections = []
        for count in (answered, authorities, more):
            found, place = _records(data, place, count)
            sections.append(found)
    except (struct.error, IndexError, ValueError):
        return None
    return {
        "id": number,
        "query": not flags >> 15,
        "op_code": flags >> 11 & 15,
        "authoritative_answer": bool(flags >> 10 & 1),
        "truncation": bool(flags >> 9 & 1),
        "recursion_desired": bool(flags >> 8 & 1),
        "recursion_available": bool(flags >> 7 & 1),
        "reserved": flags >> 4 & 7,
        "response_code": flags & 15,
        "questions": questions,
        "answers": sections[0],
        "authorities": sections[1],
        "additionals": sections[2],
        "timestamp": at,
    }


def _records(data: bytes, place: int, count: int) -> tuple[list[dict[str, Any]], int]:
    found = []
    for _ in range(count):
        name, place = _name(data, place)
        kind, class_, ttl, size = _RECORD.unpack_from(data, place)
        place += _RECORD.size
        if place + size > len(data):
            raise ValueError("a record is longer than its message")
        found.append({"name": name, "type": kind, "class_": class_, "ttl": ttl, "data": data[place : place + size]})
        place += size
    return found, place


def _name(data: bytes, place: int) -> tuple[str, int]:
    """Read a name, following its pointers; gives the place behind it."""
    labels: list[str] = []
    after = 0
    for _ in range(_MOST):
        size = data[place]
        if size >= _POINTER:
            after = after or place + 2
            place = (size - _POINTER) << 8 | data[place + 1]
            continue
        place += 1
        if not size:
            return ".".join(labels), after or place
        labels.append(data[place : place + size].decode("ascii"))
        place += size
        if sum(map(len, labels)) > _LONGEST:
            break
    raise ValueError("the name does not end")
