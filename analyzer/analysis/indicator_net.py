"""The net: finds the forms of known values in the leaves of a record, in one pass of one automaton over their bytes.

Only the first bytes of a form are in the automaton, the rest is compared at a hit: a digest's first eight bytes do not
turn up by chance, and the automaton stays a quarter of the size. Letters are compared without their case.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, TypeAlias

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import Hit, Indicator
from analyzer.analysis.indicator_edges import stands_alone

_DIGEST_HEAD: Final = 8
_TEXT_HEAD: Final = 16
_AS_DFA: Final = 300
"""Up to so many forms a full table is quick to build; beyond it is large and slow to build, for little speed."""
_WINDOW: Final = 1 << 20
"""So many bytes are searched at once; the hits of hostile bytes stay few enough to hold."""
_SAME_FORM: Final = 4
"""How often one form is told of one leaf: once more tells nothing new."""

Found: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Net:
    """An automaton over the heads of forms, and the indicators that begin with each."""

    table: tuple[tuple[Indicator, ...], ...]
    longest: int
    automaton: BytesAhoCorasick

    def scan(self, leaves: Sequence[Leaf], *, glued: bool = False) -> Iterator[Hit]:
        """Find the indicators in all leaves; with `glued` a value may touch other letters."""
        joined = b"\0".join([leaf.data for leaf in leaves])
        if len(joined) <= _WINDOW:
            found = self.automaton.find_matches_as_indexes(joined.lower(), overlapping=True)
            if found:
                yield from self._hits(leaves, found, glued=glued)
        else:
            yield from self._hits(leaves, self._windows(joined), glued=glued)

    def none_in(self, data: bytes) -> bool:
        """Say whether no form begins in these bytes; false where they are too many to be searched at once."""
        return len(data) <= _WINDOW and not self.automaton.find_matches_as_indexes(data.lower())

    def _windows(self, joined: bytes) -> Iterator[Found]:
        for at in range(0, len(joined), _WINDOW):
            window = joined[at : at + _WINDOW + self.longest - 1].lower()
            for head, start, end in self.automaton.find_matches_as_indexes(window, overlapping=True):
                if start < _WINDOW:
                    yield head, start + at, end + at

    def _hits(self, leaves: Sequence[Leaf], found: Iterable[Found], *, glued: bool) -> Iterator[Hit]:
        ends = list(accumulate([len(leaf.data) + 1 for leaf in leaves]))
        told: Counter[tuple[int, int, int]] = Counter()
        full: Counter[tuple[int, int]] = Counter()
        for head, start, _ in found:
            at = bisect_right(ends, start)
            if full[at, head] == len(self.table[head]):
                continue
            leaf = leaves[at]
            begin = start - (ends[at] - len(leaf.data) - 1)
            for number, indicator in enumerate(self.table[head]):
                if not _fits(leaf, begin, indicator) or told[at, head, number] == _SAME_FORM:
                    continue
                if stands_alone(leaf, begin, indicator, glued=glued):
                    told[at, head, number] += 1
                    full[at, head] += told[at, head, number] == _SAME_FORM
                    yield Hit(leaf, begin, begin + len(indicator.pattern), indicator)


def weave(indicators: Iterable[Indicator]) -> Net | None:
    """Put indicators behind an automaton; `None` when there are none."""
    table: dict[bytes, list[Indicator]] = {}
    for indicator in indicators:
        if indicator.pattern:
            table.setdefault(_head(indicator), []).append(indicator)
    if not table:
        return None
    kind = Implementation.DFA if len(table) <= _AS_DFA else Implementation.ContiguousNFA
    automaton = BytesAhoCorasick(list(table), MatchKind.Standard, kind)
    return Net(tuple(map(tuple, table.values())), max(map(len, table)), automaton)


def _head(indicator: Indicator) -> bytes:
    size = _DIGEST_HEAD if indicator.chain and not indicator.more else _TEXT_HEAD
    return indicator.pattern[:size].lower()


def _fits(leaf: Leaf, begin: int, indicator: Indicator) -> bool:
    found = leaf.data[begin : begin + len(indicator.pattern)]
    return found == indicator.pattern or (not indicator.exact and found.lower() == indicator.pattern.lower())
