"""What a privacy policy says: the data types and companies that its sentences name, and what they deny of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeVar

from ahocorasick_rs import AhoCorasick

from analyzer.analysis.policy_denials import Bounds, DenialReader, Denials
from analyzer.analysis.policy_needless import NeedlessReader
from analyzer.packs.policy_words import PolicyWords
from analyzer.packs.sdks import Sdks
from analyzer.packs.wording import normal

_SENTENCE: Final = re.compile(r"[^。！？!?;；]+[。！？!?;；]?")
_STOP: Final = re.compile(r"(?<=[a-z0-9)])\. ")
_LONGEST: Final = 400
_MOST_SENTENCES: Final = 40_000
_REACH: Final = 8
"""How many sentences after its name a company's entry may go on, where no other company is named before."""

_GIVEN: Final = re.compile(
    r"(?:向|与|给|和)\s*([A-Za-z][\w.&-]{1,40})\s*[^，。,;；]{0,20}?(?:提供|共享|分享|传输|发送|披露|转让)"
    r"|(?:提供|共享|分享|传输|发送|披露|转让)给\s*([A-Za-z][\w.&-]{1,40})"
    r"|\b(?:shar|provid|disclos|transfer|transmit|send|sent)[^.;]{0,80}?\b(?:with|to)\s+"
    r"(?!(?:Third|Our|Partners|You|Us|The|Service)\b)([A-Z][\w.&-]{1,40})",
    re.ASCII,
)
"""Somebody with a name in Latin letters to whom a sentence says that something goes, known to the packs or not."""

_CHINESE_NAME: Final = re.compile(
    r"(?:^|[向与给和由至及：:|，、（(\s])([^\W\d_a-zA-Z向与给和由至及]{2,24}(?:[（(][^\W\d_]{1,8}[)）][^\W\d_]{0,16})?"
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司))(?![^。]{0,3}(?:以下简称|下称|以下称))"
)
"""The name of a company as it is registered in China, where the policy does not call it “we” with it."""
_BEFORE_NAME: Final = re.compile(".*(?:委托|聘请|授权|接入|集成|引入|合作方|供应商|服务商|受托方|我们|使用|选择)")
_CHINESE: Final = re.compile("[一-鿿]")
_GIVING: Final = re.compile("提供|共享|分享|传输|发送|披露|转让|委托")

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or table row: what it names outright and by umbrella terms, and whom it gives it.

    `denied` is said not to be collected, `unshared` to go to nobody else (to none of `not_to`, where it names any),
    `unsent` not to leave the device.
    `strangers` are companies with a Chinese name that it gives it to and the packs do not know: any host may be one.
    `others`: it speaks of others who get data, without a name.
    """

    text: str
    types: frozenset[str] = frozenset()
    broadly: frozenset[str] = frozenset()
    companies: frozenset[str] = frozenset()
    denied: frozenset[str] = frozenset()
    unshared: frozenset[str] = frozenset()
    unsent: frozenset[str] = frozenset()
    not_to: frozenset[str] = frozenset()
    promise: bool = False
    given_to: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()
    others: bool = False


@dataclass(frozen=True, slots=True)
class Statements:
    """A policy as sentences; the indexes give the numbers of sentences. `companies` are those that it names.

    `topics` are the first sentences that speak of what a policy has to speak of. `whole` is false for a policy that is
    longer than what was read of it.
    """

    sentences: tuple[Sentence, ...]
    declared: Mapping[str, int] = field(default_factory=dict)
    broadly: Mapping[str, int] = field(default_factory=dict)
    denied: Mapping[str, int] = field(default_factory=dict)
    unsent: Mapping[str, int] = field(default_factory=dict)
    companies: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    promise: int | None = None
    whole: bool = True
    topics: Mapping[str, str] = field(default_factory=dict)

    def open_to(self, host: str, data_type: str, *, foreign: bool) -> tuple[int, bool] | None:
        """Give the first sentence that names a data type and no recipient but this host, and whether outright.

        Of a `foreign` host, which is not the app's own, it has to speak: by its name, or of others who get data.
        """
        broad: int | None = None
        for number, sentence in enumerate(self.sentences):
            if data_type not in sentence.types and (broad is not None or data_type not in sentence.broadly):
                continue
            named = {name.casefold() for name in sentence.companies | sentence.given_to}
            meant = any(name in host.casefold() for name in named)
            if not meant and (named or sentence.strangers or (foreign and not sentence.others)):
                continue
            if data_type in sentence.types:
                return number, True
            broad = number
        return None if broad is None else (broad, False)

    def unshared(self, company: str, data_type: str) -> int | None:
        """Give the first sentence that says that a data type goes to nobody else, or not to this company."""
        for number, sentence in enumerate(self.sentences):
            if data_type in sentence.unshared and (not sentence.not_to or company in sentence.not_to):
                return number
        return None

    def to_stranger(self, data_type: str) -> tuple[int, str] | None:
        """Give the first sentence that gives a data type to a company of which only the Chinese name is known."""
        for number, sentence in enumerate(self.sentences):
            if sentence.strangers and data_type in sentence.types | sentence.broadly:
                return number, min(sentence.strangers)
        return None

    def beside(self, company: str, data_type: str) -> tuple[int, bool] | None:
        """Give the sentence near a company's name that names a data type, and whether outright."""
        broad: int | None = None
        for number in self.companies.get(company, ()):
            for at in self._reach(number, company):
                if data_type in self.sentences[at].types:
                    return at, True
                if broad is None and data_type in self.sentences[at].broadly:
                    broad = at
        return None if broad is None else (broad, False)

    def _reach(self, number: int, company: str) -> Iterable[int]:
        yield number
        for at in range(number + 1, min(number + 1 + _REACH, len(self.sentences))):
            named = self.sentences[at].companies
            if (named or self.sentences[at].given_to or self.sentences[at].strangers) and company not in named:
                return
            yield at


class PolicyReader:
    """Reads policies by one automaton over all words; made once for the words and the known companies."""

    def __init__(self, words: PolicyWords, sdks: Sdks, companies: Iterable[str]) -> None:
        self._words = words
        self._companies = _company_names(words, sdks, companies)
        vocabulary = {*words.named, *words.covered, *self._companies}
        vocabulary |= {*words.recipients, *words.permitting, *words.conditional, *words.promises}
        self._denials = DenialReader(words.denials)
        self._needless = NeedlessReader(words.needless)
        self._terms = sorted(vocabulary)
        self._automaton = AhoCorasick(self._terms)

    def read(self, lines: Sequence[str]) -> Statements:
        """Read the lines of a policy; what follows after 40,000 sentences is left out, and said to be."""
        texts = list(_sentences(lines))
        sentences = tuple(self._sentence(text) for text in texts[:_MOST_SENTENCES])
        declared: dict[str, int] = {}
        broadly: dict[str, int] = {}
        denied: dict[str, int] = {}
        unsent: dict[str, int] = {}
        companies: dict[str, list[int]] = {}
        promise: int | None = None
        for number, sentence in enumerate(sentences):
            for data_type in sentence.types:
                declared.setdefault(data_type, number)
            for data_type in sentence.broadly:
                broadly.setdefault(data_type, number)
            for data_type in sentence.denied:
                denied.setdefault(data_type, number)
            for data_type in sentence.unsent:
                unsent.setdefault(data_type, number)
            for company in sentence.companies:
                companies.setdefault(company, []).append(number)
            if promise is None and sentence.promise:
                promise = number
        named = {company: tuple(numbers) for company, numbers in companies.items()}
        topics = self._topics(texts[:_MOST_SENTENCES])
        whole = len(texts) <= _MOST_SENTENCES
        return Statements(sentences, declared, broadly, denied, unsent, named, promise, whole, topics)

    def _topics(self, texts: Sequence[str]) -> dict[str, str]:
        """Give what a policy speaks of; nothing for one in a language that is not read here, whatever its words."""
        told: dict[str, str] = {}
        if not self._readable(texts):
            return told
        missing = dict(self._words.topics)
        for plain, text in ((normal(text), text) for text in texts):
            for topic in [topic for topic, words in missing.items() if self._speaks(plain, topic, words)]:
                told[topic] = text[:_LONGEST]
                del missing[topic]
            if not missing:
                break
        return told

    def _speaks(self, plain: str, topic: str, words: Iterable[str]) -> bool:
        if not any(_has(plain, word) for word in words):
            return False
        beside = self._words.beside.get(topic, ())
        if beside and not any(_has(plain, word) for word in beside):
            return False
        return topic not in (*self._words.affirmed, *self._words.beside) or not self._denials.lacks(plain)

    def _readable(self, texts: Sequence[str]) -> bool:
        """Say whether most of a policy is in a language that is read, by the characters of its sentences."""
        read = sum(len(text) for text in texts if self._read_here(normal(text)))
        return read * 2 > sum(map(len, texts))

    def _read_here(self, plain: str) -> bool:
        if _CHINESE.search(plain):
            return not any(sign in plain for sign in self._words.foreign)
        return any(_has(plain, word) for word in self._words.readable)

    def _sentence(self, text: str) -> Sentence:
        words, plain = self._words, normal(text)
        matches = self._automaton.find_matches_as_indexes(plain, overlapping=True)
        found = [(self._terms[index], start) for index, start, end in matches if _whole(plain, start, end)]
        companies = _joined(self._companies, found)
        promise, others = (any(word in among for word, _ in found) for among in (words.promises, words.recipients))
        given_to = frozenset(name for match in _GIVEN.findall(text[:_LONGEST]) for name in match if name)
        strangers = frozenset[str]() if companies and " | " in text else self._strangers(text[:_LONGEST])
        short = text[:_LONGEST]
        needless = self._needless.unneeded(plain, self._data(found))
        if not self._denials.negates(plain):
            found = [(word, at) for word, at in found if at not in needless]
            types = _joined(words.named, found)
            broadly = _joined(words.covered, found) - types
            got = {"given_to": given_to, "strangers": strangers}
            return Sentence(short, types, broadly, companies, promise=promise, others=others, **got)
        said = self._said(plain, found)
        found = [(word, at) for word, at in found if at not in needless]
        types, broadly = (_joined(by_word, _at(found, said.declared)) for by_word in (words.named, words.covered))
        denied, unshared, unsent = (
            _joined(words.named, _at(found, places)) for places in (said.denied, said.unshared, said.unsent)
        )
        not_to = frozenset[str]()
        if said.withheld is not None:
            not_to = _joined(self._companies, [(word, at) for word, at in found if at > said.withheld])
            companies, given_to, strangers = companies - not_to, frozenset(), frozenset()
        own = (short, types, broadly - types - denied, companies, denied - types)
        return Sentence(*own, unshared, unsent, not_to, promise, given_to, strangers, others)

    def _said(self, plain: str, found: Sequence[tuple[str, int]]) -> Denials:
        words, data = self._words, self._data(found)
        companies = [at for word, at in found if word in self._companies]
        permitting = [at for word, at in found if word in words.permitting or word in words.promises]
        bounds = Bounds(any(word in words.conditional for word, _ in found), permitting)
        return self._denials.read(plain, data, companies, bounds)

    def _data(self, found: Sequence[tuple[str, int]]) -> dict[int, int]:
        """Give the places of data words, start → end."""
        data: dict[int, int] = {}
        for word, at in found:
            if word in self._words.named or word in self._words.covered:
                data[at] = max(data.get(at, 0), at + len(word))
        return data

    def _strangers(self, text: str) -> frozenset[str]:
        """Give the companies with a Chinese name in a sentence that gives something away, or in the row of a table."""
        if " | " not in text and not _GIVING.search(text):
            return frozenset()
        names = (_BEFORE_NAME.sub("", name) for name in _CHINESE_NAME.findall(text))
        return frozenset(name for name in names if not self._knows(normal(name)))

    def _knows(self, name: str) -> bool:
        found = self._automaton.find_matches_as_indexes(name, overlapping=True)
        return any(self._terms[index] in self._companies and _whole(name, start, end) for index, start, end in found)


def _joined(by_word: Mapping[str, frozenset[_Found]], found: Iterable[tuple[str, int]]) -> frozenset[_Found]:
    return frozenset().union(*(by_word[word] for word, _ in found if word in by_word))


def _at(found: Iterable[tuple[str, int]], places: frozenset[int]) -> list[tuple[str, int]]:
    return [(word, at) for word, at in found if at in places]


def _whole(text: str, start: int, end: int) -> bool:
    """Say whether a match is a whole word, or begins and ends in a script that does not set words apart."""
    return not (
        (_latin(text[start]) and _latin(text[start - 1 : start]))
        or (_latin(text[end - 1]) and _latin(text[end : end + 1]))
    )


def _has(plain: str, word: str) -> bool:
    """Say whether a text has a word, as a whole where its script sets words apart."""
    at = plain.find(word)
    while at >= 0:
        if _whole(plain, at, at + len(word)):
            return True
        at = plain.find(word, at + 1)
    return False


@lru_cache(maxsize=4096)
def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _sentences(lines: Sequence[str]) -> Iterable[str]:
    given = 0
    for line in lines:
        parts = [line] if " | " in line else [one for part in _SENTENCE.findall(line) for one in _STOP.split(part)]
        for part in parts:
            if text := part.strip():
                given += 1
                yield text
                if given > _MOST_SENTENCES:
                    return


_SHORTEST_NAME: Final = 2
_SHORTEST_LATIN: Final = 3


def _company_names(words: PolicyWords, sdks: Sdks, companies: Iterable[str]) -> dict[str, frozenset[str]]:
    """Give name in normal form → companies: the names of companies, of their SDKs, and what policies call these."""
    named: dict[str, set[str]] = {}
    pairs = [(company, company) for company in companies]
    pairs += [(name, sdk.company) for sdk in sdks.entries for name in (sdk.company, sdk.name, *sdk.aliases)]
    pairs += [(name, company) for company, names in words.companies.items() for name in names]
    for name, company in pairs:
        word = normal(name)
        if len(word) >= (_SHORTEST_LATIN if word.isascii() else _SHORTEST_NAME) and company:
            named.setdefault(word, set()).add(company)
    return {word: frozenset(owners) for word, owners in named.items()}
