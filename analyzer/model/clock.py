"""Instants: integer microseconds, monotonic clocks by domain, and the one sort key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from analyzer.model.carried import carried

Micros: TypeAlias = int
"""Microseconds; since the Unix epoch in UTC when it is a wall time."""

HOST_CLOCK = "host"
"""The clock domain that all others are mapped onto: the recorder's CLOCK_BOOTTIME."""


def signed_seconds(distance_us: Micros) -> str:
    """Write a distance in seconds, rounded to milliseconds: `+1.234`; whoever tells one rounds it here, and alike."""
    milliseconds = (abs(distance_us) + 500) // 1000
    sign = "-" if distance_us < 0 and milliseconds else "+"
    return f"{sign}{milliseconds // 1000}.{milliseconds % 1000:03d}"


@carried
@dataclass(frozen=True, slots=True)
class Stamp:
    """When a record was made, by its own source's clocks.

    `mono_us` orders records of one `domain`; `wall_us` is for people only. `domain` names the monotonic clock:
    `host`, or the boot clock of a device (`device:<serial>`).
    """

    mono_us: Micros
    wall_us: Micros
    domain: str = HOST_CLOCK


@dataclass(frozen=True, slots=True)
class ClockSample:
    """One measured offset: host monotonic time minus the domain's, in microseconds.

    `uncertainty_us` is half the round trip of the measurement.
    """

    seq: int
    source: str
    stamp: Stamp
    domain: str
    offset_us: Micros
    uncertainty_us: Micros


@carried
@dataclass(frozen=True, slots=True, order=True)
class Instant:
    """A place on the common timeline; the one sort key of the product.

    `at_us` is host time in microseconds since the Unix epoch (monotonic, anchored once per recording), `source` and
    `seq` break ties in a stable way. `uncertainty_us` does not take part in the order.
    """

    at_us: Micros
    source: str
    seq: int
    uncertainty_us: Micros = 0

    def before(self, other: Instant) -> bool | None:
        """Say whether this instant precedes `other`; `None` where the clocks cannot tell."""
        if self.source == other.source:
            return (self.at_us, self.seq) < (other.at_us, other.seq)
        distance = other.at_us - self.at_us
        if abs(distance) <= self.uncertainty_us + other.uncertainty_us:
            return None
        return distance > 0
