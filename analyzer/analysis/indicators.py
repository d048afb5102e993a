"""Known values: what the device bears, what hooks returned, what was encrypted; and the automaton that finds them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, TypeAlias

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator_forms import coordinate_forms, item_forms, place_forms, scalar_forms
from analyzer.model.clock import Instant

SHORTEST: Final = 6
"""A value of fewer characters (bytes, where they are not ASCII) is only believed under a field name of its type."""
COMMON: Final = frozenset(
    {"unknown", "android", "google", "default", "mobile", "device", "system", "000000", "123456", "null", "undefined"}
)
WEAK_GROUPS: Final = frozenset({"dev.hardware_profile", "dev.os_locale", "dev.network_carrier", "dev.resource_state"})
"""Data types whose values are shared by millions of devices and turn up by chance."""
WHOLE: Final = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """A call that gave a value."""

    call: str
    recording: str
    instant: Instant


@dataclass(frozen=True, slots=True)
class Known:
    """One known value: its canonical text, and its parts by name (a place's `lat` and `lon`, the items of a list)."""

    data_type: str
    text: str
    parts: tuple[tuple[str, str], ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """Bytes that stand for a known value, or for one part of it (`WHOLE` for all of it).

    `chain` are the encodings that lead to the bytes; `via` is the crypto call that was seen making them.
    """

    known: Known
    part: str
    value: str
    pattern: bytes
    chain: tuple[str, ...] = ()
    note: str = ""
    via: Origin | None = None

    @property
    def needs_key(self) -> bool:
        """Say whether the value is too short or too common to be believed without a field name."""
        if self.chain:
            return False
        weak = self.known.data_type in WEAK_GROUPS
        return weak or len(self.pattern) < SHORTEST or self.value.lower() in COMMON


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator found in a leaf, at a span of its bytes."""

    leaf: Leaf
    start: int
    end: int
    indicator: Indicator


Table: TypeAlias = dict[bytes, list[Indicator]]


@dataclass(frozen=True, slots=True)
class Indicators:
    """All indicators of a session behind one automaton."""

    patterns: tuple[bytes, ...] = ()
    table: Table = field(default_factory=dict)
    automaton: BytesAhoCorasick | None = None

    def search(self, leaves: Sequence[Leaf]) -> Iterator[Hit]:
        """Find every indicator in all leaves, with one pass over their bytes."""
        if self.automaton is None or not leaves:
            return
        ends = list(accumulate(len(leaf.data) + 1 for leaf in leaves))
        joined = b"\0".join(leaf.data for leaf in leaves)
        for pattern, start, end in self.automaton.find_matches_as_indexes(joined, overlapping=True):
            at = bisect_right(ends, start)
            base = ends[at] - len(leaves[at].data) - 1
            if end < ends[at]:
                for indicator in self.table[self.patterns[pattern]]:
                    yield Hit(leaves[at], start - base, end - base, indicator)


def compile_indicators(indicators: Iterable[Indicator]) -> Indicators:
    """Put indicators behind an automaton."""
    table: Table = {}
    for indicator in indicators:
        if indicator.pattern:
            table.setdefault(indicator.pattern, []).append(indicator)
    patterns = tuple(table)
    if not patterns:
        return Indicators()
    automaton = BytesAhoCorasick(patterns, MatchKind.Standard, Implementation.ContiguousNFA)
    return Indicators(patterns, table, automaton)


def derive(known: Known) -> Iterator[Indicator]:
    """Give the indicators of one known value: every form of it, or of each of its parts."""
    if not known.parts:
        for form in scalar_forms(known.data_type, known.text):
            yield Indicator(known, WHOLE, known.text, form.pattern, form.chain, form.note)
        return
    names = dict(known.parts)
    if names.keys() == {"lat", "lon"}:
        yield from _place(known, names)
        return
    for name, text in known.parts:
        forms = scalar_forms(known.data_type, text) if known.data_type == "comm.contacts" else item_forms(text)
        for form in forms:
            yield Indicator(known, name, text, form.pattern, form.chain, form.note)


def _place(known: Known, names: dict[str, str]) -> Iterator[Indicator]:
    for name, degrees in names.items():
        for form in coordinate_forms(degrees):
            yield Indicator(known, name, degrees, form.pattern, form.chain, form.note)
    for form in place_forms(names["lat"], names["lon"]):
        yield Indicator(known, WHOLE, known.text, form.pattern, form.chain, form.note)
