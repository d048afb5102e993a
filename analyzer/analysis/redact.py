"""Replaces known values, in every form in which they are looked for, by names that say nothing of them."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from gzip import compress
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import quote, quote_plus

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from analyzer.analysis.decode import Budget, Leaf, as_text, decode
from analyzer.analysis.decode_compression import decompress_marked
from analyzer.analysis.indicators import Indicator, Known, derive
from analyzer.analysis.redact_parts import Parts
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

Namer: TypeAlias = Callable[[str, str], str]
"""Gives the name that stands for a value, by its data type and text; equal values have equal names."""

_END: Final = r"(?![0-9A-Za-z])"
_FIRM: Final = 10
"""A form of fewer bytes is only replaced where it is a whole word."""
_SHORTEST_PLACE: Final = 6
_WORD: Final = re.compile(r"[A-Za-z0-9+/=_%-]{8,}")
_NOWHERE: Final = EvidenceRef("", Source.FLOWS, 1)
_LARGEST: Final = 64 * 1024 * 1024
_REMEMBERED: Final = 50_000
_FEW: Final = 500
_CUT: Final = re.compile(r" and \d+ more$")
_PLACE: Final = re.compile(r"(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+)")
"""A latitude and a longitude, as observations write a place."""


class _Found(NamedTuple):
    start: int
    end: int
    name: str


Seen: TypeAlias = Sequence[tuple[str, str]]
"""What was seen in one record: data types and values."""


class _Here:
    """The values of one record, in every spelling, and their names; finer digits may follow those of places."""

    def __init__(self, names: Mapping[str, str], digits: Collection[str]) -> None:
        self._names = names
        spelled = sorted(names, key=lambda text: (-len(text), text))
        either = "|".join(re.escape(text) + (r"(?=\d*)" if text in digits else _END) for text in spelled)
        self._pattern = re.compile(rf"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{{2}}))(?:{either})") if spelled else None

    def replaced(self, text: str) -> str:
        """Replace the values in a text."""
        return self._pattern.sub(lambda found: self._names[found[0]], text) if self._pattern else text

    def names(self, text: str) -> list[str]:
        """Give the names of the values in a text."""
        return [self._names[found] for found in self._pattern.findall(text)] if self._pattern else []


class Redactor:
    """Knows the values of a session and their names.

    `indicators` are those that the analysis looked for; `values` are what it found besides, data type and text.
    """

    def __init__(self, indicators: Iterable[Indicator], values: Iterable[tuple[str, str]], name: Namer) -> None:
        self._name = name
        self._names: dict[str, str] = {}
        self._patterns: dict[bytes, tuple[str, bool]] = {}
        whole: dict[str, str] = {}
        for indicator in indicators:
            self._learn(indicator, indicator.value)
            whole.setdefault(indicator.known.text, indicator.known.data_type)
        for data_type, text in values:
            whole.setdefault(text, data_type)
            place = _PLACE.fullmatch(text)
            parts = (("lat", place[1]), ("lon", place[2])) if place else ()
            for indicator in derive(Known(data_type, text, parts), fully=False):
                self._learn(indicator, text)
        self._automaton = BytesAhoCorasick(list(self._patterns), MatchKind.LeftmostLongest) if self._patterns else None
        self._meant = list(self._patterns.values())
        self._parts, self._whole = Parts(whole), whole
        self.text = lru_cache(_REMEMBERED)(self._text)
        self._here = lru_cache(_FEW)(self._values_here)

    def name(self, data_type: str, value: str) -> str:
        """Give the name of a value that is known as a whole."""
        data = value.encode("utf-8", "replace")
        found = list(self._find(data))
        if len({one.name for one in found}) == 1 and 2 * sum(one.end - one.start for one in found) >= len(data):
            return found[0].name
        return self._named(data_type, value)

    def record(self, text: str, seen: Seen) -> str:
        """Replace what is known everywhere, and the values seen in this record, however short or common they are."""
        if not any(value for _, value in seen):
            return self.text(text)
        if self._is_cut(seen):
            return self._withheld(text.encode("utf-8", "replace")).decode()
        return self._redacted(text, self._here(tuple(seen)))

    def data(self, data: bytes, seen: Seen = ()) -> bytes:
        """Replace values in the bytes of a message; bytes that cannot be written again are withheld as a whole."""
        text = as_text(data)
        if text is not None and text.encode() == data:
            return self.record(text, seen).encode("utf-8", "replace")
        opened = decompress_marked(data, _LARGEST)
        if opened is not None and opened[0] in {"gzip", "zlib"}:
            inner = self.data(opened[1], seen)
            if inner == opened[1]:
                return self._withheld(data) if seen else data
            return compress(inner, mtime=0) if opened[0] == "gzip" else zlib.compress(inner)
        return self._withheld(data) if seen or self.names(data) else data

    def names(self, data: bytes) -> tuple[str, ...]:
        """Give the names of the values that lie in bytes, under any encoding that can be undone."""
        found = dict.fromkeys(one.name for one in self._find(data))
        for leaf in decode(Leaf(_NOWHERE, Where.BODY, "", "", data), Budget()):
            found |= dict.fromkeys(one.name for one in self._find(leaf.data))
        return tuple(found)

    def _withheld(self, data: bytes) -> bytes:
        return f"[withheld: {len(data)} bytes{''.join(f' {name}' for name in self.names(data))}]".encode()

    def _is_cut(self, seen: Seen) -> bool:
        """Say whether a list was seen of which we do not know every item."""
        return any(_CUT.search(value) and not self._is_known(_CUT.sub("", value)) for _, value in seen)

    def _is_known(self, items: str) -> bool:
        return all(any(self._find_whole(item.encode().lower())) for item in items.split(", "))

    def _learn(self, indicator: Indicator, value: str) -> None:
        pattern = indicator.pattern.lower()
        place = indicator.part in {"lat", "lon"} and not indicator.chain
        if not pattern or indicator.needs_key or (place and len(pattern) < _SHORTEST_PLACE):
            return
        known = indicator.known
        # the two numbers of a place are named after the place
        name = self._named(known.data_type, known.text if place else value)
        self._patterns.setdefault(pattern, (name, place or indicator.more != 0))

    def _named(self, data_type: str, value: str) -> str:
        """Name a value after the first data type that it was known as."""
        if value not in self._names:
            self._names[value] = self._name(data_type, value)
        return self._names[value]

    def _find(self, data: bytes) -> list[_Found]:
        """Find values, and between them parts of values, in their order."""
        lowered = data.lower()
        found = list(self._find_whole(lowered))
        parts = list(self._parts.find(lowered))
        if not parts:
            return found
        taken = bytearray(len(data))
        for one in found:
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
        found += [
            _Found(part.start, part.end, self._named(self._whole[part.value], part.value))
            for part in parts
            if not any(taken[part.start : part.end])
        ]
        return sorted(found)

    def _find_whole(self, data: bytes) -> Iterator[_Found]:
        if self._automaton is None:
            return
        for which, start, reach in self._automaton.find_matches_as_indexes(data):
            (name, more), end = self._meant[which], reach
            while more and data[end : end + 1].isdigit():
                end += 1
            before, after = data[start - 1 : start] if start else b"", data[end : end + 1]
            if end - start >= _FIRM or not (before.isalnum() or after.isalnum()):
                yield _Found(start, end, name)

    def _text(self, text: str) -> str:
        return self._redacted(text, _NOTHING)

    def _redacted(self, text: str, here: _Here) -> str:
        plain = self._plainly(here.replaced(text))
        opened = _WORD.sub(lambda word: "".join(self._inside(word[0], here)) or word[0], plain)
        left = self._inside(opened, here)
        return f"[withheld:{''.join(f' {name}' for name in left)}]" if left else opened

    def _inside(self, text: str, here: _Here) -> tuple[str, ...]:
        """Give the names of the values that lie in a text, behind what can be decoded in it."""
        data = text.encode("utf-8", "replace")
        found = dict.fromkeys(one.name for one in self._find(data))
        for leaf in decode(Leaf(_NOWHERE, Where.BODY, "", "", data), Budget()):
            found |= dict.fromkeys(one.name for one in self._find(leaf.data))
            if leaf.encodings:
                found |= dict.fromkeys(here.names(leaf.data.decode("utf-8", "replace")))
        return tuple(found)

    def _values_here(self, seen: Seen) -> _Here:
        names: dict[str, str] = {}
        digits = set()
        for data_type, value in seen:
            name = self.name(data_type, value)
            place = _PLACE.fullmatch(value)
            for text in (value, *(place.groups() if place else ())):
                names |= dict.fromkeys(_spelled(text), name)
            digits |= set(place.groups() if place else ())
        return _Here({text: name for text, name in names.items() if text}, frozenset(digits))

    def _plainly(self, text: str) -> str:
        data, out, at = text.encode("utf-8", "surrogatepass"), bytearray(), 0
        for one in self._find(data):
            if one.start >= at and _at_letters(data, one):
                out += data[at : one.start] + one.name.encode()
                at = one.end
        return (bytes(out) + data[at:]).decode("utf-8", "surrogatepass") if at else text


def _spelled(text: str) -> tuple[str, ...]:
    """Write a value as it is, in an address, in a form and in JSON."""
    safe = text.encode("utf-8", "replace").decode()
    return text, quote(safe, safe=""), quote_plus(safe), json.dumps(text)[1:-1]


def _at_letters(data: bytes, found: _Found) -> bool:
    """Say whether a find begins and ends between the letters of a text, not inside of one."""
    return all(at >= len(data) or data[at] & 0xC0 != 0x80 for at in (found.start, found.end))  # noqa: PLR2004 - UTF-8


_NOTHING: Final = _Here({}, ())
