"""Checks of numbers: whether digits are those of a phone, a SIM, a person or a card, and of nothing else."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers
from stdnum import iban, luhn, numdb
from stdnum.iso7064 import mod_11_2

_REPORTING: Final = frozenset(
    {"01", "10", "30", "33", "35", "44", "45", "49", "50", "51", "52", "53", "54", "86", "91", "97", "98", "99"}
)
"""The bodies that give out type allocation codes: the first two digits of every IMEI (memory)."""
_CARDS: Final = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|62\d{14,17}"
    r"|60(?:11|[5-9]\d)\d{12}|6[45]\d{14}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|9[5-8]\d{14,17}|81\d{14}"
    r"|50\d{14}|60\d{14}|220[0-4]\d{12}"
)
"""Issuer ranges with their lengths: Visa, Mastercard, American Express, UnionPay, Discover, JCB and others (memory)."""
_MOBILE: Final = re.compile(r"(?:\+?86|0086)?[ -]?1[3-9]\d[ -]?\d{4}[ -]?\d{4}")
_KIND: Final = phonenumbers.PhoneNumberType
_COMPANIES: Final = frozenset({_KIND.TOLL_FREE, _KIND.SHARED_COST, _KIND.PREMIUM_RATE, _KIND.UAN, _KIND.VOICEMAIL})
"""Kinds of numbers that companies have for everybody who calls, as 400 and 800 are in China."""
_DATE: Final = re.compile(r"(19|20)\d{2}[01]\d[0-3]\d")
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NOW: Final = (1_300_000_000, 2_000_000_000)
_VARIED: Final = 3
_MCC = numdb.get("imsi")
_PLACES: Final = frozenset(
    {"11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37"}
) | {
    *("41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82")
}


def varied(text: str) -> bool:
    """Say whether more than two different letters or digits stand in a text: placeholders repeat one."""
    return len({char for char in text.lower() if char.isalnum()}) >= _VARIED


def imei(text: str) -> bool:
    """Say whether fifteen digits are an IMEI: Luhn digit, reporting body, no point in time."""
    digits = text.replace("-", "")
    return digits[:2] in _REPORTING and luhn.is_valid(digits) and varied(digits)


def imei_short(text: str) -> bool:
    """Say whether digits are an IMEI without check digit or with a software version."""
    return text[:2] in _REPORTING and varied(text) and not is_time(text)


def imsi(text: str) -> bool:
    """Say whether digits begin with the mobile code of a country that exists."""
    return varied(text) and mcc(text[:3])


def mcc(text: str) -> bool:
    """Say whether three digits are the mobile code of a country."""
    found = _MCC.info(text)
    return len(found) > 0 and found[0][0] == text[:3] and text != "001" and text[0] in "234567"


def mccmnc(text: str) -> bool:
    """Say whether digits are the code of a country and of a network in it."""
    return mcc(text[:3])


def iccid(text: str) -> bool:
    """Say whether digits are a SIM card number; some chips give twenty with one hex digit at the end."""
    digits = text[:-1] if not text[-1].isdigit() else text
    plausible = digits[2:4] == "86" or digits[2] != "0"
    return plausible and varied(digits) and (luhn.is_valid(digits) or digits.startswith("8986"))


def card(text: str) -> bool:
    """Say whether digits are a card number: issuer range and Luhn digit."""
    digits = re.sub(r"[ -]", "", text)
    return bool(_CARDS.fullmatch(digits)) and luhn.is_valid(digits) and len(set(digits)) > 1


def resident_id(text: str) -> bool:
    """Say whether eighteen characters are a resident identity number: province, date, check digit."""
    if text[:2] not in _PLACES or not _DATE.match(text[6:14]):
        return False
    month, day = int(text[10:12]), int(text[12:14])
    real_date = 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]  # noqa: PLR2004 - months of a year
    return real_date and mod_11_2.is_valid(text.upper())


def valid_iban(text: str) -> bool:
    """Say whether a text is an IBAN."""
    return bool(iban.is_valid(text))


def phone(text: str, regions: tuple[str, ...] = ()) -> bool:
    """Say whether a text is a telephone number of a person: international, Chinese mobile, or valid in a region.

    The first plan that has the number says what kind it is; hotlines and service numbers are nobody's own.
    """
    text = text.removeprefix("tel:").strip()
    digits = re.sub(r"\D", "", text)
    if not varied(digits) or is_time(text) or not 7 <= len(digits) <= 15:  # noqa: PLR2004 - E.164
        return False
    if _MOBILE.fullmatch(text):
        return True
    tries: list[tuple[str, str | None]] = [(f"+{digits[2:]}", None)] if digits.startswith("00") else []
    tries += [(text, None)] if text.startswith("+") else [(text, region) for region in (*regions, "CN")]
    tries += [(f"+{digits}", None)] if len(digits) > 10 and not text.startswith(("+", "0")) else []  # noqa: PLR2004
    if not text.startswith("+") and len(digits) in (10, 11):
        tries += [(text, region) for region in ("US", "GB", "DE", "FR", "JP", "KR", "IN", "BR", "ID", "RU")]
    kinds = (_kind_of_number(one, region) for one, region in tries)
    first = next((kind for kind in kinds if kind is not None), None)
    return first is not None and first not in _COMPANIES


def _kind_of_number(text: str, region: str | None) -> int | None:
    """Give the kind of a number that a country's plan has; none for all others."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.number_type(number) if phonenumbers.is_valid_number(number) else None


def is_time(text: str) -> bool:
    """Say whether digits are a point in time of our days in seconds, milli- or microseconds."""
    if not text.isdigit() or len(text) not in (10, 13, 16):
        return False
    return _NOW[0] <= int(text[:10]) <= _NOW[1]


def number_id(text: str) -> bool:
    """Say whether digits are an identifier: no point in time, not round, not a date."""
    return varied(text) and not is_time(text) and not text.endswith("00000") and not _DATE.fullmatch(text)


def cell_id(text: str) -> bool:
    """Say whether digits are those of a cell; 65535, 268435455 and 2147483647 mean that there is none."""
    return int(text) < 68_719_476_735 and text not in {"65535", "268435455", "2147483647", "4294967295", "16777215"}  # noqa: PLR2004
