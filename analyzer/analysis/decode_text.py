"""Undoes textual encodings: base64 in its variants and at any offset, hex, base32, percent signs, entities, escapes."""

from __future__ import annotations

import base64
import binascii
import html
import re
import string
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from analyzer.analysis.decode_budget import GUESS, Budget, Layer
from analyzer.analysis.decode_charset import as_text

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX: Final = re.compile(r"(?:[0-9a-f]{2}){8,}|(?:[0-9A-F]{2}){8,}")
_HEX_RUN: Final = re.compile(r"(?:[0-9a-f]{2}){12,}|(?:[0-9A-F]{2}){12,}")
_HEX_GROUPS: Final = re.compile(r"[0-9A-Fa-f]{2}(?:[ :,-][0-9A-Fa-f]{2}){7,}")
_CODES: Final = re.compile(r"-?\d{1,3}(?:(?:[,;] ?| )-?\d{1,3}){11,}")
_BYTE: Final = 0xFF
_TOKEN: Final = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_BASE32: Final = re.compile(r"[A-Z2-7]{16,}={0,6}")
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|quot|apos|lt|gt|nbsp);")
_ESCAPE: Final = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(["/\\]))')
_DIGITS, _UPPER, _LOWER = string.digits, string.ascii_uppercase, string.ascii_lowercase
_ALPHABETS: Final = tuple(
    (re.compile(f"(?:[{letters[8:32]}]...){{4}}"), str.maketrans(letters, _UPPER + _LOWER + _DIGITS))
    for letters in (_LOWER + _UPPER + _DIGITS, _DIGITS + _UPPER + _LOWER, _DIGITS + _LOWER + _UPPER)
)
"""Other orders of the letters of base64, and how ASCII begins in them: every fourth letter has six bits of one sign."""
_WRAPPED: Final = re.compile(r"[\r\n]+")
_GROUPED: Final = re.compile(rb"(?<![\d.])\d{2,}(?:[ -]\d{2,})+(?!\d|\.\d)")
_MAGIC: Final = re.compile("eyJ|H4sI|KLUv|W3si|PD94|eJ[wyxz]")
"""How `{"`, gzip, zstd, `[{"`, `<?x` and zlib begin in base64."""
_FIRST: Final = frozenset("IJKLMNOPQRSTUVWXYZabcdef")
"""How base64 of a text begins whose first sign is one of ASCII."""
_MARKS: Final = ("eyJ", "H4sI", "KLUv", "W3si", "PD94", "eJ")
_SHORTEST_RUN: Final = 24
_LONG_NUMBER: Final = 10
_UUID: Final = 36
_DIGESTS: Final = frozenset({8, 12, 16, 20, 28, 32, 48, 64})
_BEGINNINGS: Final = frozenset(b"\x1f\x28\x78\xff\xfe\x04\x42b\xfd\x08\x0a\x10\x12\x1a\0") | {
    *range(0x81, 0x90),
    *range(0xA1, 0xB0),
}
"""First bytes of what can be read; digests are tried only then, because there are so many."""
_SHORT: Final = 16
_OPAQUE: Final = 16
_TAIL: Final = 12
"""So many readable bytes at the end of a word are no chance."""
_SHORTEST_TAIL: Final = 16
"""Fewer letters do not hold so many bytes."""
_TEXT_LIMIT: Final = 1 << 16
"""In longer texts digits are not regrouped, and longer words are only read from their beginning."""
_SLOW: Final = 4
"""Undoing signs one by one costs so much more than reading them."""
_PRINTABLE: Final = bytes(range(32, 127)) + b"\t\r\n"
_INNER: Final = 4


def decode_text(text: str, budget: Budget) -> list[Layer]:
    """Give every way to read a text as something encoded."""
    layers = list(_escaped(text)) if _has_signs(text) and budget.work(len(text) * _SLOW) else []
    whole = text if text.isalnum() else _WRAPPED.sub("", text.strip()).replace(" ", "+")
    if not budget.work(GUESS):
        return layers
    if _HEX_GROUPS.fullmatch(text):
        return layers + _only_text("hex", bytes.fromhex(re.sub("[ :,-]", "", text)))
    if _CODES.fullmatch(text):
        codes = [int(one) for one in re.split(r"[,;] ?| ", text)]
        return layers + (_only_text("codes", bytes(one & 0xFF for one in codes)) if max(codes) <= _BYTE else [])
    if _BASE64.fullmatch(whole):
        return layers + _decoded(whole, as_sent=" " not in text.strip())
    return layers + list(_words(text, budget))


def _has_signs(text: str) -> bool:
    return "%" in text or "&" in text or "\\" in text


def ungrouped(data: bytes) -> Iterator[bytes]:
    """Give the long numbers of a text whose digits stand in groups, without the blanks or dashes between them."""
    if len(data) > _TEXT_LIMIT:
        return
    for found in _GROUPED.finditer(data):
        digits = re.sub(rb"[ -]", b"", found[0])
        if len(digits) >= _LONG_NUMBER:
            yield digits


def _escaped(text: str) -> Iterator[Layer]:
    if "%" in text and _PERCENT.search(text):
        yield Layer("percent", unquote_to_bytes(text))
    if "&" in text and _ENTITY.search(text):
        yield Layer("html", html.unescape(text))
    if "\\" in text and _ESCAPE.search(text):
        yield Layer("escape", _unescaped(text))


def _unescaped(text: str) -> str:
    plain = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)) if found[1] or found[2] else found[3], text)
    # a character outside of the first plane is written as two halves
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _words(text: str, budget: Budget) -> Iterator[Layer]:
    for found in _TOKEN.finditer(text):
        if not budget.work(GUESS + len(found[0])):
            return
        yield from _decoded(found[0], as_sent=True)


def _decoded(word: str, *, as_sent: bool) -> list[Layer]:  # noqa: PLR0911 - one per encoding
    """Give the readings of one word, the most likely one only."""
    if _HEX.fullmatch(word):
        return _hex(word)
    if len(word) == _UUID and word[8] == word[13] == word[18] == word[23] == "-":
        return []
    raw = _unbase64(word)
    if not (raw and raw.isascii()) and (turned := _turned(word) or _relettered(word)):
        return turned
    if raw is not None and as_text(raw) is not None:
        return [Layer("base64", raw, guess=True)] if _is_likely(word, raw) else []
    if len(word) < _SHORT:
        return []
    found = _base32(word) or (_inside(word, raw) if len(word) <= _TEXT_LIMIT else [])
    if raw is None:
        return found
    if as_sent and len(raw) >= _OPAQUE and not (word.islower() or word.isupper() or word.isalpha()):
        if not found:
            return [Layer("base64", raw, guess=True, opaque=True)]
        found = [*found, Layer("base64", raw, guess=True, opaque=True)]
    return [Layer("base64", raw, guess=True, otherwise=tuple(found))]


def _is_likely(word: str, raw: bytes) -> bool:
    """Say whether readable bytes are no chance; a word of a language may decode to a few letters."""
    return len(word) >= _SHORT or (raw.isascii() and (word.endswith("=") or len(raw) % 3 > 0 or not word.isalpha()))


def _hex(word: str) -> list[Layer]:
    raw = bytes.fromhex(word)
    if as_text(raw) is not None:
        return [Layer("hex", raw, guess=True)]
    if len(raw) in _DIGESTS and raw[0] not in _BEGINNINGS:
        return []
    return [Layer("hex", raw, guess=True)]


def _base32(word: str) -> list[Layer]:
    if not word.isupper() or not _BASE32.fullmatch(word):
        return []
    body = word.rstrip("=")
    try:
        return _only_text("base32", base64.b32decode(body + "=" * (-len(body) % 8)))
    except binascii.Error:
        return []


def _turned(word: str) -> list[Layer]:
    """Read base64 from its end to its beginning, where that gives letters and signs of ASCII from the first on."""
    if not _SHORTEST_RUN <= len(word) <= _TEXT_LIMIT or word[-1] not in _FIRST or word.isalpha():
        return []
    first = _unbase64(word[: -_SHORT - 1 : -1])
    if not first or first.strip(_PRINTABLE):
        return []
    raw = _unbase64(word[::-1])
    return _only_text("base64 reversed", raw) if raw else []


def _relettered(word: str) -> list[Layer]:
    """Read base64 whose letters are in another order, where that gives letters and signs of ASCII from the first on."""
    if not _SHORTEST_RUN <= len(word) <= _TEXT_LIMIT or word.isalpha():
        return []
    for begin, letters in _ALPHABETS:
        raw = _unbase64(word.translate(letters)) if begin.match(word) else None
        if raw and not raw[:_TAIL].strip(_PRINTABLE):
            return _only_text("base64 reordered", raw)
    return []


def _inside(word: str, whole: bytes | None) -> list[Layer]:
    """Look for the beginning of encoded bytes behind other letters of the alphabet; `whole` is the word, decoded."""
    run = _HEX_RUN.search(word) if len(word) >= _SHORTEST_RUN else None
    if run:
        return _only_text("hex", bytes.fromhex(run[0]))
    for found in list(_MAGIC.finditer(word, 1))[:_INNER] if any(mark in word for mark in _MARKS) else ():
        raw = _unbase64(word[found.start() :])
        if raw is not None:
            return [Layer("base64", raw, guess=True)]
    if len(word) < _SHORTEST_TAIL:
        return []
    for offset in range(4):
        raw = _unbase64(word[offset:]) if offset else whole
        tail = len(raw) - len(raw.rstrip(_PRINTABLE)) if raw else 0
        if raw and tail >= _TAIL and tail * 2 > len(raw):
            return [Layer("base64", raw[-tail:], guess=True)]
    return []


def _only_text(name: str, raw: bytes) -> list[Layer]:
    return [Layer(name, raw, guess=True)] if as_text(raw) is not None else []


def _unbase64(word: str) -> bytes | None:
    body = word.rstrip("=").replace("-", "+").replace("_", "/")
    if len(body) % 4 == 1:
        return None
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except binascii.Error:
        return None
