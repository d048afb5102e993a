"""The tool's own sentences in Chinese: reasons, gaps and titles are written in English, and told by their patterns.

What fills a pattern (names, hosts, figures) is evidence and stays as it is; so does a sentence that nobody has put
into Chinese yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from analyzer.report.labels import Language

_SLOT: Final = re.compile(r"\{(\w+)(?::(say|said|word|list))?\}")
_JOINT: Final = re.compile(r", | and | or ")
_DEEPEST: Final = 4
"""How many sentences may stand within one another."""

_LONGEST: Final = 1000
"""Nothing longer is taken for a sentence of ours."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence of ours: the texts between its slots, the slots with what may fill them, and its Chinese.

    A slot takes anything; with `word` one word, with `say` what has Chinese is put into it, with `said` it must have,
    `list` is several.
    """

    texts: tuple[str, ...]
    slots: tuple[tuple[str, str], ...]
    chinese: str

    def fill(self, sentence: str) -> list[str] | None:
        """Give what fills the slots, each as short as can be; `None` for another sentence. Takes linear time."""
        first, *between = self.texts
        if not sentence.startswith(first) or not sentence.endswith(self.texts[-1]):
            return None
        at, filled = len(first), []
        end = len(sentence) - len(self.texts[-1])
        for text in between[:-1]:
            to = sentence.find(text, at, end)
            if to < 0:
                return None
            filled.append(sentence[at:to])
            at = to + len(text)
        return [*filled, sentence[at:end]] if at <= end else None


def told(sentence: str, language: Language) -> str:
    """Give a sentence of the tool in a language."""
    return chinese(sentence) if language == "zh" else sentence


def reasoned(sentences: Iterable[str], language: Language) -> str:
    """Give several sentences of the tool in a row, in a language and with its semicolon."""
    return ("；" if language == "zh" else "; ").join(told(sentence, language) for sentence in sentences)


def pair(sentence: str) -> tuple[str, str]:
    """Give a sentence of the tool in English and in Chinese."""
    return sentence, chinese(sentence)


@lru_cache(maxsize=8192)
def chinese(sentence: str) -> str:
    """Give a sentence of the tool in Chinese, as it is where that is not known."""
    return _found(sentence, 0) or sentence


def _found(sentence: str, depth: int) -> str | None:
    if len(sentence) > _LONGEST or depth > _DEEPEST:
        return None
    whole, patterns = _patterns()
    if sentence in whole:
        return whole[sentence]
    for pattern in patterns:
        filled = pattern.fill(sentence)
        words = None if filled is None else _words(pattern, filled, depth)
        if words is not None:
            return _SLOT.sub(lambda match, words=words: words[match[1]], pattern.chinese)  # type: ignore[misc]
    return None


def _words(pattern: Pattern, filled: list[str], depth: int) -> dict[str, str] | None:
    words = {}
    for (name, kind), text in zip(pattern.slots, filled, strict=True):
        known = _filling(kind, text, depth)
        if known is None:
            return None
        words[name] = known
    return words


def _filling(kind: str, text: str, depth: int) -> str | None:
    if kind == "list":
        return "、".join(_found(one, depth + 1) or one for one in _JOINT.split(text))
    if kind == "word":
        return None if " " in text else text
    return (_found(text, depth + 1) or (None if kind == "said" else text)) if kind else text


@cache
def _patterns() -> tuple[Mapping[str, str], tuple[Pattern, ...]]:
    """Give the sentences without slots, and the patterns in their order: the first that fits is the one."""
    text = files("analyzer.report").joinpath("data", "sentences.json").read_text("utf-8")
    sentences: dict[str, str] = json.loads(text)
    whole = {english: words for english, words in sentences.items() if not _SLOT.search(english)}
    patterns = (_pattern(english, words) for english, words in sentences.items() if english not in whole)
    return whole, tuple(patterns)


def _pattern(english: str, words: str) -> Pattern:
    slots = tuple((match[1], match[2] or "") for match in _SLOT.finditer(english))
    pieces = re.split(r"\{\w+(?::\w+)?\}", english)
    return Pattern(tuple(pieces), slots, words)
