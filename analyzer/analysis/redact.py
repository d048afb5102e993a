"""Replaces known values, in every form in which they are looked for, by names that say nothing of them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from gzip import compress
from typing import Final, NamedTuple, TypeAlias

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from analyzer.analysis.decode import Budget, Leaf, as_text, decode
from analyzer.analysis.decode_compression import decompress_marked
from analyzer.analysis.indicators import Indicator, Known, derive
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

Namer: TypeAlias = Callable[[str, str], str]
"""Gives the name that stands for a value, by its data type and text; equal values have equal names."""

_FIRM: Final = 10
"""A form of fewer bytes is only replaced where it is a whole word."""
_SHORTEST_PLACE: Final = 6
_WORD: Final = re.compile(r"[A-Za-z0-9+/=_%-]{8,}")
_NOWHERE: Final = EvidenceRef("", Source.FLOWS, 1)
_LARGEST: Final = 64 * 1024 * 1024
_REMEMBERED: Final = 50_000


class _Found(NamedTuple):
    start: int
    end: int
    name: str


class Redactor:
    """Knows the values of a session and their names.

    `indicators` are those that the analysis looked for; `values` are what it found besides, data type and text.
    """

    def __init__(self, indicators: Iterable[Indicator], values: Iterable[tuple[str, str]], name: Namer) -> None:
        self._name = name
        self._names: dict[str, str] = {}
        self._patterns: dict[bytes, tuple[str, bool]] = {}
        for indicator in indicators:
            self._learn(indicator, indicator.value)
        for data_type, text in values:
            for indicator in derive(Known(data_type, text), fully=False):
                self._learn(indicator, text)
        self._automaton = BytesAhoCorasick(list(self._patterns), MatchKind.LeftmostLongest) if self._patterns else None
        self._meant = list(self._patterns.values())
        self.text = lru_cache(_REMEMBERED)(self._text)

    def name(self, data_type: str, value: str) -> str:
        """Give the name of a value that is known as a whole."""
        data = value.encode("utf-8", "replace")
        found = list(self._find(data))
        if len({one.name for one in found}) == 1 and 2 * sum(one.end - one.start for one in found) >= len(data):
            return found[0].name
        return self._named(data_type, value)

    def record(self, text: str, seen: Sequence[tuple[str, str]]) -> str:
        """Replace what is known everywhere, and the values seen in this record, however short or common they are."""
        for data_type, value in sorted(seen, key=lambda one: -len(one[1])):
            if value:
                whole = re.compile(rf"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])")
                text = whole.sub(self.name(data_type, value).replace("\\", r"\\"), text)
        return self.text(text)

    def data(self, data: bytes, seen: Sequence[tuple[str, str]] = ()) -> bytes:
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

    def _find(self, data: bytes) -> Iterator[_Found]:
        if self._automaton is None:
            return
        for which, start, reach in self._automaton.find_matches_as_indexes(data.lower()):
            (name, more), end = self._meant[which], reach
            while more and data[end : end + 1].isdigit():
                end += 1
            before, after = data[start - 1 : start] if start else b"", data[end : end + 1]
            if end - start >= _FIRM or not (before.isalnum() or after.isalnum()):
                yield _Found(start, end, name)

    def _text(self, text: str) -> str:
        plain = self._plainly(text)
        opened = _WORD.sub(self._word, plain)
        left = self.names(opened.encode("utf-8", "replace"))
        return f"[withheld:{''.join(f' {name}' for name in left)}]" if left else opened

    def _plainly(self, text: str) -> str:
        data, out, at = text.encode("utf-8", "surrogatepass"), bytearray(), 0
        for one in self._find(data):
            if one.start >= at and _at_letters(data, one):
                out += data[at : one.start] + one.name.encode()
                at = one.end
        return (bytes(out) + data[at:]).decode("utf-8", "surrogatepass") if at else text

    def _word(self, word: re.Match[str]) -> str:
        return "".join(self.names(word[0].encode())) or word[0]


def _at_letters(data: bytes, found: _Found) -> bool:
    """Say whether a find begins and ends between the letters of a text, not inside of one."""
    return all(at >= len(data) or data[at] & 0xC0 != 0x80 for at in (found.start, found.end))  # noqa: PLR2004 - UTF-8
