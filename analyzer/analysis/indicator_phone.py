"""Spellings of a telephone number: as the network, its country and careless people write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers

from analyzer.analysis.indicator_form import Spelling

_HOME_REGIONS: Final = ("CN",)
"""The numbering plan that a number without a country code is read in."""
_SEPARATORS: Final = (" ", "-", "", ".")
_MOBILE_GROUPS: Final = (3, 4, 4)
_MOBILE_DIGITS: Final = 11
_SHOWN_FIRST: Final = 3
_SHOWN_LAST: Final = 4
_MASKS: Final = ("****", "xxxx", "\u2022\u2022\u2022\u2022")


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


def phone_spellings(text: str) -> Iterator[Spelling]:
    """Give the spellings of a valid number; none of any other text."""
    number = parse_phone(text)
    if number is None:
        return
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    national = phonenumbers.national_significant_number(number)
    code = str(number.country_code)
    yield Spelling("in E.164", e164)
    yield Spelling("with 00 before the country code", f"00{e164[1:]}")
    yield Spelling("without the plus sign", e164[1:])
    yield Spelling("in national form", national)
    yield Spelling("with a zero in front", f"0{national}")
    yield from _grouped(number, code, national)
    if len(national) > _SHOWN_FIRST + _SHOWN_LAST:
        yield from _masked(national)


def _grouped(number: phonenumbers.PhoneNumber, code: str, national: str) -> Iterator[Spelling]:
    abroad = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    yield Spelling("in international form", abroad)
    yield Spelling("in the groups of its country", home, hashed=any(not char.isdigit() for char in home))
    groups = re.findall(r"\d+", abroad.removeprefix(f"+{code}"))
    if len(national) == _MOBILE_DIGITS and code == "86":
        groups = [national[:3], national[3:7], national[7:]]
    for separator in _SEPARATORS:
        grouped = separator.join(groups)
        written = {grouped} if separator else set()
        written |= {f"{plus}{code}{between}{grouped}" for plus in ("+", "00", "") for between in ("-", " ", separator)}
        written |= {f"({plus}{code}){between}{grouped}" for plus in ("+", "") for between in ("", " ", "-")}
        for one in sorted(written):
            yield Spelling("in groups", one, hashed=False)


def _masked(national: str) -> Iterator[Spelling]:
    first, last = national[:_SHOWN_FIRST], national[-_SHOWN_LAST:]
    for mask in _MASKS:
        hidden = mask[0] * (len(national) - _SHOWN_FIRST - _SHOWN_LAST)
        yield Spelling(
            "with its middle masked, which still tells it from most others", f"{first}{hidden}{last}", False, True
        )
