"""Policy pages: in which script the text that a walk arrived at is written, and how well its letters stand out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from analyzer.analysis.consent import ScreenReading
from analyzer.analysis.pictures import Picture
from analyzer.analysis.screens import Bounds

ENOUGH: Final = 200
"""Fewer characters are no policy but a title, an error or a page that has not come in."""
_CHINESE: Final = 0.1
"""The share of Chinese letters from which a text is Chinese, names and links in other letters included."""
_ONLY_SIMPLIFIED: Final = frozenset("个们权护务应说请会这与为将对并于时实发关隐规则围联系删除设备录营销违约变处询")
_ONLY_TRADITIONAL: Final = frozenset("個們權護務應說請會這與為將對並於時實發關隱規則圍聯繫刪設備錄營銷違約變處詢")


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """What a page of the policy looks like; `None` where it cannot be told.

    `characters` is the length of the text, `simplified` whether it is in simplified Chinese, `contrast` the ratio of
    its letters to their ground, `lines` the text as its views hold it.
    """

    characters: int
    simplified: bool | None
    contrast: float | None
    lines: tuple[str, ...] = ()


def describe_page(
    reading: ScreenReading, picture: Callable[[], Picture | None], lines: tuple[str, ...] = ()
) -> PolicyPage:
    """Describe the page; of a text that is too short nothing is said but its length."""
    length = len(reading.text)
    if length < ENOUGH:
        return PolicyPage(length, None, None)
    shown, body = picture(), reading.body
    right, bottom = reading.size
    visible = Bounds(max(body.left, 0), max(body.top, 0), min(body.right, right), min(body.bottom, bottom))
    return PolicyPage(length, _is_simplified(reading.text), shown.contrast(visible) if shown else None, lines)


def _is_simplified(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in letters)
    if chinese < _CHINESE * len(letters) or any("\u3040" <= letter <= "\u30ff" for letter in letters):
        return False
    simplified = sum(letter in _SIMPLE for letter in letters)
    return simplified >= sum(letter in _FULL for letter in letters)


_SIMPLE: Final = _ONLY_SIMPLIFIED - _ONLY_TRADITIONAL
_FULL: Final = _ONLY_TRADITIONAL - _ONLY_SIMPLIFIED
