"""What a sentence of a policy says that it does not need: that declares no collecting, and denies none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from analyzer.packs.policy_words import NeedlessWords
from analyzer.packs.wording import words_pattern

_LINK: Final = (
    r"(?:\s|您|你|用户|用戶|额外|額外|另行|再|去|就|的"
    r"|\b(?:to|us|you|your|users?|their|any|of|the|for|further|ever|be|have)\b)*+"
)
"""What may stand between “need not” and its verb, or the data: anything else would be needed for something else."""
_FURTHEST: Final = 60
_LONGEST: Final = 400
"""How far what is not needed may reach."""
_END: Final = re.compile(
    r"[;；。!?]|但|不过|不過|然而|\b(?:but|however|although|though|unless|because)\b|(?<=[^\x00-\x7f]),"
)
_BACK: Final = re.compile(r"\b(?:it|them|these|those|such)\b|该等|上述|这些|此类|該等|這些|此類")


class NeedlessReader:
    """Finds what is said not to be needed; made once for the words."""

    def __init__(self, words: NeedlessWords) -> None:
        verbs = words_pattern(words.verbs)
        self._before = re.compile(f"{words_pattern(words.before)}{_LINK}(?P<verb>{verbs})?{_LINK}")
        gap = rf"[^,;；。]{{1,{_FURTHEST}}}?"
        self._after = re.compile(f"{words_pattern(words.subjects)}(?P<data>{gap}){words_pattern(words.after)}")
        self._verb = re.compile(verbs)

    def unneeded(self, plain: str, data: Mapping[int, int]) -> frozenset[int]:
        """Give which places of data words (start → end) a sentence in normal form says not to need."""
        found: set[int] = set()
        places = sorted(data)
        for match in self._before.finditer(plain):
            end = self._end(plain, match.end())
            named = set(places[bisect_left(places, match.end()) : bisect_left(places, end)])
            if match["verb"] is None and match.end() not in named:
                continue  # something else is not needed, such as consent
            if not self._taken_back(plain, places, end):
                found |= named
        for match in self._after.finditer(plain):
            start, end = match.span("data")
            found.update(places[bisect_left(places, start) : bisect_left(places, end)])
        return frozenset(found)

    def _end(self, plain: str, start: int) -> int:
        """Give where the data ends that is not needed: at another clause, or at another verb."""
        most = min(len(plain), start + _LONGEST)
        ends = (pattern.search(plain, start, most) for pattern in (_END, self._verb))
        return min((end.start() for end in ends if end is not None), default=most)

    def _taken_back(self, plain: str, places: Sequence[int], end: int) -> bool:
        """Say whether what follows collects the same all the same: “…, but we collect it”."""
        rest = plain[end : end + _LONGEST]
        told = bool(places) and places[-1] >= end
        return not told and self._verb.search(rest) is not None and _BACK.search(rest) is not None
