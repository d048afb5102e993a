from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from analyzer.report.instants import elapsed, rfc3339


def test_instants_are_written_in_utc_with_every_microsecond() -> None:
    assert rfc3339(1_790_000_000_123_456) == "2026-09-21T14:13:20.123456Z"


def test_a_broken_clock_gives_no_text_instead_of_an_error() -> None:
    assert rfc3339(10**30) is None
    assert rfc3339(-(10**18)) is None


def test_distances_are_signed_seconds() -> None:
    assert elapsed(1_234_567, 0) == "+1.235 s"
    assert elapsed(0, 1_500_000) == "-1.500 s"


@pytest.mark.parametrize(
    ("us", "text"),
    [(9_125_500, "+9.126 s"), (9_125_499, "+9.125 s"), (999_999, "+1.000 s"), (-499, "+0.000 s"), (-500, "-0.001 s")],
)
def test_distances_are_rounded_and_nothing_is_minus_nought(us: int, text: str) -> None:
    assert elapsed(us, 0) == text


@pytest.mark.parametrize(
    "at_us", [0, -1, -1_000_000, 1_790_000_000_999_999, -62_135_596_800_000_000, 253_402_300_799_999_999]
)
def test_an_instant_is_spelled_as_the_calendar_has_it(at_us: int) -> None:
    there = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
    assert rfc3339(at_us) == there.isoformat(timespec="microseconds").replace("+00:00", "Z")
