"""The named checks of the clues pack, and what stands around a value that some of them ask for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from analyzer.analysis import shape_network, shape_numbers, shape_texts
from analyzer.analysis.decode import Leaf
from analyzer.analysis.hosts import registrable_domain
from analyzer.analysis.shape_key import words_of
from analyzer.analysis.shape_path import container_of, list_of
from analyzer.packs.clues import Clue, Clues, ValueShape
from analyzer.packs.taxonomy import normal_key

CHECKS: Final[Mapping[str, Callable[[str], bool]]] = {
    "account": shape_texts.account,
    "address": shape_texts.address,
    "age": shape_texts.age,
    "birth_date": shape_texts.birth_date,
    "brand": shape_texts.brand,
    "card": shape_numbers.card,
    "carrier": shape_texts.carrier,
    "cell_id": shape_numbers.cell_id,
    "country": shape_texts.country,
    "email": shape_texts.email,
    "has_digit": shape_texts.has_digit,
    "iban": shape_numbers.valid_iban,
    "iccid": shape_numbers.iccid,
    "imei": shape_numbers.imei,
    "imei_short": shape_numbers.imei_short,
    "imsi": shape_numbers.imsi,
    "locale": shape_texts.locale,
    "mac": shape_network.mac,
    "mcc": shape_numbers.mcc,
    "mccmnc": shape_numbers.mccmnc,
    "model": shape_texts.model,
    "nickname": shape_texts.nickname,
    "number_id": shape_numbers.number_id,
    "opaque": shape_texts.opaque,
    "person_name": shape_texts.person_name,
    "phone": shape_numbers.phone,
    "phrase": shape_texts.phrase,
    "pixels": shape_texts.pixels,
    "place_name": shape_texts.place_name,
    "positive": shape_texts.positive,
    "private_ip": shape_network.private_ip,
    "public_ip": shape_network.public_ip,
    "random_hex": shape_texts.random_hex,
    "resident_id": shape_numbers.resident_id,
    "secret": shape_texts.secret,
    "ssid": shape_texts.ssid,
    "street": shape_texts.street,
    "timezone": shape_texts.timezone,
    "varied": shape_numbers.varied,
    "word": shape_texts.word,
}
"""By the names that the pack uses; `phone` and `chinese_name` also look around."""
_REGION_KEYS: Final = frozenset({"country", "countrycode", "cc", "region", "isocountrycode", "simcountryiso", "locale"})
_REGION: Final = re.compile(r"(?:[a-z]{2,3}[-_])?([A-Za-z]{2})")
_AROUND: Final = frozenset({"phone", "chinese_name"})
"""The checks that look around."""
_USUAL: Final = 64
"""Longer values do not come again and again."""
_NOBODY: Final[frozenset[str]] = frozenset()
_NAMED: Final = 4
"""Letters of the shortest name of a recipient that is looked for in field names."""
_PATH: Final = 400
"""Letters of an address that are looked at."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a record went: host, path with query, method, and the package of the app."""

    host: str = ""
    path: str = ""
    method: str = ""
    package: str = ""


class Around:
    """What stands in the same part of a record: names of fields, hints to the country."""

    def __init__(self, leaves: Sequence[Leaf], clues: Clues, context: Context) -> None:
        self.leaves = leaves
        self.clues = clues
        self.context = context

    @cached_property
    def names(self) -> frozenset[str]:
        """Give the names of all fields in normal form."""
        return frozenset(normal_key(key) for key in {leaf.key for leaf in self.leaves})

    @cached_property
    def address(self) -> frozenset[str]:
        """Give the words of the path that the record was sent to, each also without the `s` of several."""
        return _address(self.context.path.partition("?")[0][:_PATH])

    @cached_property
    def owners(self) -> frozenset[str]:
        """Give the words by which the recipient and the app call themselves, and which say nothing of a value."""
        return _owners(self.context.host, self.context.package, self.clues)

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Give the countries that the fields around name, as ISO codes."""
        found = dict.fromkeys(
            match[1].upper()
            for leaf in self.leaves
            if normal_key(leaf.key) in _REGION_KEYS and (match := _REGION.fullmatch(text_of(leaf)))
        )
        return tuple(list(found)[:3])

    @cached_property
    def siblings(self) -> Mapping[str, frozenset[str]]:
        """Give the names of fields in normal form by the path of what holds them."""
        found: dict[str, set[str]] = defaultdict(set)
        for leaf in self.leaves:
            found[container_of(leaf.path)].add(normal_key(leaf.key))
        return {path: frozenset(names) for path, names in found.items()}

    @cached_property
    def _lists(self) -> Counter[str]:
        return Counter(array for leaf in self.leaves if (array := list_of(leaf.path)))

    def has_others(self, leaf: Leaf) -> bool:
        """Say whether a value stands in a list with others, none of which is told from it by a name."""
        return leaf.path.endswith("]") and self._lists[list_of(leaf.path)] > 1

    def is_one_of_many(self, leaf: Leaf) -> bool:
        """Say whether what a device has one of (`brand`) is there to choose from, or that of a thing for sale."""
        words = self.clues.words
        if leaf.key.lower() not in words["single"]:
            return False
        if self.has_others(leaf):
            return True
        if self.names.isdisjoint(words["wares"]):
            return False
        if self.names.isdisjoint(words["devices"]):
            return True
        beside = self.siblings.get(container_of(leaf.path), _NOBODY)
        return not beside.isdisjoint(words["wares"]) and beside.isdisjoint(words["devices"])

    def _has_sibling(self, clue: Clue, leaf: Leaf) -> bool:
        if self.names.isdisjoint(clue.siblings):
            return False
        return not self.siblings.get(container_of(leaf.path), _NOBODY).isdisjoint(clue.siblings)

    def allows(self, clue: Clue, leaf: Leaf) -> bool:
        """Say whether the neighbours that a clue asks for are there, and none that it excludes."""
        if clue.address and self.address.isdisjoint(clue.address):
            return False
        if clue.siblings and not self._has_sibling(clue, leaf):
            return False
        if clue.beside and self.names.isdisjoint(clue.beside):
            return False
        return not clue.apart or self.names.isdisjoint(clue.apart)

    def fits(self, shape: ValueShape, text: str) -> bool:
        """Say whether a text has a shape."""
        check = shape.check
        if not (_usual_fit if len(text) <= _USUAL else _fit)(shape.pattern, "" if check in _AROUND else check, text):
            return False
        if check == "phone":
            return shape_numbers.phone(text, self.regions)
        if check == "chinese_name":
            surnames = self.clues.words["surnames"]
            return len(text) <= 4 and (text[0] in surnames or text[:2] in surnames)  # noqa: PLR2004 - two and two
        return True


def _fit(pattern: str, check: str, text: str) -> bool:
    """Say whether a text has a shape that depends on nothing around it."""
    if not _pattern(pattern).fullmatch(text):
        return False
    return not check or CHECKS[check](text)


_usual_fit: Final = lru_cache(maxsize=32_768)(_fit)


@lru_cache(maxsize=4_096)
def _owners(host: str, package: str, clues: Clues) -> frozenset[str]:
    names = (registrable_domain(host).partition(".")[0], *package.split(".")[1:2])
    known = clues.words["foreign"] | clues.words["things"] | clues.words["roles"]
    return frozenset(name for name in names if len(name) >= _NAMED and name.isalpha()) - known


@lru_cache(maxsize=4_096)
def _address(path: str) -> frozenset[str]:
    words = words_of(path)
    return frozenset(words) | {word.removesuffix("s") for word in words}


def text_of(leaf: Leaf) -> str:
    """Give the text of a leaf without white space around it."""
    return leaf.data.decode("utf-8", "replace").strip()


@lru_cache(maxsize=512)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
