"""Edges: whether what was found is the whole of a word or number, not the inside of a longer one."""

from __future__ import annotations

import re
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import Indicator
from analyzer.analysis.indicator_form import ANY_MORE
from analyzer.analysis.indicator_weight import WEAK_GROUPS

LONG: Final = 15
"""So many digits, or letters and digits mixed, do not turn up inside a longer word by chance."""
GLUED: Final = 8
"""Bytes of this length do not turn up by chance in the few that a digest is made over."""
_SURE_NUMBER: Final = 10
"""So many digits do not turn up between letters by chance."""
_FIELD_END: Final = frozenset(b"|,;=&\"'") | frozenset(range(32))
"""What stands around a field of a text or of bytes; around words of a sentence there are blanks."""
_AXES: Final = ("lat", "lon")
_NUMBER: Final = re.compile(rb"[0-9 .()+/:-]*[0-9][0-9 .()+/:-]*")
_DOTTED: Final = re.compile(rb"[A-Za-z_]\w*(?:\.\w+)+", re.ASCII)
_MIXED: Final = re.compile(rb"(?=.*[0-9])[!-~]+")
_OPEN_ENDED: Final = re.compile(rb"[.\-][0-9A-Za-z]")
_ENCODED: Final = (("hex",), ("base64",))
_CODE_LETTER: Final = re.compile(rb"[0-9A-Za-z+/_-]")
_MAIL_LETTERS: Final = (b".", b"_", b"+", b"-")


def stands_alone(leaf: Leaf, start: int, indicator: Indicator, *, glued: bool = False) -> bool:
    """Say whether an indicator at a place of a leaf is not a piece of something else.

    With `glued` a value may touch other letters, as it does behind a salt.
    """
    pattern, data = indicator.pattern, leaf.data
    end = start + len(pattern)
    before = data[max(0, start - 2) : start]
    if indicator.more:
        return _goes_on(data, before, end, indicator)
    if indicator.known.data_type in WEAK_GROUPS and not indicator.needs_key and b" " in pattern:
        return _FIELD_END.issuperset(before[-1:] + data[end : end + 1])
    if len(data) == len(pattern) or _is_sure(leaf, indicator, glued=glued):
        return True
    if indicator.chain in _ENCODED:
        return not (_CODE_LETTER.match(before[-1:]) or _CODE_LETTER.match(data[end : end + 1]))
    if _NUMBER.fullmatch(pattern):
        return _whole_number(before, data[end : end + 2], indicator)
    return _whole_word(before[-1:], data[end : end + 2], pattern)


def _is_sure(leaf: Leaf, indicator: Indicator, *, glued: bool) -> bool:
    if indicator.chain in _ENCODED:
        return False
    size = len(indicator.pattern)
    binary = not leaf.textual and not indicator.needs_key
    return indicator.exact or binary or (glued and size >= GLUED) or (bool(indicator.chain) and size >= LONG)


def _whole_word(before: bytes, after: bytes, pattern: bytes) -> bool:
    touched = before.isalnum() or after[:1].isalnum()
    if b"@" in pattern:
        return not (touched or before in _MAIL_LETTERS or _OPEN_ENDED.match(after))
    if _DOTTED.fullmatch(pattern):
        return not (
            touched or before in (b".", b"_") or after[:1] == b"_" or (after[:1] == b"." and after[1:].isalnum())
        )
    return not touched or (len(pattern) >= LONG and _MIXED.fullmatch(pattern) is not None)


def _goes_on(data: bytes, before: bytes, end: int, indicator: Indicator) -> bool:
    """Say whether as many digits follow as the form wants."""
    if before[-1:].isdigit() or (before[-1:] in (b".", b"-") and (indicator.part in _AXES or before[:1].isdigit())):
        return False
    if indicator.more == ANY_MORE:
        return True
    rest, further = data[end : end + indicator.more], data[end + indicator.more : end + indicator.more + 1]
    return len(rest) == indicator.more and rest.isdigit() and not further.isdigit()


def _whole_number(before: bytes, after: bytes, indicator: Indicator) -> bool:
    pattern = indicator.pattern
    digits = sum(48 <= byte <= 57 for byte in pattern)  # noqa: PLR2004 - 0 to 9
    if digits >= LONG and indicator.part not in _AXES:
        return True
    if before[-1:].isdigit() or after[:1].isdigit() or re.match(rb"[.eE][0-9]", after):
        return False
    if digits < _SURE_NUMBER and (before[-1:].isalpha() or after[:1].isalpha()):
        return False
    if before[-1:] in (b".", b"-"):
        return not (indicator.part in _AXES or before[:1].isdigit())
    grouped = after[:1] in (b"-", b" ") and after[:1] in pattern
    return not (grouped and after[1:].isdigit())
