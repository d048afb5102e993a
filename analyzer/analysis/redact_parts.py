"""Finds parts of identifiers: the last eight digits of a telephone number, the serial half of a hardware address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeAlias

from ahocorasick_rs import BytesAhoCorasick, MatchKind

SHORTEST: Final = 8
"""Letters and digits of a part that is found.

Eight digits of a telephone number or an IMEI leave a hundred to ten million devices; of numbers of eight digits that
mean something else, one in ten million is such a part of an identifier, of those of six one in a hundred thousand.
"""

_LONGEST: Final = 64
_MOST: Final = 5000
_ALIKE: Final = 8
"""So many places of one part are held against what follows it: an app may make values that are all alike."""
_IDENTIFIER: Final = re.compile(r"[0-9A-Za-z]+(?:[-:. ]{0,2}[0-9A-Za-z]+)*")
_DIGITS_IN: Final = 3
"""One in so many letters and digits is a digit, or it is rather a word than an identifier."""
_TIME: Final = re.compile(r"1[0-9]{9}(?:[0-9]{3}){0,3}")
"""A time since the epoch: its first digits are those of every other time of the recording."""


_Place: TypeAlias = tuple[str, bytes, int]
"""A value, a spelling of it in lower case, and where a part of it begins."""


class Part(NamedTuple):
    """Where a part of a value lies, and which value."""

    start: int
    end: int
    value: str


class Parts:
    """Knows the identifiers among values; the one of which the longest part is there gives it its name."""

    def __init__(self, values: Iterable[str]) -> None:
        self._places: dict[bytes, list[_Place]] = {}
        for value in sorted({value for value in values if is_identifier(value)})[:_MOST]:
            written = value.strip("+").lower().encode()
            bare = re.sub(rb"[^0-9a-z]", b"", written)
            for text in dict.fromkeys((bare, written)):
                self._learn(value, text)
        self._known = list(self._places.values())
        self._automaton = BytesAhoCorasick(list(self._places), MatchKind.LeftmostLongest) if self._places else None

    def _learn(self, value: str, text: bytes) -> None:
        """Know each stretch of a spelling that begins and ends with a letter or digit and has eight of them."""
        letters = [at for at, letter in enumerate(text) if chr(letter).isalnum()]
        for first, last in zip(letters, letters[SHORTEST - 1 :], strict=False):
            part = text[first : last + 1]
            if any(48 <= letter <= 57 for letter in part):  # noqa: PLR2004 - ASCII digits
                places = self._places.setdefault(part, [])
                places[_ALIKE:] = [(value, text, first)] if len(places) < _ALIKE else []

    def find(self, lowered: bytes) -> Iterator[Part]:
        """Give the parts in bytes that are in lower case, each as long as it goes, none over another."""
        if self._automaton is None:
            return
        done = 0
        for which, start, end in self._automaton.find_matches_as_indexes(lowered):
            if start < done:
                continue
            reaches = [(_reach(lowered, end, text, first + end - start), value) for value, text, first in
                       self._known[which]]  # fmt: skip
            done = max(reach for reach, _ in reaches)
            yield Part(start, done, next(value for reach, value in reaches if reach == done))


def _reach(data: bytes, end: int, text: bytes, at: int) -> int:
    """Give up to where bytes go on as a text does from a place on."""
    while end < len(data) and at < len(text) and data[end] == text[at]:
        end, at = end + 1, at + 1
    return end


def is_identifier(value: str) -> bool:
    """Say whether a value is one of which a part tells nearly as much: of letters and digits, a third of them digits.

    Words, addresses of mail, places, lists and times are none: parts of them stand everywhere.
    """
    text = value.strip("+")
    if not text.isascii() or not _IDENTIFIER.fullmatch(text) or _TIME.fullmatch(text):
        return False
    letters = sum(letter.isalnum() for letter in text)
    digits = sum(letter.isdigit() for letter in text)
    return SHORTEST < letters <= _LONGEST and digits * _DIGITS_IN >= letters
