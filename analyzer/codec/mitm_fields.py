"""A fast reader of tnetstrings that opens only the fields that are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from typing import Any, Final, TypeAlias

State: TypeAlias = dict[str, Any]


class Opening(Enum):
    """How the value of a wanted key is read."""

    WHOLE = auto()
    HEADERS = auto()
    """A list of pairs of bytes, as Latin-1 text; equal pairs are read once."""
    CLOSED = auto()
    """A dictionary that is seldom needed: its bytes, to be opened later."""


class Plan:
    """The wanted keys of a dictionary, and how each is opened.

    The values of other keys are jumped over; numbers, flags and `words` are so many at once. A word is the pattern of a
    whole field without its last letter, and fixes its length (`3:tls;4:[a-z]{4}`).
    """

    def __init__(
        self, keys: Iterable[str], opened: Mapping[str, Plan | Opening] | None = None, words: Iterable[str] = ()
    ) -> None:
        wanted = {**dict.fromkeys(keys, Opening.WHOLE), **(opened or {})}
        self.keys = tuple(wanted)
        self.wanted = {b"%d:%b;" % (len(key), key.encode()): (key, how) for key, how in wanted.items()}
        unwanted = f"(?!(?:{'|'.join(wanted)});)"
        plain = "|".join(words) or "(?!)"
        skipped = (
            rf"(?:\d{{1,2}}:{unwanted}[a-z_0-9]+;(?:0:[~\],;}}]|4:true!|5:false!|\d{{1,2}}:[0-9.]+[\^#])"
            rf"|(?:{plain});)*"
        )
        self.match = re.compile(rf"{skipped}(?:(\d{{1,3}}:[^:]{{0,99}}?[;,])(\d{{1,12}}):)?".encode()).match


MAX_DEPTH: Final = 32
_PREFIX: Final = 13
_PAIR_LIMIT: Final = 1024
_PAIRS: Final = 4096
_BYTES, _TEXT, _INT, _FLOAT, _BOOL, _NULL, _LIST, _DICT = b",;#^!~]}"
_FLAGS: Final = {b"true": True, b"false": False}


class Fields:
    """Reads dictionaries out of bytes; raises `ValueError` for what is no tnetstring or nests too deep."""

    def __init__(self) -> None:
        self._pairs: dict[bytes, tuple[str, str]] = {}

    def read(self, data: bytes, at: int, end: int, plan: Plan) -> State:
        """Read the wanted fields of the dictionary that fills `data[at:end]`."""
        found: State = {}
        match, wanted = plan.match, plan.wanted
        while at < end:
            pair = match(data, at, end)
            if pair is None:
                raise ValueError(f"no key stands at byte {at}")
            key, size = pair.groups()
            start = pair.end()
            if key is None:
                if start == end:
                    break
                raise ValueError(f"no key stands at byte {start}")
            stop = start + int(size)
            if stop >= end:
                raise ValueError(f"a value at byte {start} is longer than its dictionary")
            if key in wanted:
                name, how = wanted[key]
                tag = data[stop]
                if tag == _BYTES:
                    found[name] = data[start:stop]
                elif tag == _FLOAT:
                    found[name] = float(data[start:stop])
                elif tag == _TEXT:
                    found[name] = data[start:stop].decode()
                else:
                    found[name] = self._opened(data, start, stop, how)
            at = stop + 1
        return found

    def _opened(self, data: bytes, start: int, stop: int, how: Plan | Opening) -> Any:
        tag = data[stop]
        if tag == _LIST and how is Opening.HEADERS:
            return self._headers(data, start, stop)
        if tag == _DICT and how is Opening.CLOSED:
            return data[start:stop]
        if tag == _DICT and isinstance(how, Plan):
            return self.read(data, start, stop, how)
        return _value(data, start, stop, tag, 0)

    def _headers(self, data: bytes, at: int, end: int) -> tuple[tuple[str, str], ...]:
        """Read pairs of bytes as Latin-1 text; names and values recur all the time."""
        pairs, found = self._pairs, []
        find = data.find
        while at < end:
            colon = find(b":", at, at + _PREFIX)
            start = colon + 1
            stop = start + int(data[at:colon])
            if not at < colon < stop < end or data[stop] != _LIST:
                raise ValueError(f"a header at byte {at} is no pair")
            raw = data[start:stop]
            pair = pairs.get(raw)
            if pair is None:
                name, value = _items(data, start, stop, 0)
                pair = name.decode("latin-1"), value.decode("latin-1")
                if len(raw) < _PAIR_LIMIT:
                    if len(pairs) >= _PAIRS:
                        pairs.clear()
                    pairs[raw] = pair
            found.append(pair)
            at = stop + 1
        return tuple(found)


def _value(data: bytes, start: int, stop: int, tag: int, depth: int) -> Any:  # noqa: PLR0911 - one return per tag
    if tag == _BYTES:
        return data[start:stop]
    if tag == _TEXT:
        return data[start:stop].decode()
    if tag == _FLOAT:
        return float(data[start:stop])
    if tag == _INT:
        return int(data[start:stop])
    if tag == _BOOL:
        return _FLAGS.get(data[start:stop], False)
    if tag == _NULL:
        return None
    if tag == _LIST:
        return _items(data, start, stop, depth + 1)
    if tag == _DICT:
        items = _items(data, start, stop, depth + 1)
        return dict(zip(items[::2], items[1::2], strict=True))
    raise ValueError(f"an unknown type tag at byte {stop}")


def _items(data: bytes, at: int, end: int, depth: int) -> list[Any]:
    if depth > MAX_DEPTH:
        raise ValueError(f"it nests deeper than {MAX_DEPTH}")
    found = []
    while at < end:
        colon = data.find(b":", at, at + _PREFIX)
        start = colon + 1
        stop = start + int(data[at:colon])
        if not at < colon < start <= stop < end:
            raise ValueError(f"an item at byte {at} is longer than its list")
        found.append(_value(data, start, stop, data[stop], depth))
        at = stop + 1
    return found
