"""Preview recorded values: bounded text for everything, base64 for bytes."""

from __future__ import annotations

import base64
from typing import Final

from analyzer.model.evidence import Value
from analyzer.model.vocabulary import ValueKind
from analyzer.report.json_pieces import Fields

_TEXT_LIMIT: Final = 1024
_BYTES_LIMIT: Final = 256
_DEPTH_LIMIT: Final = 6
_ITEM_LIMIT: Final = 32


def preview(value: Value) -> Fields:
    """Give the bounded preview of one argument or result, a `ValueEntry`.

    Its `truncated` also says that the preview itself cut it.
    """
    text = _text_of(value, 0)
    cut = len(text) > _TEXT_LIMIT or len(value.data) > _BYTES_LIMIT or max(map(len, _parts(value))) > _ITEM_LIMIT
    is_bytes = value.kind is ValueKind.BYTES
    return {
        "kind": value.kind,
        "type": value.type,
        "text": text[:_TEXT_LIMIT],
        "base64": base64.b64encode(value.data[:_BYTES_LIMIT]).decode("ascii") if is_bytes else None,
        "size": len(value.data) if is_bytes else None,
        "truncated": value.truncated or cut,
    }


def _parts(value: Value) -> tuple[tuple[object, ...], tuple[object, ...]]:
    return value.items, value.fields


def _text_of(value: Value, depth: int) -> str:
    if depth > _DEPTH_LIMIT:
        return "…"
    if value.kind is ValueKind.LIST:
        return _enclosed("[", [_text_of(item, depth + 1) for item in value.items[:_ITEM_LIMIT]], "]")
    if value.kind is ValueKind.OBJECT:
        named = [f"{name}: {_text_of(item, depth + 1)}" for name, item in value.fields[:_ITEM_LIMIT]]
        return _enclosed("{", named, "}") if named else value.text[: _TEXT_LIMIT + 1]
    if value.kind is ValueKind.NULL:
        return "null"
    return value.text[: _TEXT_LIMIT + 1]


def _enclosed(opening: str, parts: list[str], closing: str) -> str:
    """Join the parts, giving up once the preview is full: nested lists must not multiply."""
    text = opening
    for position, part in enumerate(parts):
        text += (", " if position else "") + part
        if len(text) > _TEXT_LIMIT:
            return text[: _TEXT_LIMIT + 1]
    return text + closing
