"""Writes indented JSON piece by piece, so that no document need be held whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import islice
from typing import Any, Final, TypeAlias

import msgspec

from analyzer.report.text import KEPT, bounded, json_visible_bytes

Fields: TypeAlias = dict[str, object]
"""An entry of the result document by its keys, in their order; what they hold is told by the class of the entry."""

BATCH: Final = 256
"""So many entries are indented at once."""

_ENCODER: Final = msgspec.json.Encoder()


def entry_bytes(entry: Mapping[str, Any]) -> bytes:
    """Write an entry as JSON in one line, with every text in it bounded as the document's are."""
    try:
        data = _ENCODER.encode(entry)
    except UnicodeEncodeError:
        return _ENCODER.encode(_bounded(entry))
    # What takes so few bytes in all holds no text that is longer.
    return data if len(data) <= KEPT else _ENCODER.encode(_bounded(entry))


def raw(entry: Mapping[str, Any]) -> msgspec.Raw:
    """Write an entry once that will stand in several others."""
    return msgspec.Raw(entry_bytes(entry))


def object_pieces(members: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> Iterator[bytes]:
    """Write an object, indented by one space a level; a member is one value or an array of values, each in one line.

    What a terminal would obey, or would not show, stands as JSON's own escapes.
    """
    return map(json_visible_bytes, _object(members))


def _object(members: Iterable[tuple[str, bytes | Iterable[bytes]]]) -> Iterator[bytes]:
    lead = b"{"
    for name, value in members:
        yield b"%b\n %b: " % (lead, _ENCODER.encode(name))
        if isinstance(value, bytes):
            yield msgspec.json.format(b"[%b]" % value, indent=1)[len(b"[\n ") : -len(b"\n]")]
        else:
            yield from _array(value)
        lead = b","
    yield b"\n}\n"


def _array(values: Iterable[bytes]) -> Iterator[bytes]:
    waiting = iter(values)
    lead = b"["
    while part := list(islice(waiting, BATCH)):
        yield lead
        yield msgspec.json.format(b"[[%b]]" % b",".join(part), indent=1)[len(b"[\n [") : -len(b"\n ]\n]")]
        lead = b","
    yield b"[]" if lead == b"[" else b"\n ]"


def _bounded(value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return bounded(value)
    if isinstance(value, Mapping):
        return {_bounded(key): _bounded(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_bounded(item) for item in value]
    return value
