"""Reads the host's clocks and measures how far the device's are from them."""

from __future__ import annotations

import time
from collections.abc import Callable

from analyzer.model.clock import HOST_CLOCK, ClockSample, Stamp

_BOOT_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def monotonic_us() -> int:
    """Read the host's boot clock in microseconds."""
    return time.clock_gettime_ns(_BOOT_CLOCK) // 1000


def now() -> Stamp:
    """Stamp this moment with the host's clocks."""
    return Stamp(monotonic_us(), time.time_ns() // 1000, HOST_CLOCK)


def measure(
    read_device_us: Callable[[], int], domain: str, seq: int, rounds: int = 5, *, step_us: int = 0
) -> ClockSample:
    """Measure the offset of a device's boot clock by the shortest of several round trips.

    The uncertainty is half of that round trip, and half a step of a clock that is read in steps (each reading is the
    middle of one); a device that shares the host's clock has none.
    """
    if domain == HOST_CLOCK:
        return ClockSample(seq, "recorder", now(), domain, offset_us=0, uncertainty_us=0)
    trips = [_round_trip(read_device_us) for _ in range(rounds)]
    trip, offset = min(trips)
    return ClockSample(seq, "recorder", now(), domain, offset_us=offset, uncertainty_us=(trip + step_us + 1) // 2)


def _round_trip(read_device_us: Callable[[], int]) -> tuple[int, int]:
    start = monotonic_us()
    there = read_device_us()
    end = monotonic_us()
    return end - start, (start + end) // 2 - there
