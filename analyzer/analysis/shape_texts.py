"""Checks of texts: mail addresses, names, places, dates, identifiers, and words that stand for nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

import phonenumbers
import tldextract

from analyzer.analysis.shape_numbers import is_time, varied

_RESERVED: Final = ("example", "test", "invalid")
_split: Final = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, extra_suffixes=_RESERVED)
_split("first.use.example")  # reads the list that travels with the library now, so that no analysis opens a file
_NOBODY: Final = frozenset(
    {"noreply", "no-reply", "donotreply", "do-not-reply", "support", "help", "info", "service", "admin", "postmaster"}
    | {"webmaster", "contact", "feedback", "privacy", "legal", "abuse", "mailer-daemon", "git", "root", "sales"}
    | {"hello", "hr", "jobs", "press", "team", "office", "marketing", "business", "kefu"}
)
_SAMPLES: Final = frozenset({"example", "test", "user", "email", "name", "yourname", "foo", "abc", "username"})
_WORDS: Final = re.compile(r"[A-Za-zÀ-ÿ\u0400-\u04ff][\w'’.-]*(?: [A-Za-zÀ-ÿ\u0400-\u04ff][\w'’.-]*){0,4}")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff·]{1,7}")
_UNIT: Final = re.compile(r"[省市区县镇乡村路街道巷弄号楼栋室座层苑]")
_HEXLIKE: Final = re.compile(r"[0-9A-Fa-f-]{12,}|[A-Za-z0-9_-]{24,}")
_PADDED: Final = re.compile(r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?:[A-Za-z+/_-]{4}){4,}[A-Za-z+/_-]{2,3}={1,2}")
"""Base64 that happens to have no digit: both cases, and filled up to a multiple of four."""
_VERSION: Final = re.compile(r"[vV]?\d+(?:\.\d+){1,4}\S{0,12}")
_NO_MODEL: Final = re.compile(
    r"[0-9a-fA-F-]{16,}|[a-z0-9]{25,}|(?=.*[a-z][^a-z]*[a-z])(?=.*\d.*\d)(?=.*[A-Z].*[A-Z].*[A-Z])[\w-]{20,}"
)
"""Identifiers that SDKs draw: hex, or twenty and more letters of both cases with digits."""
_SENTENCE: Final = 3
"""Spaces that names of models without a digit have not."""
_TCF: Final = 2
_LETTERS: Final = 26
_MOMENT: Final = 1 << 36
_SINCE, _UNTIL = 15_000_000_000, 22_000_000_000
"""Tenths of seconds since 1970 between which TC strings are made: 2017 and 2039."""
_BOOLEAN: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "none", "ok", "success"})
_LANGUAGES: Final = frozenset(
    (  # noqa: SIM905 - a hundred codes are read more easily as one text
        "aa ab af am ar as az be bg bn bo br bs ca cs cy da de el en eo es et eu fa fi fil fo fr fy ga gd gl gu ha"
        " haw he hi hr hu hy id ig in is it iw ja jv ji ka kk km kn ko ku ky lb lo lt lv mg mi mk ml mn mr ms mt my"
        " nb ne nl nn no or pa pl ps pt rm ro ru rw sd si sk sl sn so sq sr st sv sw ta te tg th ti tk tl tr tt ug"
        " uk ur uz vi wo xh yi yo yue zh zu eng deu zho chi fra spa jpn kor rus ita por cn jp kr tw"
    ).split()
)
_COUNTRIES: Final = frozenset(phonenumbers.SUPPORTED_REGIONS) | {"UK", "EU"}
_COUNTRY_NAMES: Final = frozenset(
    (  # noqa: SIM905 - same
        "china germany france spain italy japan korea india brazil mexico canada australia russia"
        " poland austria sweden norway finland denmark netherlands belgium portugal turkey indonesia"
        " vietnam thailand singapore malaysia philippines switzerland deutschland españa 中国 美国 日本 韩国"
        " 德国 英国 法国 汉族 回族 满族 藏族 壮族 苗族 维吾尔族 蒙古族 chn usa deu gbr fra jpn kor ind"
        " bra can aus ita esp rus"
    ).split()
)
_EMPTY: Final = ("", "0", "null", "unknown", "00000000-0000-0000-0000-000000000000", "02:00:00:00:00:00", "undefined")
_NOTHING: Final = frozenset(
    hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()
    for name in ("md5", "sha1", "sha256")
    for text in (*_EMPTY, "000000000000000", "020000000000", "00000000000000000000000000000000", "none")
)
"""Digests of what stands for no value."""


_COUNTED: Final = 4
"""Digits below which a number is that of a kind or a place in a list."""
_HOURS: Final = 14
_SHARED: Final = "9774d56d682e549c"
"""The Android ID that a fault of Android 2.2 gave to every device of some makers, and that emulators still have."""


def email(text: str) -> bool:
    """Say whether a text is the mail address of somebody: a public suffix, and no desk or sample before the sign."""
    name, _, host = text.rpartition("@")
    found = _split(host)
    if not found.suffix or not found.domain or name.lower() in _NOBODY:
        return False
    return not (name.lower() in _SAMPLES and found.domain in {"example", "test", "email", "domain", "mail"})


def random_hex(text: str) -> bool:
    """Say whether hex digits are an identifier: varied, not a decimal number, no digest of nothing."""
    return varied(text) and not (text.isdigit() and len(text) < 32) and text.lower() not in _NOTHING | {_SHARED}  # noqa: PLR2004


def digest(text: str) -> bool:
    """Say whether hex digits may be the digest of a value."""
    return varied(text) and text.lower() not in _NOTHING


def opaque(text: str) -> bool:
    """Say whether a text is an identifier: digits or padding, no version, no time, no address of the internet."""
    if not (any(char.isdigit() for char in text) or _PADDED.fullmatch(text)):
        return False
    if not varied(text) or is_time(text) or "://" in text:
        return False
    if "@" in text and email(text):
        return False
    return not _VERSION.fullmatch(text) and not text.replace(".", "").isdigit() and not _package_like(text)


def _package_like(text: str) -> bool:
    return text.count(".") >= 2 and bool(re.fullmatch(r"[a-z]+(?:\.[a-z]\w*){2,}", text))  # noqa: PLR2004


def account(text: str) -> bool:
    """Say whether a text names an account: no placeholder, no point in time, no version."""
    low = text.lower()
    if low in _BOOLEAN or low in _SAMPLES or "://" in text or is_time(text) or not varied(text):
        return False
    if text.isdigit() and len(text) < _COUNTED:
        return False
    return not _VERSION.fullmatch(text) and any(char.isalnum() for char in text)


def ssid(text: str) -> bool:
    """Say whether a text is the name of a network."""
    bare = text.strip('"')
    return not bare.isdigit() and bare.lower() not in _BOOLEAN and bare.lower() not in {"wifi", "<none>", "0x", "wlan"}


def person_name(text: str) -> bool:
    """Say whether a text is the name of a person: Chinese characters, or words of which the first is in upper case."""
    if _CHINESE.fullmatch(text):
        return len(text) <= 4 or "·" in text  # noqa: PLR2004
    return text[0].isupper() and bool(_WORDS.fullmatch(text)) and text.lower() not in _BOOLEAN | _SAMPLES


def nickname(text: str) -> bool:
    """Say whether a text is a name that somebody chose."""
    return not text.isdigit() and text.lower() not in _BOOLEAN and "://" not in text and bool(phrase(text))


def birth_date(text: str) -> bool:
    """Say whether a text is a date on which somebody may be born."""
    digits = re.findall(r"\d+", text)
    if re.fullmatch(r"-?\d{9,13}", text) and not re.fullmatch(r"(19|20)\d{6}", text):
        seconds = int(text) // (1000 if len(digits[0]) > 10 else 1)  # noqa: PLR2004
        return -2_000_000_000 < seconds < 1_700_000_000  # noqa: PLR2004
    if len(digits) == 1:
        digits = [text[:4], text[4:6], text[6:8]]
    if len(digits[0]) < 4:  # noqa: PLR2004
        digits = [digits[2], *sorted(digits[:2], key=int)]
    if len(digits) < 3 or not all(digits[:3]):  # noqa: PLR2004
        return False
    year, month, day = (int(part) for part in digits[:3])
    return 1900 < year <= 2025 and 1 <= month <= 12 and 1 <= day <= 31  # noqa: PLR2004


def age(text: str) -> bool:
    """Say whether a text is an age."""
    return 0 < int(re.split(r"[-+]", text)[0]) <= 120  # noqa: PLR2004


def address(text: str) -> bool:
    """Say whether a text is a postal address: Chinese units, or a house number beside words."""
    if "://" in text or "@" in text or re.fullmatch(r"[\da-fA-F:.-]+", text):
        return False
    if re.search(r"[\u4e00-\u9fff]", text):
        return len(_UNIT.findall(text)) >= 1
    return (
        bool(re.search(r"\d", text)) and bool(re.search(r"[A-Za-zÀ-ÿ]{3,}", text)) and " " in text and "{" not in text
    )


def tc_string(text: str) -> bool:
    """Say whether a text is a TC string of version two: made and updated in our days, in a language of two letters."""
    try:
        bits = int.from_bytes(base64.urlsafe_b64decode(text[:20]), "big")
    except ValueError:
        return False
    moments = ((bits >> 78) % _MOMENT, (bits >> 42) % _MOMENT)
    letters = ((bits >> 6) % 64, bits % 64)
    return bits >> 114 == _TCF and max(letters) < _LETTERS and all(_SINCE < one < _UNTIL for one in moments)


def street(text: str) -> bool:
    """Say whether a text is the name of a street."""
    return (
        not _HEXLIKE.fullmatch(text)
        and "://" not in text
        and bool(re.search(r"[^\W\d_]{3,}", text) or _UNIT.search(text))
    )


def place_name(text: str) -> bool:
    """Say whether a text is the name of a place."""
    return (text[0].isupper() or not text.isascii()) and text.lower() not in _BOOLEAN and not _HEXLIKE.fullmatch(text)


def word(text: str) -> bool:
    """Say whether a text is a word and no identifier."""
    return text.lower() not in _BOOLEAN and not text.isdigit() and not _HEXLIKE.fullmatch(text)


def brand(text: str) -> bool:
    """Say whether a text is the name of a maker."""
    return word(text) and any(char.isalpha() for char in text) and not _VERSION.fullmatch(text)


def model(text: str) -> bool:
    """Say whether a text is the model of a device: letters, no identifier, no truth value."""
    if text.lower() in _BOOLEAN or _VERSION.fullmatch(text) or "://" in text:
        return False
    if text.count(" ") >= _SENTENCE and not any(char.isdigit() for char in text):
        return False
    return any(char.isalpha() for char in text) and not _NO_MODEL.fullmatch(text)


def has_digit(text: str) -> bool:
    """Say whether a text holds a digit and is no UUID or digest."""
    return any(char.isdigit() for char in text) and not re.fullmatch(r"[0-9a-fA-F-]{32,}|\d+", text)


def locale(text: str) -> bool:
    """Say whether a text begins with a language that exists."""
    return re.split(r"[-_,]", text)[0].lower() in _LANGUAGES


def country(text: str) -> bool:
    """Say whether a text is a country's code or name."""
    return text.upper() in _COUNTRIES if len(text) == 2 else text.lower() in _COUNTRY_NAMES  # noqa: PLR2004


def timezone(text: str) -> bool:
    """Say whether a text is a time zone or an offset of at most fourteen hours in any unit."""
    if not re.fullmatch(r"[+-]?\d{1,8}(?:\.\d)?", text):
        return True
    size = abs(float(text))
    units = (1, 60, 3600, 3_600_000)
    return any(size <= _HOURS * unit and size % (unit / 4 if unit > 1 else 0.25) == 0 for unit in units)


def carrier(text: str) -> bool:
    """Say whether a text is the name of a carrier."""
    return brand(text) and not re.fullmatch(r"(?i)wi-?fi|[2345]g|lte|cellular|mobile|android|ios", text)


def pixels(text: str) -> bool:
    """Say whether a number is the width or height of a screen."""
    return 200 <= float(text) <= 8000  # noqa: PLR2004


def positive(text: str) -> bool:
    """Say whether a number is above zero."""
    return float(text) > 0


def phrase(text: str) -> bool:
    """Say whether a text has letters of a language and is no identifier, number or truth value."""
    if text.lower() in _BOOLEAN or _HEXLIKE.fullmatch(text) or _VERSION.fullmatch(text) or text[0] in "{[":
        return False
    return sum(char.isalpha() for char in text) >= 2  # noqa: PLR2004


def secret(text: str) -> bool:
    """Say whether a text may be a secret."""
    return text.lower() not in _BOOLEAN and "://" not in text and text.strip("*") != ""
