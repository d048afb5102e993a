"""JSON values of foreign hook tools → bounded values of the model."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from typing import Any, Final

from analyzer.codec.har_body import base64_bytes
from analyzer.model.evidence import Value
from analyzer.model.vocabulary import ValueKind

MAX_DEPTH: Final = 16
"""Values deeper than this are cut off."""
TEXT_LIMIT: Final = 1024 * 1024
ITEM_LIMIT: Final = 10_000
"""So many values of one argument or result are kept."""
_KEY_LIMIT: Final = 200
_NULL: Final = Value(ValueKind.NULL)


def read_value(raw: Any) -> Value:
    """Give the value of any JSON; `{"base64": …}` and `{"hex": …}` are bytes."""
    return _Reader().value(raw, 1)


def read_arguments(raw: Any) -> tuple[Value, ...]:
    """Give arguments: a list of them, or a single one."""
    if raw is None:
        return ()
    reader = _Reader()
    items = raw if isinstance(raw, list) else [raw]
    return tuple(reader.value(item, 1) for item in items[:ITEM_LIMIT])


class _Reader:
    """Reads one value and counts what is in it."""

    def __init__(self) -> None:
        self._left = ITEM_LIMIT

    def value(self, raw: Any, depth: int) -> Value:
        self._left -= 1
        if isinstance(raw, str):
            return Value(ValueKind.STRING, text=raw[:TEXT_LIMIT], truncated=len(raw) > TEXT_LIMIT)
        if isinstance(raw, bool):
            return Value(ValueKind.BOOLEAN, text="true" if raw else "false")
        if isinstance(raw, int | float):
            return _number(raw)
        if isinstance(raw, list):
            return self._list(raw, depth)
        if isinstance(raw, Mapping):
            return self._object(raw, depth)
        return _NULL

    def _list(self, raw: list[Any], depth: int) -> Value:
        if depth >= MAX_DEPTH:
            return Value(ValueKind.LIST, truncated=bool(raw))
        items: list[Value] = []
        for item in raw:
            if self._left <= 0:
                break
            items.append(self.value(item, depth + 1))
        return Value(ValueKind.LIST, items=tuple(items), truncated=len(items) < len(raw))

    def _object(self, raw: Mapping[str, Any], depth: int) -> Value:
        if len(raw) <= 2 and (data := _bytes(raw)) is not None:  # noqa: PLR2004 - the bytes and perhaps their type
            return Value(ValueKind.BYTES, data=data)
        if depth >= MAX_DEPTH:
            return Value(ValueKind.OBJECT, truncated=bool(raw))
        fields: list[tuple[str, Value]] = []
        for name, item in raw.items():
            if self._left <= 0:
                break
            fields.append((name[:_KEY_LIMIT], self.value(item, depth + 1)))
        return Value(ValueKind.OBJECT, fields=tuple(fields), truncated=len(fields) < len(raw))


def _number(raw: float) -> Value:
    if isinstance(raw, int) and raw.bit_length() > TEXT_LIMIT.bit_length() * 64:
        return Value(ValueKind.NUMBER, text="", truncated=True)
    return Value(ValueKind.NUMBER, text=repr(raw))


def _bytes(raw: Mapping[str, Any]) -> bytes | None:
    text = raw.get("base64")
    if isinstance(text, str):
        return base64_bytes(text)
    text = raw.get("hex")
    if not isinstance(text, str):
        return None
    try:
        return binascii.unhexlify(text.replace(" ", "").encode())
    except (binascii.Error, ValueError):
        return None
