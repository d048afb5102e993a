"""Digests of several known values at once: many apps make the id of a device from two or three of its values.

There are too many ways to join them for an automaton, and few places where such a digest stands alone: what looks like
one is looked up. The table is made when the first is seen.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final, NamedTuple, TypeAlias

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import WHOLE, Hit, Indicator, Known
from analyzer.analysis.indicator_words import noun_of
from analyzer.packs.taxonomy import Taxonomy

_KINDS: Final = (
    "id.imei",
    "id.android_id",
    "id.mac_wifi",
    "id.serial",
    "id.imsi",
    "id.oaid",
    "id.gaid",
    "id.iccid",
    "person.phone",
)
"""What identifies a device or its user, and is at hand everywhere; the first are the most usual."""
_OF_A_KIND: Final = 2
_MOST: Final = 9
_PAIRS: Final = ("", "_", "-", "|", ":", ",", "&", "#")
_TRIPLES: Final = ("", "_", "-", "|")
_HEX: Final = re.compile(rb"[0-9a-fA-F]{32}(?:[0-9a-fA-F]{8}(?:[0-9a-fA-F]{24})?)?")
_LENGTHS: Final = frozenset({16, 20, 32, 40, 64})
_DIGESTS: Final = {16: "md5", 20: "sha1", 32: "sha256"}
_NAMES: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}
_APP: Final = "the name of the app"

_Place: TypeAlias = tuple[int, ...]


class _Token(NamedTuple):
    """One spelling of a value; the name of the app is no value, and has the number -1."""

    known: int
    text: str


class _Joined(NamedTuple):
    digest: str
    order: _Place
    separator: str


@dataclass(frozen=True, slots=True)
class Joint:
    """The values that may be joined, each with its name in words; `made` are the digests, once they were needed."""

    package: str
    known: tuple[Known, ...]
    nouns: tuple[str, ...]
    made: dict[bytes, _Joined] = field(default_factory=dict, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Joint], tuple[str, tuple[Known, ...], tuple[str, ...]]]:
        """Travel between processes without the table, which is quicker made than sent."""
        return Joint, (self.package, self.known, self.nouns)

    def scan(self, leaves: Sequence[Leaf]) -> Iterator[Hit]:
        """Find the leaves that are such a digest, as hex or as bytes: one hit for each value in it."""
        for leaf in leaves:
            if len(leaf.data) in _LENGTHS and (found := self._look_up(leaf.data)):
                yield from (Hit(leaf, 0, len(leaf.data), one) for one in self._told(leaf.data, found))

    def _look_up(self, data: bytes) -> _Joined | None:
        if not self.made:
            self.made.update(_digests(self.package, self.known))
        if _HEX.fullmatch(data) and (found := self.made.get(bytes.fromhex(data.decode()))):
            return found
        return self.made.get(data)

    def _told(self, data: bytes, joined: _Joined) -> Iterator[Indicator]:
        names = [self.nouns[one] if one >= 0 else _APP for one in joined.order]
        how = f" with '{joined.separator}' between them" if joined.separator else ""
        for place, number in enumerate(joined.order):
            if number < 0:
                continue
            told = " and ".join("the value" if at == place else name for at, name in enumerate(names))
            note = f"the {_NAMES[joined.digest]} of {told}, in this order{how}"
            known, exact = self.known[number], not _HEX.fullmatch(data)
            yield Indicator(known, WHOLE, known.text, data, (joined.digest,), note, exact=exact)


def join(package: str, known: Iterable[Known], taxonomy: Taxonomy) -> Joint | None:
    """Choose the values that may be joined; `None` where there is none."""
    by_kind: dict[str, list[Known]] = {kind: [] for kind in _KINDS}
    for one in known:
        if one.data_type in by_kind and not one.parts:
            by_kind[one.data_type].append(one)
    chosen = [one for group in by_kind.values() for one in group[:_OF_A_KIND]][:_MOST]
    return Joint(package, tuple(chosen), tuple(noun_of(one.data_type, taxonomy) for one in chosen)) if chosen else None


def _digests(package: str, known: Sequence[Known]) -> Iterator[tuple[bytes, _Joined]]:
    tokens = [_Token(number, text) for number, one in enumerate(known) for text in _texts(one)]
    tokens += [_Token(-1, package)] if package else []
    for size, separators in ((3, _TRIPLES), (2, _PAIRS)):  # the shorter explanation is the better one
        for order in permutations(tokens, size):
            numbers = tuple(token.known for token in order)
            if len(set(numbers)) < size:
                continue
            texts = [token.text for token in order]
            for separator in separators:
                raw = separator.join(texts).encode("utf-8", "replace")
                for name in _DIGESTS.values():
                    digest = hashlib.new(name, raw, usedforsecurity=False).digest()
                    yield digest, _Joined(name, numbers, separator)


def _texts(known: Known) -> Iterator[str]:
    yield known.text
    if known.data_type == "id.mac_wifi":
        bare = re.sub("[:-]", "", known.text)
        yield from dict.fromkeys(text for text in (known.text.upper(), bare, bare.upper()) if text != known.text)
    elif known.data_type == "person.phone" and known.text.startswith("+86"):
        yield known.text.removeprefix("+86")
