from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.codec.foreign_times import Times, duration, epoch, iso, moment, seconds, zoned

AT = 1_700_000_000_123_456


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20.123456Z",
        "2023-11-14T22:13:20.123456+00:00",
        "2023-11-15T06:13:20.1234560+0800",
        "2023-11-14 22:13:20.123456 UTC",
        "2023/11/14 22:13:20,123456",
        "2023-11-14T14:13:20.123456499-08",
        "2023-11-14T22:13:20.1234555Z",
        " 2023-11-14T22:13:20.123456z ",
    ],
)
def test_a_date_is_read_in_every_spelling(text):
    assert iso(text) == AT
    assert moment(text) == AT


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "0000-01-01T00:00:00Z", "2023-13-01", "2023-02-30", "1969-12-31T23:59:59Z", None, 3, b""),
        *("9999-12-31T23:59:59.9999999Z", "2023-11-14T22:13:20+99:99", "2023-11-14T25:00:00Z", "9" * 10_000),
    ],
)
def test_what_is_no_time_gives_none(text):
    assert iso(text) is None


def test_a_date_alone_and_a_leap_second_are_read():
    assert iso("2023-11-14") == 1_699_920_000_000_000
    assert iso("2016-12-31T23:59:60Z") == iso("2017-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "value",
    [1_700_000_000.123456, 1_700_000_000_123.456, AT, AT * 1000, "1700000000.123456", "1700000000123456", f"{AT}000"],
)
def test_the_size_of_a_number_tells_its_unit(value):
    assert epoch(value) == AT
    assert moment(value) == AT


@pytest.mark.parametrize(
    "value", [0, -1, 1e300, float("nan"), float("inf"), 10**400, True, None, "1e999", [], 12.5, "x", 2**70]
)
def test_a_number_that_is_no_time_gives_none(value):
    assert epoch(value) is None
    assert seconds(value) is None or value == 12.5


@settings(derandomize=True, max_examples=300)
@given(st.floats(0.001, 4e9) | st.integers(1, 10**9))
def test_seconds_are_rounded_half_to_even_on_their_decimal_text(value):
    assert (seconds(value) or 0) == round(Decimal(repr(value)) * 1_000_000)


def test_a_duration_is_in_milliseconds_and_never_negative():
    assert duration(1.5) == 1500
    assert [duration(value) for value in (-1, None, "5", float("nan"), 1e300, True)] == [0] * 6


def test_times_without_a_zone_stand_on_a_clock_of_their_own():
    times = Times()
    assert [times.read(text).domain for text in ("2023-11-14T22:13:20", "2023-11-14", "2023-11-14 22:13:20.5")] == [
        "import:unzoned"
    ] * 3
    told = ("2023-11-14T22:13:20Z", "2023-11-15T06:13:20+0800", "2023-11-14 22:13:20 GMT", "1700000000", AT)
    assert [times.read(value).domain for value in told] == ["import"] * 5
    assert all(zoned(value) for value in told)
    for digits in ("20260131040010", "202601310400", 20260131040010123, "2612-01-01T00:00:00Z", "1999-12-31T23:59:59Z"):
        assert times.read(digits, None).domain == "import:untimed"
    assert times.read(None, "2023-11-14T22:13:20").wall_us == 1_700_000_000_000_000


def test_a_record_without_a_time_stands_beside_the_one_before_on_a_clock_of_its_own():
    times = Times()
    assert times.stamp(None).wall_us == 0
    assert times.stamp(None, AT, 5).wall_us == AT
    later = times.stamp(None)
    assert (later.mono_us, later.wall_us, later.domain) == (AT, AT, "import:untimed")
    assert times.after(times.stamp(AT), None).domain == "import"
    assert times.after(later, None) == later
