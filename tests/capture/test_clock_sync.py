from __future__ import annotations

import time

from analyzer.capture.clock_sync import measure, monotonic_us, now


def test_a_stamp_carries_the_boot_clock_and_the_wall_clock():
    before = time.time_ns() // 1000
    first, second = now(), now()
    assert first.domain == "host"
    assert first.mono_us <= second.mono_us
    assert before <= first.wall_us <= time.time_ns() // 1000


def test_a_device_that_shares_the_hosts_clock_has_no_offset():
    sample = measure(lambda: 0, "host", 1)
    assert (sample.offset_us, sample.uncertainty_us) == (0, 0)


def test_the_offset_of_a_foreign_clock_is_found_within_its_uncertainty():
    hours = 5 * 3600 * 1_000_000

    def slow_device() -> int:
        time.sleep(0.002)
        there = monotonic_us() - hours
        time.sleep(0.001)
        return there

    sample = measure(slow_device, "device:a", 3)
    assert abs(sample.offset_us - hours) <= sample.uncertainty_us
    assert 1_500 <= sample.uncertainty_us < 50_000
    assert sample.seq == 3
