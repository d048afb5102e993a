"""Canonical JSON of frozen dataclasses: one spelling per value, so that equal things have equal bytes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from analyzer.codec.migrate import STEPS, VERSION, Document, FormatProblem, Step, migrate

T = TypeVar("T")

DECODE_ERRORS: Final = (msgspec.MsgspecError, RecursionError, UnicodeError, OverflowError)

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
_HEAD: Final = re.compile(rb'\{"v":([1-9][0-9]{0,8}),"record":"([a-z_]{1,40})",')


def write(kind: str, value: object, version: int = VERSION) -> bytes:
    r"""Write a dataclass as one line of JSON without a line end: `v`, `record` (the kind), then its fields in order.

    Mappings are sorted by key, bytes are base64. A lone surrogate, which UTF-8 cannot carry, becomes the text of its
    escape (`\ud800`). Raises `FormatProblem` for what JSON cannot carry.
    """
    try:
        try:
            body = _ENCODER.encode(value)
        except UnicodeEncodeError:
            body = _ENCODER.encode(_speakable(value))
    except (*DECODE_ERRORS, TypeError, ValueError) as problem:
        raise FormatProblem(f"a {kind} cannot be written: {problem}") from problem
    return b'{"v":%d,"record":"%b",%b' % (version, kind.encode(), body[1:])


def head(payload: bytes) -> tuple[int, str]:
    """Read version and kind from the start of a canonical line; raises `FormatProblem`."""
    match = _HEAD.match(payload)
    if match is None:
        raise FormatProblem('a record must begin with {"v":<number>,"record":"<kind>",')
    return int(match[1]), match[2].decode()


def convert(
    kind: str, cls: type[T], document: Document, steps: Mapping[int, Step] = STEPS, current: int = VERSION
) -> T:
    """Make a dataclass of a decoded document of any version; raises `FormatProblem` for a key too many or too few."""
    document = migrate(document, steps, current)
    if document.get("record") != kind:
        raise FormatProblem(f"`record` must be {kind!r}, not {document.get('record')!r:.60}")
    try:
        value = msgspec.convert(document, cls, strict=True)
    except DECODE_ERRORS as problem:
        raise FormatProblem(f"a {kind} is malformed: {problem}") from problem
    rewritten = msgspec.json.decode(write(kind, value))
    if rewritten | {"v": current} != document:
        raise FormatProblem(f"a {kind} has unknown or missing keys: {_differing(rewritten, document)}")
    return value


def write_document(kind: str, value: object, version: int = VERSION) -> bytes:
    """Write a dataclass as an indented JSON file that people can read; just as canonical."""
    return msgspec.json.format(write(kind, value, version), indent=2) + b"\n"


def read_document(kind: str, cls: type[T], data: bytes, steps: Mapping[int, Step] = STEPS, current: int = VERSION) -> T:
    """Read what `write_document` wrote; raises `FormatProblem` for any other spelling of it.

    A kind may have a version (`current`) and steps of its own.
    """
    try:
        document = msgspec.json.decode(data, type=dict[str, Any])
    except DECODE_ERRORS as problem:
        raise FormatProblem(f"the {kind} is no JSON: {problem}") from problem
    value = convert(kind, cls, document, steps, current)
    if document.get("v") == current and write_document(kind, value, current) != data:
        raise FormatProblem(f"the {kind} is not written the canonical way: a byte of it was changed")
    return value


def _differing(written: Document, read: Document) -> str:
    keys = sorted(key for key in written.keys() | read.keys() if written.get(key, ...) != read.get(key, ...))
    return ", ".join(key[:40] for key in keys[:5])


def _speakable(value: Any) -> Any:
    """Copy a value with its lone surrogates replaced by the text of their escapes."""
    if type(value) is str:
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, tuple):
        return tuple(_speakable(item) for item in value)
    if isinstance(value, Mapping):
        return {_speakable(key): _speakable(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _speakable(getattr(value, name)) for name in names})
    return value
