"""What a sentence of a policy negates: collecting, giving to others, sending away, or less than it seems."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from analyzer.packs.policy_words import DenialWords
from analyzer.packs.wording import words_pattern

_FURTHEST: Final = 80
"""How many characters a negation may stand before its verb."""

_PASSIVE: Final = re.compile(r"\b(?:is|are|be|been|was|were|being)\s+(?:(?:not|never|ever|[a-z]{2,20}ly)\s+){0,3}$")
_TOWARDS: Final = ("向", "将", "把", "对", "与", "给", "將", "對", "與", "給")
_QUESTION: Final = re.compile("[?]\\s*$|吗\\W*$")


class Kind(Enum):
    """What a verb says that is done with data."""

    COLLECTING = "collecting"
    GIVING = "giving"
    SELLING = "selling"
    SENDING = "sending"
    HANDLING = "handling"
    EXCLUDING = "excluding"


_AWAY: Final = frozenset({Kind.GIVING, Kind.SELLING, Kind.SENDING})


@dataclass(frozen=True, slots=True)
class Group:
    """Verbs that share their objects: from `begin` (of the negation) over `verb` (its end) to `end` of the objects.

    `topic` is whether the objects stand before the verbs; `plain` whether the negation says no less than it seems.
    """

    begin: int
    verb: int
    end: int
    kinds: frozenset[Kind]
    negated: bool
    plain: bool
    topic: bool

    def denies(self, kind: Kind) -> bool:
        """Say whether it is a plain denial of a kind."""
        return self.negated and self.plain and kind in self.kinds


@dataclass(frozen=True, slots=True)
class Denials:
    """What a sentence says of the words at these places; `withheld` is what begins a denial of giving, if any."""

    declared: frozenset[int]
    denied: frozenset[int] = frozenset()
    unshared: frozenset[int] = frozenset()
    unsent: frozenset[int] = frozenset()
    withheld: int | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What makes the denials of a sentence say less: a condition, or the places of words that permit collecting."""

    conditional: bool = False
    permitting: Sequence[int] = ()


@dataclass(slots=True)
class _Token:
    name: str
    start: int
    end: int


@dataclass(slots=True)
class _Open:
    """A group that may go on."""

    begin: int
    verb: int
    kinds: set[Kind]
    negated: bool
    plain: bool
    topic: bool


def _within(places: Sequence[int], start: int, end: int) -> list[int]:
    """Give those of sorted places that lie in a span."""
    return list(places[bisect_left(places, start) : bisect_left(places, end)])


def _by_another(speakers: Sequence[tuple[int, bool]], group: Group) -> bool:
    """Say whether somebody else than the app is who does not do it: the last one that is named before."""
    before = bisect_left(speakers, (group.begin, False))
    return before > 0 and speakers[before - 1][1]


class DenialReader:
    """Splits sentences into groups of verbs; made once for the words."""

    def __init__(self, words: DenialWords) -> None:
        kinds: Mapping[str, Sequence[str]] = {kind.value: getattr(words, kind.value) for kind in Kind}
        names = {"apparent": words.no_negations, "negation": words.negations, **kinds}
        self._tokens = re.compile("|".join(f"(?P<{name}>{words_pattern(names[name])})" for name in _order(names)))
        self._weak = frozenset(words.weak)
        self._negation = re.compile(words_pattern(words.negations))
        self._without = re.compile(words_pattern((*words.negations, *words.without)))
        self._elsewhere = re.compile(words_pattern(words.elsewhere))
        self._doubts = re.compile(words_pattern(words.doubts))
        self._subjects = re.compile(f"(?P<ours>{words_pattern(words.ours)})|(?P<others>{words_pattern(words.others)})")
        # Possessive, as the next: a text of words that can be read in two ways would be tried in all of them.
        self._fillers = re.compile(rf"(?:[\s,]|\b[a-z]{{2,20}}ly\b|{words_pattern(words.fillers)})*+")
        joins = r"[\s、,/]|和|或者|或|及|以及|且|并|也|亦|与|会|並|與|會|\b(?:or|and|nor|also|otherwise)\b"
        self._joining = re.compile(f"(?:{words_pattern(words.negations)}|{joins})*+")

    def negates(self, plain: str) -> bool:
        """Say whether anything in a sentence looks like a negation."""
        return self._negation.search(plain) is not None or self._elsewhere.search(plain) is not None

    def lacks(self, plain: str) -> bool:
        """Say whether a sentence says that something is not so, or does without."""
        return self._without.search(plain) is not None

    def read(self, plain: str, data: Mapping[int, int], companies: Sequence[int], bounds: Bounds) -> Denials:
        """Say of each place of a data word (start → end) whether it is declared, or what is denied of it."""
        groups = self.groups(plain, data)
        if not groups:  # a denial in a language that is not read declares nothing, and denies nothing
            return Denials(frozenset() if self._elsewhere.search(plain) else frozenset(data))
        told: dict[str, set[int]] = {name: set() for name in ("declared", "denied", "unshared", "unsent")}
        before: list[int] = []
        since = 0
        places, permitting, speakers = sorted(data), sorted(bounds.permitting), self._speakers(plain, companies)
        doubtful = self.doubtful(plain)
        for number, group in enumerate(groups):
            near = Bounds(bounds.conditional, _within(permitting, since, group.end))
            since = group.verb
            first = number == 0
            own = _within(places, group.verb, group.end)
            topic = _within(places, 0, group.verb) if first else []
            if first and group.negated and own:
                told["declared"].update(topic)
                topic = []
            objects = own + topic
            fates = self._fates(group, near, doubtful=doubtful, another=_by_another(speakers, group))
            for fate in fates:
                elided = before if fate in ("unshared", "unsent") and not objects else []
                told[fate].update(objects or elided)
            before = objects or before
        held = [group.begin for group in groups if group.negated and group.kinds & _AWAY]
        given = any(not group.negated and group.kinds & _AWAY for group in groups)
        sets = {name: frozenset(places) for name, places in told.items()}
        return Denials(**sets, withheld=held[0] if held and not given else None)

    def _fates(self, group: Group, bounds: Bounds, *, doubtful: bool, another: bool) -> Sequence[str]:
        """Give what becomes of the objects of a group."""
        open_ended = bool(bounds.permitting) or doubtful
        if not group.negated or (Kind.COLLECTING in group.kinds and open_ended):
            return ("declared",)
        if bounds.conditional or open_ended or another:
            return ()
        named = ((Kind.COLLECTING, "denied"), (Kind.GIVING, "unshared"), (Kind.SENDING, "unsent"))
        return tuple(name for kind, name in named if group.denies(kind))

    def doubtful(self, plain: str) -> bool:
        """Say whether a sentence takes back what it denies, or asks."""
        return self._doubts.search(plain) is not None or _QUESTION.search(plain) is not None

    def _speakers(self, plain: str, companies: Iterable[int]) -> list[tuple[int, bool]]:
        """Give where a sentence names who does something, in order, and whether it is another than the app."""
        found = [(match.start(), match.lastgroup == "others") for match in self._subjects.finditer(plain)]
        return sorted([*found, *((start, True) for start in companies)])

    def groups(self, plain: str, data: Mapping[int, int]) -> tuple[Group, ...]:
        """Give the groups of verbs of a sentence in normal form, in order; what names data (start → end) is no verb."""
        found: list[_Open] = []
        negation: _Token | None = None
        for token in self._tokens_of(plain, data):
            if token.name == "negation":
                if token.end - token.start == len("no") and _follows(found, plain, token):
                    found[-1].negated = True
                    found[-1].topic = False
                    continue
                negation = token if negation is None or not self._joins(plain, negation.end, token.start) else negation
            elif token.name != "apparent":
                if negation is not None and not _near(plain, negation, token):
                    negation = None
                self._add(plain, found, token, negation)
                negation = None
        ends = [*(one.begin for one in found[1:]), len(plain)]
        return tuple(
            Group(one.begin, one.verb, end, frozenset(one.kinds), one.negated, one.plain, one.topic)
            for one, end in zip(found, ends, strict=False)
        )

    def _add(self, plain: str, found: list[_Open], token: _Token, negation: _Token | None) -> None:
        kind = Kind(token.name)
        if found and self._joins(plain, found[-1].verb, token.start) and (negation is None or found[-1].negated):
            found[-1].kinds.add(kind)
            found[-1].verb = token.end
            return
        topic = _PASSIVE.search(plain[max(0, token.start - _FURTHEST) : token.start]) is not None
        gap = "" if negation is None else plain[negation.end : token.start]
        direct = topic or self._fillers.fullmatch(gap) is not None
        if negation is not None and plain[negation.start : negation.end] in self._weak and not direct:
            negation = negation if gap.startswith(_TOWARDS) else None
        if kind is Kind.EXCLUDING or negation is None:
            negated = kind is Kind.EXCLUDING
            found.append(_Open(token.start, token.end, {kind}, negated, not negated, topic))
            return
        whole = direct or kind is not Kind.COLLECTING
        found.append(_Open(negation.start, token.end, {kind}, True, whole and not _to_us(gap), topic))

    def _joins(self, plain: str, start: int, end: int) -> bool:
        return end - start <= _FURTHEST and self._joining.fullmatch(plain, start, end) is not None

    def _tokens_of(self, plain: str, data: Mapping[int, int]) -> Iterable[_Token]:
        names = sorted(data.items())
        at, reach = 0, 0
        for match in self._tokens.finditer(plain):
            while at < len(names) and names[at][0] <= match.start():
                reach = max(reach, names[at][1])
                at += 1
            if match.end() > reach:
                yield _Token(match.lastgroup or "", match.start(), match.end())


def _to_us(gap: str) -> bool:
    return "我们" in gap or "我們" in gap or re.search(r"\bus\b", gap) is not None


def _follows(found: Sequence[_Open], plain: str, token: _Token) -> bool:
    """Say whether “no” stands right behind a verb: “we collect no location data”."""
    return bool(found) and not found[-1].negated and not plain[found[-1].verb : token.start].strip()


def _near(plain: str, negation: _Token, verb: _Token) -> bool:
    """Say whether a negation still holds at a verb: a comma ends it in Chinese, distance everywhere."""
    gap = plain[negation.end : verb.start]
    comma = gap.find(",")
    return len(gap) <= _FURTHEST and (comma < 0 or (gap[:comma] or "a").isascii())


def _order(names: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """Try what only looks like something else first."""
    first = ("apparent", Kind.EXCLUDING.value, "negation")
    return (*first, *(name for name in names if name not in first))
