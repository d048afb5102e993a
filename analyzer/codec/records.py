"""Evidence records to canonical JSON lines and back; strict and versioned."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, TypeAlias, get_args, get_type_hints

import msgspec

from analyzer.codec.canonical import DECODE_ERRORS, convert, head, write
from analyzer.codec.migrate import VERSION, FormatProblem
from analyzer.model.clock import ClockSample
from analyzer.model.evidence import (
    Connection,
    Event,
    FlowError,
    Gap,
    HookState,
    Mark,
    Message,
    Record,
    Refusal,
    Request,
    Response,
    Screen,
    Stack,
    Value,
)
from analyzer.model.vocabulary import Source

MAX_DEPTH: Final = 32
"""How deep the values of an event may nest."""

KINDS: Final[Mapping[str, type[Record]]] = MappingProxyType(
    {
        "event": Event,
        "stack": Stack,
        "hook_state": HookState,
        "request": Request,
        "response": Response,
        "connection": Connection,
        "message": Message,
        "refusal": Refusal,
        "flow_error": FlowError,
        "mark": Mark,
        "clock_sample": ClockSample,
        "screen": Screen,
        "gap": Gap,
    }
)
"""The word of each record kind in a line, and its class."""

SOURCES: Final[Mapping[type[Record], Source]] = MappingProxyType(
    {
        **dict.fromkeys((Event, Stack, HookState), Source.EVENTS),
        **dict.fromkeys((Request, Response, Connection, Message, Refusal, FlowError), Source.FLOWS),
        **dict.fromkeys((Mark, ClockSample), Source.MARKS),
        Screen: Source.SCREENS,
        Gap: Source.GAPS,
    }
)
"""The file of a recording that each class of record belongs to."""

_LIMIT: Final = 2**63
_Plan: TypeAlias = tuple[tuple[str, bool], ...]

_KIND_OF: Final[dict[type[Record], str]] = {cls: kind for kind, cls in KINDS.items()}
_DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {k: msgspec.json.Decoder(cls) for k, cls in KINDS.items()}


def _numbered(cls: type[Any], plans: dict[type[Any], _Plan]) -> bool:
    """Note which fields of a dataclass are integers (`True`) or hold some (`False`); say whether there are any."""
    if cls is Value or not dataclasses.is_dataclass(cls):
        return False
    plan: list[tuple[str, bool]] = []
    for name, hint in get_type_hints(cls).items():
        options = get_args(hint) or (hint,)
        if int in options:
            plan.append((name, True))
        elif any(_numbered(option, plans) for option in options if isinstance(option, type)):
            plan.append((name, False))
    plans[cls] = tuple(plan)
    return bool(plan)


def _plans() -> dict[type[Any], _Plan]:
    plans: dict[type[Any], _Plan] = {}
    for cls in KINDS.values():
        _numbered(cls, plans)
    return plans


_PLANS: Final = _plans()


def _ways(cls: type[Any], lead: str = "") -> Iterator[tuple[str, bool]]:
    """Give the ways to the integers of a class, and whether each record has them; else to what holds them."""
    hints = get_type_hints(cls)
    for name, number in _PLANS[cls]:
        if not isinstance(hints[name], type):
            yield f"{lead}{name}", False
        elif number:
            yield f"{lead}{name}", True
        else:
            yield from _ways(hints[name], f"{lead}{name}.")


def _getter(cls: type[Any], *, always: bool) -> Callable[[Any], Any] | None:
    ways = [way for way, sure in _ways(cls) if sure is always]
    return attrgetter(*ways) if ways else None


_NUMBERS: Final = {cls: (_getter(cls, always=True), _getter(cls, always=False)) for cls in KINDS.values()}
"""By class of record: what reads all integers that it always has, and what reads all that it may have more."""
_WHOLE: Final = {int}
_ABSENT: Final = (None, (None, None))


def encode(record: Record) -> bytes:
    """Write a record as one line of canonical JSON, without chain and line end.

    Raises `FormatProblem` for what `decode` would refuse: wrong types, integers beyond 64 bits, values nested deeper
    than `MAX_DEPTH`. So whatever is written can be read.
    """
    kind = _KIND_OF.get(type(record))
    if kind is None:
        raise FormatProblem(f"{type(record).__name__} is no kind of evidence record")
    _check(record)
    payload = write(kind, record)
    _typed(kind, payload)
    return payload


def decode(payload: bytes) -> Record:
    """Read a line without its chain; raises `FormatProblem` for unknown keys, wrong types and any odd spelling."""
    version, kind = head(payload)
    if kind not in KINDS:
        raise FormatProblem(f"{kind!r} is no kind of evidence record")
    if version != VERSION:
        return _decode_old(kind, payload)
    record = _typed(kind, payload)
    _check(record)
    if write(kind, record) != payload:
        raise FormatProblem(f"a {kind} has an unknown, missing or doubled key, or is not written the canonical way")
    return record


def _typed(kind: str, payload: bytes) -> Record:
    try:
        record: Record = _DECODERS[kind].decode(payload)
    except DECODE_ERRORS as problem:
        raise FormatProblem(f"a {kind} is malformed: {problem}") from problem
    return record


def _decode_old(kind: str, payload: bytes) -> Record:
    try:
        document = msgspec.json.decode(payload)
    except DECODE_ERRORS as problem:
        raise FormatProblem(f"a {kind} is malformed: {problem}") from problem
    record = convert(kind, KINDS[kind], document)
    _check(record)
    return record


def _check(record: Record) -> None:
    if not _is_usual(record):
        _check_numbers(record)
    if type(record) is Event:
        _check_depth(record.arguments, 1)
        _check_depth([value for value in (record.result, record.this) if value is not None], 1)


def _is_usual(record: Record) -> bool:
    """Say quickly of nearly every record that its integers are as they must be."""
    always, more = _NUMBERS[type(record)]
    try:
        numbers = always(record) if always else ()
        if more is not None and more(record) not in _ABSENT:
            return False
        return set(map(type, numbers)) == _WHOLE and min(numbers) >= -_LIMIT and max(numbers) < _LIMIT
    except AttributeError:
        return False


def _check_numbers(value: Any) -> None:
    for name, number in _PLANS[type(value)]:
        field = getattr(value, name)
        if field is None:
            continue
        if not number:
            _check_numbers(field)
        elif type(field) is not int or not -_LIMIT <= field < _LIMIT:
            raise FormatProblem(f"`{name}` must be a whole number of 64 bits, not {_short(field)}")


def _check_depth(values: Iterable[Value], depth: int) -> None:
    for value in values:
        if value.items or value.fields:
            if depth >= MAX_DEPTH:
                raise FormatProblem(f"a value nests deeper than {MAX_DEPTH}")
            _check_depth(value.items, depth + 1)
            _check_depth([item for _, item in value.fields], depth + 1)


def _short(value: object) -> str:
    """Describe a wrong value in a few letters; a huge integer cannot even be printed."""
    if isinstance(value, int):
        return f"an integer of {value.bit_length()} bits"
    return f"{type(value).__name__} {value!r:.40}"
