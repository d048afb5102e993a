"""What a hooked call read, asked for or stored: the catalog's meaning put to the recorded values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analyzer.model.evidence import Value
from analyzer.model.results import Call
from analyzer.model.vocabulary import Ending, HookKind, ValueKind
from analyzer.packs.catalog_entries import Catalog, Hook

_DENIED: Final = frozenset({"", "unknown", "<unknown ssid>", "null", "02:00:00:00:00:00", "0x", "[]", "{}"})
_ZEROS: Final = re.compile(r"[0:.-]{6,}")
_MAC_BYTES: Final = 6
_SHOWN: Final = 5
_KEEP_FIELDS: Final = {
    "loc.wifi_current": ("ssid", "bssid"),
    "loc.wifi_scan": ("ssid", "bssid"),
    "dev.installed_apps": ("package",),
    "dev.running_apps": ("process", "package"),
    "dev.accounts": ("name",),
    "comm.contacts": ("name", "phone", "number", "email"),
    "id.gaid": ("id",),
    "id.oaid": ("id",),
    "id.mac_wifi": ("mac", "address"),
    "id.mac_bluetooth": ("address",),
    "id.ip": ("address", "ip"),
    "loc.bluetooth_scan": ("address", "name"),
    "misc.clipboard": ("text", "html", "uri", "item"),
    "loc.cell": ("cid", "ci", "nci", "lac", "tac"),
}
"""Which properties of an object are the personal ones; the others are the same on every device."""
_AXES: Final = {"latitude": "lat", "lat": "lat", "longitude": "lon", "lng": "lon", "lon": "lon"}


@dataclass(frozen=True, slots=True)
class Reading:
    """The personal value of one call.

    `parts` are the values by name: one unnamed part for a single value, `lat` and `lon` of a place, `<item>.<field>`
    of a list. `real` is false when Android or the person gave nothing: `why` says what stood there instead.
    """

    data_type: str
    text: str
    parts: tuple[tuple[str, str], ...]
    real: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A call of the catalog that concerns personal data, with its reading."""

    call: Call
    hook: Hook
    reading: Reading

    @property
    def delivered(self) -> bool:
        """Say whether a query that carries no value itself was followed by reads of its rows."""
        return self.hook.where is None and bool(self.reading.parts)


def read_calls(calls: Sequence[Call], catalog: Catalog) -> tuple[Read, ...]:
    """Give all calls that concern personal data; the cells read from a cursor belong to the query that opened it.

    That is the latest query of the same thread; the latest of the process where this thread made none.
    """
    reads: list[Read] = []
    heads: dict[tuple[str, int, int | None, str], int] = {}
    for call in calls:
        found = read_call(call, catalog)
        if found is None:
            continue
        hook, reading = found
        own, any_thread = _query_keys(call, reading.data_type)
        head = heads.get(own, heads.get(any_thread)) if _is_cell(call) else None
        if head is None:
            heads[own] = heads[any_thread] = len(reads)
            reads.append(Read(call, hook, _cell(reading, 0, call) if _is_cell(call) else reading))
        else:
            reads[head] = replace(reads[head], reading=_joined(reads[head].reading, reading, call))
    return tuple(reads)


def _query_keys(
    call: Call, data_type: str
) -> tuple[tuple[str, int, int | None, str], tuple[str, int, int | None, str]]:
    recording, pid = call.ref.recording, call.event.process.pid
    return (recording, pid, call.event.thread.tid, data_type), (recording, pid, None, data_type)


def read_call(call: Call, catalog: Catalog) -> tuple[Hook, Reading] | None:
    """Give the hook and the reading of a call that concerns personal data, `None` for any other call."""
    hook = catalog.hook(call.event.hook)
    if hook is None:
        return None
    data_type = hook.data_type_of(call.event)
    return (hook, _reading(call, hook, data_type)) if data_type else None


def parts_of(data_type: str, value: Value) -> tuple[tuple[str, str], ...]:
    """Give the personal texts inside a recorded value, by name."""
    return tuple((name, canonical(data_type, text)) for name, text in _parts(data_type, value) if _says(text))


def persona_parts(data_type: str, text: str) -> tuple[tuple[str, str], ...]:
    """Give the parts of a planted value, which is a text, or JSON text where it has parts."""
    try:
        document = json.loads(text, parse_float=str, parse_int=str) if text.startswith("{") else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return (("", canonical(data_type, text)),)
    fields = {str(name): str(value) for name, value in document.items()}
    wanted = _KEEP_FIELDS.get(data_type)
    chosen = {name: value for name, value in fields.items() if not wanted or name in wanted}
    return tuple((_AXES.get(name, name), canonical(data_type, value)) for name, value in (chosen or fields).items())


def canonical(data_type: str, text: str) -> str:
    """Give the one spelling of a value that results show."""
    text = text.strip()
    if data_type in {"loc.wifi_current", "loc.wifi_scan"}:
        text = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
    if data_type.startswith("id.mac") or re.fullmatch(r"[0-9A-F]{2}([:-][0-9A-F]{2}){5}", text):
        return text.lower().replace("-", ":")
    return text


def _is_cell(call: Call) -> bool:
    this = call.event.this
    return this is not None and {"uri", "column"} <= {name for name, _ in this.fields}


def _cell(reading: Reading, at: int, call: Call) -> Reading:
    fields = call.event.this.fields if call.event.this else ()
    column = next((part.text for name, part in fields if name == "column"), "")
    return replace(reading, parts=tuple((f"{at}.{column}", text) for _, text in reading.parts))


def _joined(head: Reading, cell: Reading, call: Call) -> Reading:
    known = {text for _, text in head.parts}
    new = tuple(part for part in _cell(cell, len(head.parts), call).parts if part[1] not in known)
    parts = (*head.parts, *new)
    return replace(head, parts=parts, text=summary(parts), real=head.real or bool(parts)) if new else head


def _reading(call: Call, hook: Hook, data_type: str) -> Reading:
    value = hook.value_of(call.event)
    if call.event.ending is Ending.THREW:
        return Reading(data_type, "", (), real=False, why=f"it ended in {call.event.exception or 'an exception'}")
    if value is None:
        if hook.kind in (HookKind.REQUEST, HookKind.STORE) or hook.where is None or hook.report == "before":
            return Reading(data_type, "", (), real=hook.kind is not HookKind.REQUEST, why="it carries no value itself")
        return Reading(data_type, "", (), real=False, why="no value was recorded")
    parts = tuple(part for part in parts_of(data_type, value) if not _constant(part[1], hook))
    if parts:
        return Reading(data_type, summary(parts), parts, real=True)
    if _is_handle(value) or any(map(_is_handle, value.items)):
        return Reading(data_type, "", (), real=True, why=f"it gave a {value.type or 'handle'} to read from")
    return Reading(data_type, "", (), real=False, why=f"the answer was {_shown(value)}")


def _is_handle(value: Value) -> bool:
    """Say whether a value is an object of which nothing but its class is known."""
    return value.kind is ValueKind.OBJECT and not value.fields and not value.text


def summary(parts: tuple[tuple[str, str], ...]) -> str:
    """Give the parts as one text, a place as `lat,lon`, long lists cut."""
    texts = [text for _, text in parts]
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return ("," if dict(parts).keys() == {"lat", "lon"} else ", ").join(texts[:_SHOWN]) + more


def _parts(data_type: str, value: Value) -> Iterator[tuple[str, str]]:
    if value.kind is ValueKind.LIST:
        for at, item in enumerate(value.items):
            for name, text in _parts(data_type, item):
                yield f"{at}.{name}", text
    elif value.kind is ValueKind.OBJECT and value.fields:
        yield from _object_parts(data_type, value)
    elif value.kind is ValueKind.BYTES:
        yield "", _bytes_text(value.data)
    elif value.kind is not ValueKind.NULL:
        yield "", value.text


def _object_parts(data_type: str, value: Value) -> Iterator[tuple[str, str]]:
    fields = dict(value.fields)
    axes = {_AXES[name]: part.text for name, part in value.fields if name in _AXES}
    if axes.keys() == {"lat", "lon"}:
        yield from sorted(axes.items())
        return
    wanted = _KEEP_FIELDS.get(data_type, tuple(fields))
    chosen = [name for name in fields if name in wanted] or list(fields)
    for name in chosen:
        for inner, text in _parts(data_type, fields[name]):
            yield (f"{name}.{inner}" if inner else name), text


def _bytes_text(data: bytes) -> str:
    if len(data) == _MAC_BYTES:
        return data.hex(":")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return data.hex()
    return text if text.isprintable() else data.hex()


def _says(text: str) -> bool:
    return text.strip().strip('"').lower() not in _DENIED and not _ZEROS.fullmatch(text)


def _constant(text: str, hook: Hook) -> bool:
    return any(text.strip('"').lower() == constant.strip('"').lower() for constant in hook.constants)


def _shown(value: Value) -> str:
    if value.kind is ValueKind.NULL:
        return "null"
    if value.kind is ValueKind.LIST and not value.items:
        return "an empty list"
    return f"'{value.text[:40]}', which stands for no value" if value.text else "empty"
