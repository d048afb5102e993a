"""The one form in which words on a screen and words of a phrase file are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_COUNTDOWN: Final = re.compile(r"[(\[]?\d{1,3} ?s?[)\]]?$", re.ASCII)
_EDGES: Final = " \t\r\n.,!?:;·…。，！？：；《》<>「」『』【】„“”«»‹›¡¿\"'()[]→>"
_APOSTROPHES: Final = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u00b4": "'", "\u00ad": None, "\u200b": None})


def normal(text: str) -> str:
    """Fold case, width, apostrophes and white space, so that labels and phrases compare."""
    if text.isascii():
        return " ".join(text.casefold().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES).split())


def normal_label(label: str) -> str:
    """Fold a label and cut its edges, inner commas and a running countdown (`Agree (5s)`, `No, thanks`)."""
    plain = " ".join(normal(label).replace(",", " ").replace("!", " ").split())
    return _COUNTDOWN.sub("", plain.strip(_ALL_EDGES)).strip(_EDGES)


_ALL_EDGES: Final = normal(_EDGES) + _EDGES + " "


def words_pattern(words: Iterable[str]) -> str:
    """Give a pattern of words, longest first; words of Latin letters match as a whole, “n't” at an end."""
    parts = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(_one(word) for word in parts) + ")"


def _one(word: str) -> str:
    escaped = re.escape(word)
    if not word.isascii():
        return escaped
    return rf"{escaped}\b" if word.startswith("n'") else rf"(?<![a-z0-9]){escaped}(?![a-z0-9])"
