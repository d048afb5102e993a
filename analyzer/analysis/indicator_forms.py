"""Derives every form in which a known value may travel: spellings, digests, rounded places."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import phonenumbers
from stdnum import luhn

_HEX_WORD: Final = re.compile(r"(?:[0-9a-fA-F]{2}){6,}")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MAC: Final = re.compile(r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}")
_DIGESTS: Final = ("md5", "sha1", "sha256", "sha512")
_SHORT_MD5: Final = slice(8, 24)
_IMEI_DIGITS: Final = 15
_PLACES: Final = range(2, 7)
_LONGEST_HASHED: Final = 4096
_HOME_REGIONS: Final = ("CN",)
"""The numbering plan that a number without a country code is read in."""


@dataclass(frozen=True, slots=True)
class Form:
    """Bytes to look for, the encodings that lead to them, and in words how they differ from the value."""

    pattern: bytes
    chain: tuple[str, ...] = ()
    note: str = ""


def scalar_forms(data_type: str, text: str) -> Iterator[Form]:
    """Give all forms of a single value, without repetition."""
    seen: set[bytes] = set()
    for note, spelling in spellings(data_type, text):
        for form in _forms(note, spelling):
            if form.pattern not in seen:
                seen.add(form.pattern)
                yield form


def item_forms(text: str) -> Iterator[Form]:
    """Give the forms of one item of a list: as it is, and its digests in hex."""
    raw = text.encode()
    yield Form(raw)
    for name in _DIGESTS[:3]:
        yield Form(_digest(name, raw).hex().encode(), (name,))


def coordinate_forms(degrees: str) -> Iterator[Form]:
    """Give the forms of a latitude or longitude: as it is, rounded and cut to 2 to 6 decimals, and in millionths."""
    yield Form(degrees.encode())
    try:
        value = float(degrees)
    except ValueError:
        return
    seen = {degrees}
    for places in reversed(_PLACES):
        for text in _decimals(value, degrees, places):
            if text not in seen:
                seen.add(text)
                yield Form(text.encode(), (), f"with {places} decimals")
    yield Form(str(round(value * 1_000_000)).encode(), (), "in millionths of a degree")


def place_forms(lat: str, lon: str) -> Iterator[Form]:
    """Give the digests of a place written as one text."""
    for text in (f"{lat},{lon}", f"{lon},{lat}", f"{lat}, {lon}"):
        yield from _hashed("", text.encode())


def spellings(data_type: str, text: str) -> Iterator[tuple[str, str]]:
    """Give the textual forms of a value, each with a note on what differs (empty for the value itself)."""
    yield "", text
    if _MAC.fullmatch(text):
        yield from _separated(text, 2, (":", "-", ""))
    elif _UUID.fullmatch(text):
        yield from _cased("without dashes", text.replace("-", ""))
    if data_type == "id.imei" and len(text) == _IMEI_DIGITS and luhn.is_valid(text):
        yield "without the check digit", text[:-1]
    if data_type in ("person.phone", "comm.contacts"):
        yield from _phone(text)
    yield from _cased("", text)


def digests_of(text: bytes) -> dict[bytes, str]:
    """Give the plain digests of some bytes: digest → name."""
    return {_digest(name, text): name for name in _DIGESTS}


def _forms(note: str, spelling: str) -> Iterator[Form]:
    raw = spelling.encode()
    yield Form(raw, (), note)
    if not spelling.isascii():
        yield Form(spelling.encode("gb18030"), ("gb18030",), note)
    if _MAC.fullmatch(spelling):
        yield Form(bytes.fromhex(spelling.replace(":", "").replace("-", "")), ("hex bytes",), note)
    elif _HEX_WORD.fullmatch(spelling):
        yield Form(bytes.fromhex(spelling), ("hex bytes",), note)
    if len(raw) <= _LONGEST_HASHED:
        yield from _hashed(note, raw)


def _hashed(note: str, raw: bytes) -> Iterator[Form]:
    of = f"of the value {note}" if note else ""
    for name in _DIGESTS:
        digest = _digest(name, raw)
        yield Form(digest.hex().encode(), (name,), of)
        yield Form(digest.hex().upper().encode(), (name,), of)
        yield Form(digest, (name,), of)
        if name == "md5":
            yield Form(digest.hex()[_SHORT_MD5].encode(), ("md5-16",), of)
            yield Form(digest.hex()[_SHORT_MD5].upper().encode(), ("md5-16",), of)


def _digest(name: str, raw: bytes) -> bytes:
    return hashlib.new(name, raw, usedforsecurity=False).digest()


def _cased(note: str, text: str) -> Iterator[tuple[str, str]]:
    if note:
        yield note, text
    for word, form in (("in lower case", text.lower()), ("in upper case", text.upper())):
        if form != text:
            yield f"{note} {word}".strip(), form


def _separated(text: str, size: int, separators: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    bare = re.sub(r"[:-]", "", text)
    groups = [bare[at : at + size] for at in range(0, len(bare), size)]
    for separator in separators:
        note = f"with '{separator}' between its bytes" if separator else "without separators"
        yield from _cased(note, separator.join(groups))


def _phone(text: str) -> Iterator[tuple[str, str]]:
    number = parse_phone(text)
    if number is None:
        return
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    spaced = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    yield "in E.164", e164
    yield "with 00 before the country code", f"00{e164[1:]}"
    yield "without the plus sign", e164[1:]
    yield "in national form", national
    yield "in international form", spaced


def parse_phone(text: str) -> phonenumbers.PhoneNumber | None:
    """Read a telephone number, with its country code or as a national one; `None` when it is not valid."""
    for region in (None, *_HOME_REGIONS):
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return number
    return None


def _decimals(value: float, degrees: str, places: int) -> Iterator[str]:
    rounded = f"{value:.{places}f}"
    yield rounded
    yield rounded.rstrip("0").rstrip(".")
    whole, point, fraction = degrees.partition(".")
    if point and len(fraction) > places:
        yield f"{whole}.{fraction[:places]}"
