"""Digests of several known values at once: many apps make the id of a device from two or three of its values.

There are too many ways to join them for an automaton, and few places where such a digest stands alone: what looks like
one is looked up. The table of a digest is made when the first is seen.
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
from analyzer.analysis.indicator_weight import is_placeholder, is_weak
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
_MOST, _IN_THREES = 9, 4
"""So many values are joined to pairs, and the first of them to threes."""
_PAIRS: Final = ("", "_", "-", "|", ":", ",", "&", "#")
_TRIPLES: Final = ("", "_", "-", "|")
_HEX: Final = re.compile(rb"[0-9a-fA-F]{32}(?:[0-9a-fA-F]{8}(?:[0-9a-fA-F]{24})?)?")
_SIZES: Final = {16: "md5", 20: "sha1", 32: "sha256"}
LENGTHS: Final = frozenset({*_SIZES, 40, 64})
"""So many bytes such a digest has, as it is or in hex."""
_NAMES: Final = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256"}
_APP: Final = "the name of the app"

_Order: TypeAlias = tuple[int, ...]


class _Token(NamedTuple):
    """One spelling of a value; the name of the app is no value, and has the number -1."""

    known: int
    text: str


class Joined(NamedTuple):
    """What a digest was made of: values by their numbers (-1 is the app's name) in this order, and the sign between."""

    digest: str
    order: _Order
    separator: str


@dataclass(frozen=True, slots=True)
class Joint:
    """The values that may be joined, each with its name in words; `made` are the digests, once they were needed."""

    package: str
    known: tuple[Known, ...]
    nouns: tuple[str, ...]
    made: dict[str, dict[bytes, Joined]] = field(default_factory=dict, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Joint], tuple[str, tuple[Known, ...], tuple[str, ...]]]:
        """Travel between processes without the table, which is quicker made than sent."""
        return Joint, (self.package, self.known, self.nouns)

    def scan(self, leaves: Iterable[Leaf]) -> Iterator[Hit]:
        """Find the leaves that are such a digest, as hex or as bytes: one hit for each value in it."""
        for leaf in leaves:
            found = self.made_of(leaf.data) if len(leaf.data) in LENGTHS else None
            if found is None:
                continue
            for place, number in enumerate(found.order):
                if number >= 0:
                    known, note = self.known[number], self._told(found, place)
                    exact = _HEX.fullmatch(leaf.data) is None
                    one = Indicator(known, WHOLE, known.text, leaf.data, (found.digest,), note, exact=exact)
                    yield Hit(leaf, 0, len(leaf.data), one)

    def all(self) -> Iterator[Indicator]:
        """Give all such digests, as hex and as bytes, each for the first value in it."""
        for name in _NAMES:
            for digest, joined in self._table(name).items():
                known = self.known[next(number for number in joined.order if number >= 0)]
                yield Indicator(known, WHOLE, known.text, digest.hex().encode(), (name,))
                yield Indicator(known, WHOLE, known.text, digest, (name,), exact=True)

    def made_of(self, data: bytes) -> Joined | None:
        """Say of what values some bytes are the digest, if of any."""
        if len(data) not in LENGTHS:
            return None
        word = _HEX.fullmatch(data)
        digest = bytes.fromhex(data.decode()) if word else data
        name = _SIZES.get(len(digest))
        if name is None or (not word and data.isascii()):
            return None
        return self._table(name).get(digest)

    def _table(self, name: str) -> dict[bytes, Joined]:
        if name not in self.made:
            self.made[name] = dict(_digests(name, self.package, self.known))
        return self.made[name]

    def _told(self, joined: Joined, place: int) -> str:
        nouns = [self.nouns[one] if one >= 0 else _APP for one in joined.order]
        nouns[place] = "the value"
        how = f" with '{joined.separator}' between them" if joined.separator else ""
        return f"the {_NAMES[joined.digest]} of {' and '.join(nouns)}, in this order{how}"


def join(package: str, known: Iterable[Known], taxonomy: Taxonomy) -> Joint | None:
    """Choose the values that may be joined; `None` where there is none."""
    by_kind: dict[str, list[Known]] = {kind: [] for kind in _KINDS}
    for one in known:
        if one.data_type in by_kind and not (one.parts or is_weak(one.data_type, one.text) or is_placeholder(one.text)):
            by_kind[one.data_type].append(one)
    chosen = [one for group in by_kind.values() for one in group[:_OF_A_KIND]][:_MOST]
    return Joint(package, tuple(chosen), tuple(noun_of(one.data_type, taxonomy) for one in chosen)) if chosen else None


def _digests(name: str, package: str, known: Sequence[Known]) -> Iterator[tuple[bytes, Joined]]:
    tokens = [_Token(number, text) for number, one in enumerate(known) for text in _texts(one)]
    tokens += [_Token(-1, package)] if package else []
    few = [token for token in tokens if token.known < _IN_THREES]
    for size, some, separators in ((3, few, _TRIPLES), (2, tokens, _PAIRS)):  # of two explanations the shorter counts
        for order in permutations(some, size):
            numbers = tuple(token.known for token in order)
            if len(set(numbers)) == size:
                texts = [token.text for token in order]
                for separator in separators:
                    raw = separator.join(texts).encode("utf-8", "replace")
                    yield hashlib.new(name, raw, usedforsecurity=False).digest(), Joined(name, numbers, separator)


def _texts(known: Known) -> Iterator[str]:
    yield known.text
    if known.data_type == "id.mac_wifi":
        bare = re.sub("[:-]", "", known.text)
        yield from dict.fromkeys(text for text in (known.text.upper(), bare, bare.upper()) if text != known.text)
    elif known.data_type == "person.phone" and known.text.startswith("+86"):
        yield known.text.removeprefix("+86")
