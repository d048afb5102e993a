"""The times of foreign captures, in every spelling, as microseconds UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import Final

from analyzer.codec.foreign import IMPORT_CLOCK, UNTIMED_CLOCK, UNZONED_CLOCK
from analyzer.model.clock import Micros, Stamp

_MILLION: Final = 1_000_000
_LAST: Final = 253_402_300_800 * _MILLION
"""The end of the year 9999."""
_EARLIEST: Final = 946_684_800 * _MILLION
_LATEST: Final = 4_102_444_800 * _MILLION
"""No capture is from before the year 2000 or after 2099: digits of a date may read as such a number."""
_EXACT: Final = 2**32
_SURE: Final = 0.25
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ISO: Final = re.compile(
    r"\s*(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?:[T t_]+(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,:](\d{1,12}))?)?)?"
    r"\s*(?:(Z|z|UTC|GMT)|([+-])(\d{2}):?(\d{2})?)?\s*",
    re.ASCII,
)
_NUMBER: Final = re.compile(r"\s*[0-9]{1,20}(?:\.[0-9]{0,20})?(?:[eE][+-]?[0-9]{1,2})?\s*", re.ASCII)
_SCALES: Final = ((10**11, 6), (10**14, 3), (10**17, 0), (10**20, -3))
"""Below each bound a number counts seconds, milliseconds, microseconds, nanoseconds: these powers make microseconds."""
_MILLENNIUM: Final = 10**8
"""A number of seconds below this (1973) is no time of a capture, but one since some start."""


class Times:
    """Stamps the records of one file; one without a time of its own stands beside the one before it, untimed."""

    def __init__(self) -> None:
        self.last: Micros = 0

    def stamp(self, *candidates: Micros | None) -> Stamp:
        """Give the first time that is known, else the last one given on the clock that says that nobody knows."""
        for at in candidates:
            if at is not None:
                return self._told(at, IMPORT_CLOCK)
        return Stamp(self.last, self.last, UNTIMED_CLOCK)

    def read(self, *values: object) -> Stamp:
        """Give the first of these foreign values that names a moment, on the clock that says how sure it is."""
        for value in values:
            at = moment(value)
            if at is not None and _EARLIEST <= at < _LATEST:
                return self._told(at, IMPORT_CLOCK if zoned(value) else UNZONED_CLOCK)
        return self.stamp()

    def _told(self, at: Micros, clock: str) -> Stamp:
        self.last = at
        return Stamp(at, at, clock)

    def after(self, began: Stamp, *candidates: Micros | None) -> Stamp:
        """Give the first time that is known, else that of what it belongs to, with all that is unsure of it."""
        return self.stamp(*candidates) if any(at is not None for at in candidates) else began


def seconds(value: object) -> Micros | None:
    """Convert seconds since the epoch; `None` for what is no number or no time (before 1970, after 9999).

    Rounds half to even on the decimal text of the number.
    """
    if type(value) is float and 0 < value < _EXACT:
        # An error of the product below a quarter cannot change the nearest microsecond.
        product = value * _MILLION
        whole = round(product)
        if abs(product - whole) <= _SURE:
            return whole or None
    if type(value) is not float and type(value) is not int:
        return None
    if not 0 < value < _LAST // _MILLION:
        return None
    return round(Decimal(repr(value)) * _MILLION) or None


def epoch(value: object) -> Micros | None:
    """Convert a number since the epoch whose size tells its unit: s, ms, µs or ns; numbers as text are fine."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        text = value.strip()
    elif type(value) in {int, float}:
        text = repr(value) if abs(value) < 10**21 else ""  # type: ignore[arg-type]
    else:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or number < _MILLENNIUM:
        return None
    for bound, power in _SCALES:
        if number < bound:
            return _bounded(round(number.scaleb(power)))
    return None


def iso(text: object) -> Micros | None:
    """Convert a date and time as text (RFC 3339 and its sloppy kin); without a zone it is taken for UTC.

    A fraction of any length is rounded half to even. Gives `None` for what is no date.
    """
    match = _ISO.fullmatch(text[:64]) if isinstance(text, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, zone_hours, zone_minutes = match.groups()
    try:
        zone = timezone(
            (-1 if sign == "-" else 1) * timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
        )
        leap = second == "60"
        at = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            59 if leap else int(second or 0),
            tzinfo=zone,
        )
    except (ValueError, OverflowError):
        return None
    micros = (at - _EPOCH) // timedelta(microseconds=1) + leap * _MILLION
    return _bounded(micros + round(Decimal(f"0.{fraction or 0}") * _MILLION))


def moment(value: object) -> Micros | None:
    """Convert whatever names a moment: text or a number since the epoch in any unit."""
    number = epoch(value)
    return iso(value) if number is None else number


def zoned(value: object) -> bool:
    """Say whether what names a moment tells its zone: a number does, and text that ends in one."""
    match = _ISO.fullmatch(value[:64]) if isinstance(value, str) else None
    return match is None or bool(match[8] or match[9])


def duration(value: object) -> Micros:
    """Convert milliseconds; 0 for what is no duration (HAR writes -1 for "does not apply")."""
    if type(value) not in {int, float} or not 0 < value < _MILLION * 1000:  # type: ignore[operator]
        return 0
    return round(Decimal(repr(value)) * 1000)


def _bounded(micros: Micros) -> Micros | None:
    return micros if 0 < micros < _LAST else None
