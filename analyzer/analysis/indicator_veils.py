"""Texts that hide a known value from who reads them, without a key: full-width letters, and alphabets of 85 signs."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Final

from analyzer.analysis.indicator_form import Form, Spelling

_SHORTEST: Final = 8
"""Bytes below which what comes out is one of many words."""
_LONGEST: Final = 64
"""Longer values are texts, which nobody hides so."""
_WIDE: Final = {ord(sign): ord(sign) + 0xFEE0 for sign in map(chr, range(0x21, 0x7F))}
"""Full-width forms of the signs of ASCII (Unicode, block Halfwidth and Fullwidth Forms), which NFKC undoes."""
_WIDE_WORDS: Final = {code: wide for code, wide in _WIDE.items() if chr(code).isalnum()}
_DIGITS: Final = (("arabic digits", 0x660), ("persian digits", 0x6F0), ("devanagari digits", 0x966))
"""Digits of other scripts, with the first of each (Unicode, category Nd)."""
_B85: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_Z85: Final = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
"""RFC 1924 and ZeroMQ's RFC 32 (memory): the same numbers in other signs."""
_TO_Z85: Final = bytes.maketrans(_B85, _Z85)


def veiled_forms(spelling: Spelling, *, weak: bool) -> Iterator[Form]:
    """Give the forms of a spelling that no decoder opens, for they look like other text."""
    text, note = spelling.text, spelling.note
    if not spelling.hashed or spelling.partial or spelling.chain or spelling.more:
        return
    if not text.isascii() or not text.isprintable() or not _SHORTEST <= len(text) <= _LONGEST:
        return
    for table in (_WIDE, _WIDE_WORDS):
        yield Form(text.translate(table).encode(), ("full width",), note, weak=weak)
    if text.isdigit():
        for name, first in _DIGITS:
            yield Form("".join(chr(first + int(digit)) for digit in text).encode(), (name,), note, weak=weak)
    raw = text.encode()
    coded = base64.b85encode(raw)
    yield Form(base64.a85encode(raw), ("ascii85",), note, exact=True, weak=weak)
    yield Form(coded, ("base85",), note, exact=True, weak=weak)
    yield Form(coded.translate(_TO_Z85), ("z85",), note, exact=True, weak=weak)
