"""Write instants as text; inside the product they are integer microseconds in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from analyzer.model.clock import signed_seconds

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND_US: Final = 1_000_000


def rfc3339(at_us: int) -> str | None:
    """Give the RFC 3339 text of an instant in UTC; `None` outside of the years 1 to 9999, as a broken clock gives."""
    seconds, rest = divmod(at_us, _SECOND_US)
    text = _second(seconds)
    return f"{text}.{rest:06d}Z" if text else None


@lru_cache(maxsize=1024)
def _second(seconds: int) -> str:
    """Give a second since the epoch as text without a zone; empty outside of the calendar."""
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat().removesuffix("+00:00")
    except OverflowError:
        return ""


def elapsed(at_us: int, start_us: int) -> str:
    """Give the distance from `start_us` in seconds with milliseconds, signed: `+1.234 s`."""
    return f"{signed_seconds(at_us - start_us)} s"
