"""Spellings of a known value by its kind: letter case, separators, groups, check digits, numbers for letters."""

from __future__ import annotations

import ipaddress
import re
import struct
from collections.abc import Iterator
from typing import Final

from stdnum import luhn

from analyzer.analysis.indicator_form import Spelling
from analyzer.analysis.indicator_phone import phone_spellings

_UUID: Final = re.compile(r"\{?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}?")
_BARE_UUID: Final = re.compile(r"[0-9a-fA-F]{32}")
_MAC: Final = re.compile(r"[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}|[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4}){2}")
_SHORT_HEX: Final = re.compile(r"(?=.*[a-fA-F])[0-9a-fA-F]{12,16}")
_ANDROID: Final = re.compile(r"[0-9a-fA-F]{14,16}")
_DIGITS: Final = re.compile(r"\d{12,20}")
_MAIL: Final = re.compile(r"\s*([^@\s]+)@([^@\s]+\.[^@\s]+)\s*")
_RESIDENT: Final = re.compile(r"\d{17}[\dXx]")
_SIZE: Final = re.compile(r"(\d{3,4})\s?[xX*,\u00d7]\s?(\d{3,4})")
_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_IMEI: Final = 15
_IMEI_BODY: Final = 14
_CARD_SHOWN: Final = (6, 4)
_GOOGLE_MAIL: Final = frozenset({"gmail.com", "googlemail.com"})
_PHONE_TYPES: Final = frozenset({"person.phone", "comm.contacts", "comm.call_log", "comm.sms"})
_NAME_TYPES: Final = frozenset({"person.name", "comm.contacts"})
_NETWORK_TYPES: Final = frozenset({"loc.wifi_current", "loc.wifi_scan"})
_SIGNED: Final = 1 << 63
_WORD: Final = 1 << 32
_REVERSED: Final = 8
"""A shorter text that is turned round is one of many words."""
_GROUPS: Final = (
    (4,),
    (3,),
    (2,),
    (5,),
    (6, 6, 3),
    (6, 2, 6, 1),
    (2, 6, 6, 1),
    (8, 6, 1),
    (6, 8, 4),
    (3, 3, 4),
    (3, 4, 4),
)


def spellings(data_type: str, text: str) -> Iterator[Spelling]:
    """Give the ways to write a value, without repetition; the value itself comes first."""
    seen = set()
    for spelling in _all(data_type, text):
        key = (spelling.text, spelling.more)
        if spelling.text and key not in seen:
            seen.add(key)
            yield spelling


def _all(data_type: str, text: str) -> Iterator[Spelling]:
    yield Spelling("", text)
    yield from _by_kind(data_type, text)
    if data_type in _PHONE_TYPES:
        yield from phone_spellings(text)
    if data_type in _NAME_TYPES:
        yield from _name(text)
    if data_type in _NETWORK_TYPES and not _MAC.fullmatch(text):
        yield Spelling("in quotation marks", f'"{text}"')
    if data_type.startswith("dev."):
        yield from _described(text)
    yield from _cased("", text)
    yield Spelling("without blanks around it", text.strip())
    if len(text) >= _REVERSED and data_type.startswith(("id.", "person.", "fin.")):
        yield Spelling("", text[::-1], hashed=False, chain=("reversed",))


def _by_kind(data_type: str, text: str) -> Iterator[Spelling]:
    uuid = _UUID.fullmatch(text)
    if _MAC.fullmatch(text):
        yield from _hardware_address(text)
    elif uuid:
        yield from _cased("", uuid[1])
        yield from _cased("without dashes", uuid[1].replace("-", ""))
        yield Spelling("in braces", f"{{{uuid[1]}}}")
        yield from _halves(uuid[1].replace("-", ""))
    elif _BARE_UUID.fullmatch(text):
        parts = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
        yield from _cased("with dashes", "-".join(parts))
    elif data_type.startswith("id.") and (_ANDROID if data_type == "id.android_id" else _SHORT_HEX).fullmatch(text):
        yield from _as_number(text)
    elif _MAIL.fullmatch(text):
        yield from _mail(text)
    elif _DIGITS.fullmatch(text):
        yield from _long_number(data_type, text)
    elif data_type == "person.national_id" and _RESIDENT.fullmatch(text):
        yield from _grouped(text)
    elif data_type == "person.birth_age":
        yield from _date(text)
    elif data_type == "id.ip":
        yield from _address(text)


def _cased(note: str, text: str) -> Iterator[Spelling]:
    if note:
        yield Spelling(note, text)
    for word, form in (("in lower case", text.lower()), ("in upper case", text.upper())):
        if form != text:
            yield Spelling(f"{note} {word}".strip(), form)


def _hardware_address(text: str) -> Iterator[Spelling]:
    bare = re.sub(r"[:.-]", "", text)
    for separator, size in ((":", 2), ("-", 2), ("", 2), (".", 4)):
        note = f"with '{separator}' between its bytes" if separator else "without separators"
        groups = [bare[at : at + size] for at in range(0, len(bare), size)]
        yield from _cased(note, separator.join(groups))
    yield Spelling("as a number", str(int(bare, 16)), hashed=False)
    turned = f"{int(bare[:2], 16) ^ 2:02x}{bare[2:6]}fffe{bare[6:]}".lower()
    yield Spelling("inside an IPv6 address", turned, hashed=False)
    groups = [turned[at : at + 4].lstrip("0") or "0" for at in range(0, 16, 4)]
    yield Spelling("inside an IPv6 address", ":".join(groups), hashed=False)


def _as_number(text: str) -> Iterator[Spelling]:
    value = int(text, 16)
    yield Spelling("as a decimal number", str(value))
    if value >= _SIGNED:
        yield Spelling("as a decimal number with a sign", str(value - 2 * _SIGNED))
    yield Spelling("without leading zeros", f"{value:x}")


def _halves(text: str) -> Iterator[Spelling]:
    """Give the two 64-bit numbers that Java keeps a UUID as, which libraries for JSON and protobuf write."""
    for name, half in (("upper", text[:16]), ("lower", text[16:])):
        value = int(half, 16)
        note = f"its {name} half as a number"
        yield Spelling(note, str(value - 2 * _SIGNED if value >= _SIGNED else value), hashed=False)
        yield Spelling(note, struct.pack("<Q", value).hex(), hashed=False)


def _mail(text: str) -> Iterator[Spelling]:
    local, domain = text.strip().lower().split("@")
    yield Spelling("in lower case, without blanks", f"{local}@{domain}")
    plain = local.partition("+")[0]
    yield Spelling("without what follows its plus sign", f"{plain}@{domain}")
    if domain in _GOOGLE_MAIL:
        bare = plain.replace(".", "")
        for other in sorted(_GOOGLE_MAIL):
            yield Spelling("as the mailbox that Google delivers to", f"{bare}@{other}")
            yield Spelling("under Google's other domain", f"{plain}@{other}")
    yield Spelling("with its sign in words", f"{local}%40{domain}", hashed=False)


def _long_number(data_type: str, text: str) -> Iterator[Spelling]:
    if data_type == "id.imei" and len(text) == _IMEI and luhn.is_valid(text):
        yield Spelling("without its check digit", text[:-1])
        yield Spelling("with a software version of two digits (IMEISV)", text[:-1], False, False, (), 2)
    elif data_type == "id.imei" and len(text) == _IMEI - 1:
        yield Spelling("with its check digit", text + luhn.calc_check_digit(text))
    elif data_type == "id.imei" and len(text) == _IMEI + 1:
        body = text[:_IMEI_BODY]
        yield Spelling("with its check digit", body + luhn.calc_check_digit(body))
        yield Spelling("without its software version", body)
    if data_type == "fin.bank_account":
        first, last = _CARD_SHOWN
        hidden = "*" * (len(text) - first - last)
        yield Spelling("with its middle masked", text[:first] + hidden + text[-last:], hashed=False, partial=True)
    yield from _grouped(text)
    for sign in ("", "0x"):
        yield Spelling("as a hexadecimal number", f"{sign}{int(text):x}", hashed=False)
    mantissa, power = text.rstrip("0"), len(text) - 1
    for sign in ("", "+") if mantissa else ():
        shown = f"{mantissa[0]}.{mantissa[1:] or '0'}E{sign}{power}"
        yield Spelling("as a floating-point number", shown, hashed=False)


def _grouped(text: str) -> Iterator[Spelling]:
    for sizes in _GROUPS:
        if len(sizes) > 1 and sum(sizes) != len(text):
            continue
        groups = list(_cut(text, sizes))
        for separator in (" ", "-", ".", "/"):
            yield Spelling("", separator.join(groups), hashed=False, chain=("grouped digits",))


def _cut(text: str, sizes: tuple[int, ...]) -> Iterator[str]:
    at = turn = 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        yield text[at : at + size]
        at, turn = at + size, turn + 1


def _name(text: str) -> Iterator[Spelling]:
    words = text.split()
    if len(words) > 1:
        turned = [words[-1], *words[:-1]]
        yield Spelling("with the family name in front", " ".join(turned))
        yield Spelling("with the family name in front", f"{words[-1]}, {' '.join(words[:-1])}")
        for joint in ("", "_", ".", "-", "+"):
            yield Spelling("without blanks", joint.join(words), hashed=not joint)
            yield Spelling("turned, without blanks", joint.join(turned), hashed=False)
        for word in words:
            yield Spelling("in part", word, hashed=False, partial=True)
    elif not text.isascii() and 2 <= len(text) <= 4:  # noqa: PLR2004 - a Chinese name
        for family, given in ((text[:1], text[1:]), (text[:2], text[2:])):
            if given:
                yield Spelling("in part", given, hashed=False, partial=True)
                yield Spelling("with a blank between its parts", f"{family} {given}", hashed=False)
                yield Spelling("with the family name behind", f"{given} {family}", hashed=False)


def _described(text: str) -> Iterator[Spelling]:
    size = _SIZE.fullmatch(text)
    if size:
        for width, height, note in ((size[1], size[2], "with another sign"), (size[2], size[1], "turned")):
            for sign in ("x", "*", ",", "\u00d7", " x ", "_"):
                yield Spelling(note, f"{width}{sign}{height}")
        return
    for sign in ("_", "-", "", "+", " "):
        yield Spelling("with other signs between its words", re.sub(r"[ _-]+", sign, text), hashed=False)


def _date(text: str) -> Iterator[Spelling]:
    date = _DATE.fullmatch(text)
    if not date:
        return
    year, month, day = date.groups()
    for written in (f"{year}{month}{day}", f"{year}/{month}/{day}", f"{year}.{month}.{day}", f"{day}.{month}.{year}"):
        yield Spelling("in another order", written)
    for written in (f"{day}/{month}/{year}", f"{month}/{day}/{year}", f"{day}-{month}-{year}", f"{month}{day}{year}"):
        yield Spelling("in another order", written)
    yield Spelling("in Chinese", f"{year}\u5e74{month}\u6708{day}\u65e5", hashed=False)
    yield Spelling("in Chinese", f"{year}\u5e74{int(month)}\u6708{int(day)}\u65e5", hashed=False)


def _address(text: str) -> Iterator[Spelling]:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return
    yield Spelling("in full", address.exploded)
    yield Spelling("in short", address.compressed)
    if address.version == 4:  # noqa: PLR2004 - the older of the two
        for order in (address.packed, address.packed[::-1]):
            value = int.from_bytes(order)
            yield Spelling("as a number", str(value), hashed=False, partial=True)
            if value >= _WORD >> 1:
                yield Spelling("as a number with a sign", str(value - _WORD), hashed=False, partial=True)
