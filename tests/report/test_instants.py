from __future__ import annotations

from analyzer.report.instants import elapsed, rfc3339


def test_instants_are_written_in_utc_with_every_microsecond() -> None:
    assert rfc3339(1_790_000_000_123_456) == "2026-09-21T14:13:20.123456Z"


def test_a_broken_clock_gives_no_text_instead_of_an_error() -> None:
    assert rfc3339(10**30) is None
    assert rfc3339(-(10**18)) is None


def test_distances_are_signed_seconds() -> None:
    assert elapsed(1_234_567, 0) == "+1.234 s"
    assert elapsed(0, 1_500_000) == "-1.500 s"
