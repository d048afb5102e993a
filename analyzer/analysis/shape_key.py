"""Reads field names: splits them into words and finds the clues that they give."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from analyzer.packs.clues import Clue, Clues, Prefix

_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+|[^\W\d_A-Za-z]+")
_SEVERAL: Final = re.compile(r"[a-z]{3,}[a-rt-z]s")
"""A word that may be the plural of another: the key of a list has the name of its items."""
_LONGEST: Final = 80
_TAILS: Final = 3
_PINYIN: Final = 3
"""Letters of the longest initials of a role; names after longer ones are words too."""
_ANY_NUMBER: Final = ["number"]
"""Bills and deliveries have numbers too."""
OF_PEOPLE: Final = ("person.", "fin.bank_account")
"""What people have in every role; devices and places have none."""


@dataclass(frozen=True, slots=True)
class Named:
    """A clue that a field name gives.

    `digest` names the digest that it declares, `whole` that nothing stood before, `role` whose value it is said to be,
    `listed` that it names several, `longer` that words stand before which say more than device or user.
    """

    clue: Clue
    digest: str = ""
    whole: bool = True
    role: str = ""
    listed: bool = False
    longer: bool = False


def words_of(key: str) -> list[str]:
    """Give the words of a field name in lower case: `deviceIMEI_md5` has device, imei and md5."""
    return [word.lower() for word in _WORD.findall(key)]


def without(key: str, owners: frozenset[str]) -> str:
    """Give a field name without who it is of: `X-Acme-Device-Model` says no more than `X-Device-Model` to Acme.

    Empty where none of `owners` is named in it, or nothing else.
    """
    low = key.lower()
    if not any(owner in low for owner in owners):
        return ""
    words = words_of(key)
    rest = [word for word in words if word not in owners]
    return "_".join(rest) if len(rest) < len(words) else ""


class Reader:
    """Looks names up in the clues of one pack, and remembers the answers for the names that come again and again."""

    def __init__(self, clues: Clues) -> None:
        self.names = lru_cache(maxsize=16_384)(lambda key: _names(key, clues))
        self.telling = lru_cache(maxsize=16_384)(
            lambda key: bool(self.names(key)) or key.lower() in clues.words["generic"]
        )
        self.foreign = lru_cache(maxsize=4_096)(lambda name: _is_thing(words_of(name), clues))


def _is_thing(words: list[str], clues: Clues) -> bool:
    """Say whether one of the words is a thing, unless all together mean the device (`op_station`)."""
    singular = {word[:-1] for word in words if _SEVERAL.fullmatch(word)}
    return not clues.words["things"].isdisjoint({*words, *singular}) and "".join(words) not in clues.words["neutral"]


@lru_cache(maxsize=8)
def reader_of(clues: Clues) -> Reader:
    """Give the reader of a pack: the same one for the same pack."""
    return Reader(clues)


def names_of(key: str, clues: Clues) -> tuple[Named, ...]:
    """Give the clues that a field name gives, in the order of the pack; none for nearly every name."""
    return reader_of(clues).names(key)


def is_foreign(name: str, clues: Clues) -> bool:
    """Say whether the name of a container is that of a thing: a shop, an order, a server."""
    return reader_of(clues).foreign(name)


def _names(key: str, clues: Clues) -> tuple[Named, ...]:
    if not key or len(key) > _LONGEST:
        return ()
    words = words_of(key)
    found = _by_words(words, clues) or _as_written(words, clues) or _in_full(words, clues)
    owner, dot, rest = key.partition(".")
    return found or (_names(rest, clues) if dot and rest and not _is_owned(owner, clues) else ())


def _is_owned(owner: str, clues: Clues) -> bool:
    """Say whether the first part of a dotted name (`shop.phone`) is another's; that of a vendor is not."""
    words = words_of(owner)
    return _is_thing(words, clues) or not clues.words["foreign"].isdisjoint(words)


def _by_words(words: list[str], clues: Clues) -> tuple[Named, ...]:
    for rest, digest, listed in _variants(words, clues):
        found = tuple(_find(rest, digest, clues))
        if found:
            return tuple(replace(one, listed=True) for one in found) if listed else found
    return ()


def _as_written(words: list[str], clues: Clues) -> tuple[Named, ...]:
    """Give the clues of a name that ends as that of a digest does and means itself, as `device_hash`."""
    if clues.words["digests"].isdisjoint(words[-1:]):
        return ()
    return tuple(Named(clue) for clue in _index(clues).get("".join(words), ()) if clue.prefix is not Prefix.ROLE)


def _in_full(words: list[str], clues: Clues) -> tuple[Named, ...]:
    """Give the clues of a name whose words were cut short, as `acctNm` was."""
    short = _short(clues)
    return () if short.keys().isdisjoint(words) else _by_words([short.get(word, word) for word in words], clues)


@lru_cache(maxsize=8)
def _short(clues: Clues) -> dict[str, str]:
    return {short: word for short, _, word in (entry.partition(" ") for entry in clues.words["short"])}


@lru_cache(maxsize=8)
def _index(clues: Clues) -> dict[str, tuple[Clue, ...]]:
    index: dict[str, list[Clue]] = defaultdict(list)
    for clue in clues.clues:
        for key in clue.keys:
            index[key].append(clue)
    return {key: tuple(found) for key, found in index.items()}


def _variants(words: list[str], clues: Clues) -> Iterator[tuple[list[str], str, bool]]:
    """Give the words as they are, then without what says nothing at the end, without the name of a digest, as one.

    The last of each is whether they named several.
    """
    tails, digests, digest, listed = clues.words["tails"], clues.words["digests"], "", False
    if len(words) < 2 or digests.isdisjoint((words[0], words[-1])):  # noqa: PLR2004 - a name and its digest
        yield words, "", False
    for _ in range(_TAILS):
        if len(words) > 1 and words[-1] in digests:
            digest, words = words[-1], words[:-1]
        elif len(words) > 1 and words[0] in digests:
            digest, words = words[0], words[1:]
        elif len(words) > 1 and (words[-1] in tails or words[-1].isdigit()):
            words = words[:-1]
        elif words and words[-1][-1].isdigit() and words[-1].rstrip("0123456789"):
            words = [*words[:-1], words[-1].rstrip("0123456789")]
        elif words and _SEVERAL.fullmatch(words[-1]):
            one = words[-1].removesuffix("ies") + "y" if words[-1].endswith("ies") else words[-1][:-1]
            words, listed = [*words[:-1], one], True
        else:
            glued = next((one for one in digests if words and words[-1].endswith(one) and words[-1] != one), "")
            if not glued:
                return
            digest, words = glued, [*words[:-1], words[-1].removesuffix(glued)]
        yield words, digest, listed


def _find(words: list[str], digest: str, clues: Clues) -> Iterator[Named]:
    index = _index(clues)
    for start in range(len(words)):
        found = index.get("".join(words[start:]), ())
        prefix = words[:start]
        role = _role_of(prefix, clues) if found and prefix and words[start:] != _ANY_NUMBER else ""
        allowed = [clue for clue in found if _may_stand(prefix, clue, clues, role)]
        if allowed:
            yield from (
                Named(
                    clue,
                    digest,
                    start == 0,
                    role if clue.data_type.startswith(OF_PEOPLE) else "",
                    longer=not role and not clues.words["neutral"].issuperset(prefix),
                )
                for clue in allowed
                if clue.hashed or not digest
            )
            return
    if len(words) == 1:
        yield from _glued(words[0], digest, clues)


def _glued(name: str, digest: str, clues: Clues) -> Iterator[Named]:
    """Find names that were written without any sign between their words, as `userphonenumber`."""
    index = _index(clues)
    for size in range(2, len(name) - 1):
        role = name[:size] if name[:size] in clues.words["roles"] else ""
        known = index.get(name[size:], ()) if role or name[:size] in clues.words["neutral"] else ()
        found = [clue for clue in known if _may_stand([name[:size]], clue, clues, role)]
        if found and (not role or len(name) - size > 2 or not role.isascii() or len(role) <= _PINYIN):  # noqa: PLR2004
            yield from (Named(clue, digest, whole=False, role=role) for clue in found if clue.hashed or not digest)
            return


def _role_of(prefix: list[str], clues: Clues) -> str:
    """Give the word that says in which role a person is there, if all others before the name say nothing."""
    roles = [word for word in prefix if word in clues.words["roles"]]
    rest = all(word in clues.words["neutral"] or word.isdigit() for word in prefix if word not in roles)
    return roles[-1] if roles and rest else ""


def _may_stand(prefix: list[str], clue: Clue, clues: Clues, role: str) -> bool:
    if role and clue.data_type.startswith(OF_PEOPLE):
        return True
    if clue.prefix is Prefix.ROLE:
        return False
    if clue.prefix is Prefix.FREE or not prefix:
        return True
    if clue.prefix is Prefix.SAFE:
        return not clues.words["foreign"].intersection(prefix)
    return all(word in clues.words["neutral"] or word.isdigit() for word in prefix)
