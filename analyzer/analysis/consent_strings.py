"""Consent strings: TC strings of the IAB's TCF, decoded by a library, and the GPP strings that may carry one.

The library reads past the end of a short string as zeros and restrictions without a bound, so both are seen to here.
What a GPP string is made of: its specification, “GPP String Format” (github.com/InteractiveAdvertisingBureau/
Global-Privacy-Platform, Core/Consent String Specification.md); no library on PyPI reads it.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from typing import Final

from iab_tcf.bits import Reader
from iab_tcf.iab_tcf import base64_decode
from iab_tcf.iab_tcf_v2 import ConsentV2

MOST_CHARACTERS: Final = 4096
"""A longer text is no consent string of the frameworks: two bit fields of all vendors take a tenth of it."""

FIRST_PURPOSES: Final = 11
"""Purposes of the framework, the last since version 2.2; bits after them are not defined."""

TCF_SECTION: Final = 2
US_SECTION: Final = 6
_HEADER_TYPE: Final = 3
_MOST_SECTIONS: Final = 64
_WORD: Final = re.compile(r"[A-Za-z0-9_-]+\Z")
_US: Final = re.compile(r"1[YN-]{3}\Z", re.IGNORECASE)
_BITS: Final = 6
"""Bits of one letter of the base64."""


class UnreadableError(ValueError):
    """A text that is no consent string, and why."""


@dataclass(frozen=True, slots=True)
class TcString:
    """What a TC string says: consents and claims of a legitimate interest, by number of purpose and of vendor.

    `first_untold`: the user was not asked about purpose 1, as the law of the publisher's country has it.
    """

    cmp: int
    policy_version: int
    purposes: tuple[int, ...]
    interests: tuple[int, ...]
    vendors: tuple[int, ...]
    vendor_interests: tuple[int, ...]
    first_untold: bool


class _Core(ConsentV2):  # type: ignore[misc]  # the library has no types
    """The core segment without the publisher's restrictions: they narrow purposes and can be made to take minutes."""

    def read_pub_restriction_entries(self) -> None:
        """Leave them."""


def read_tc_string(text: str) -> TcString:
    """Decode the core of a TC string of version 2; raises `UnreadableError` for any other text."""
    segment = text.partition(".")[0]
    core = _bytes(segment)
    version = Reader(core).read_int(6)
    if version != 2:  # noqa: PLR2004 - the only version whose consents are in use
        raise UnreadableError(f"version {version} of the TC string is not read")
    read = _Core(core)
    if read._reader._pointer > len(segment) * _BITS:  # noqa: SLF001 - the library does not say that it ran out of bits
        raise UnreadableError("the TC string ends before its vendors do")
    vendors = read.consented_vendors_range if read.is_consent_range_encoding else read.consented_vendors
    interests = read.interests_vendors_range if read.is_interests_range_encoding else read.interests_vendors
    return TcString(
        cmp=read.cmp_id,
        policy_version=read.tcf_policy_version,
        purposes=_purposes(read.purposes_consent),
        interests=_purposes(read.purposes_legitimate_interests),
        vendors=_numbers(vendors),
        vendor_interests=_numbers(interests),
        first_untold=bool(read.purpose_one_treatment),
    )


def read_gpp_string(text: str) -> dict[int, str]:
    """Give the sections of a GPP string by their number, each as its text; raises `UnreadableError`."""
    if len(text) > MOST_CHARACTERS:
        raise UnreadableError(f"longer than {MOST_CHARACTERS} characters")
    header, *sections = text.split("~")
    reader = Reader(_bytes(header))
    if reader.read_int(6) != _HEADER_TYPE:
        raise UnreadableError("the GPP string has no header")
    reader.read_int(6)
    numbers = _sections(reader)
    if len(numbers) != len(sections):
        raise UnreadableError(f"the header names {len(numbers)} sections, the string has {len(sections)}")
    return dict(zip(numbers, sections, strict=True))


def opted_out(text: str) -> bool | None:
    """Say whether a US privacy string says that the sale is refused; `None` where it does not apply."""
    if not _US.match(text):
        raise UnreadableError("no US privacy string of version 1")
    return {"Y": True, "N": False}.get(text[2].upper())


def bits_set(text: str, most: int) -> tuple[int, ...]:
    """Give the numbers, from 1, of the bits that a text of zeros and ones sets; raises `UnreadableError`."""
    if not text or set(text) - {"0", "1"}:
        raise UnreadableError("not a text of zeros and ones")
    return tuple(number for number, bit in enumerate(text[:most], 1) if bit == "1")


def _bytes(segment: str) -> bytes:
    if len(segment) > MOST_CHARACTERS or not _WORD.match(segment):
        raise UnreadableError("not a text in the base64 of the frameworks")
    try:
        return bytes(base64_decode(segment + "A" * (-len(segment) % 4)))  # letters, not bytes, are filled with zeros
    except (binascii.Error, ValueError) as problem:
        raise UnreadableError(f"not a text in the base64 of the frameworks: {problem}") from problem


def _purposes(field: dict[int, bool]) -> tuple[int, ...]:
    return tuple(number for number, given in field.items() if given and number <= FIRST_PURPOSES)


def _numbers(vendors: dict[int, bool] | list[tuple[int, int]]) -> tuple[int, ...]:
    if isinstance(vendors, dict):
        return tuple(number for number, given in vendors.items() if given)
    for first, last in vendors:
        if not 0 < first <= last:
            raise UnreadableError(f"a range of vendors from {first} to {last}")
    found: set[int] = set()
    last_seen = 0
    for first, last in sorted(vendors):  # overlapping ranges are gone through once
        found.update(range(max(first, last_seen + 1), last + 1))
        last_seen = max(last_seen, last)
    return tuple(sorted(found))


def _sections(reader: Reader) -> list[int]:
    count, last, found = reader.read_int(12), 0, list[int]()
    for _ in range(min(count, _MOST_SECTIONS + 1)):
        several = reader.read_int(1)
        first = last + _fibonacci(reader)
        last = first + _fibonacci(reader) if several else first
        if last - first > _MOST_SECTIONS or len(found) > _MOST_SECTIONS:
            raise UnreadableError(f"more than {_MOST_SECTIONS} sections")
        found += range(first, last + 1)
    return found


def _fibonacci(reader: Reader) -> int:
    """Read a number in Fibonacci coding: each bit set adds its Fibonacci number, two in a row end it."""
    number, weight, following, before = 0, 1, 2, 0
    for _ in range(_MOST_SECTIONS):
        bit = reader.read_int(1)
        if bit and before:
            return number
        number += weight * bit
        weight, following, before = following, weight + following, bit
    raise UnreadableError("a number of the header does not end")
