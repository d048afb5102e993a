"""Places records on the common timeline: clock domains aligned, wall time anchored once per recording."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from analyzer.model.clock import HOST_CLOCK, ClockSample, Instant, Micros, Stamp
from analyzer.model.evidence import Recording, Request, Session
from analyzer.model.results import SeenGap
from analyzer.model.vocabulary import GapKind

UNMEASURED_US: Final = 1_000_000
"""How far off two clocks may be that were only compared by their wall times."""
DRIFT_PPM: Final = 100
"""How fast two clocks may part where nothing was measured any more: crystals are off by some ten millionths each."""


class Stamped(Protocol):
    """Any record of evidence."""

    @property
    def seq(self) -> int: ...  # noqa: D102 - as in model.evidence
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def stamp(self) -> Stamp: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Placement:
    """The timeline of one recording.

    `anchor_us` is what is added to host monotonic time to reach the Unix epoch. `samples` are the measured offsets by
    domain, in order of host time; `guessed` the offsets of domains that nobody measured, from their wall clock.
    """

    anchor_us: Micros
    samples: Mapping[str, tuple[ClockSample, ...]]
    guessed: Mapping[str, Micros]
    gaps: tuple[SeenGap, ...] = ()

    def at(self, stamp: Stamp) -> Micros:
        """Give the common time of a stamp in microseconds since the Unix epoch."""
        return stamp.mono_us + self._offset(stamp)[0] + self.anchor_us

    def instant(self, record: Stamped) -> Instant:
        """Give the place of a record on the common timeline."""
        offset, uncertainty = self._offset(record.stamp)
        at_us = record.stamp.mono_us + offset + self.anchor_us
        return Instant(at_us, record.source, record.seq, uncertainty)

    def end(self, request: Request) -> Instant:
        """Give the place of the last byte of a request."""
        offset, uncertainty = self._offset(request.end)
        return Instant(request.end.mono_us + offset + self.anchor_us, request.source, request.seq, uncertainty)

    def _offset(self, stamp: Stamp) -> tuple[Micros, Micros]:
        if stamp.domain == HOST_CLOCK:
            return 0, 0
        samples = self.samples.get(stamp.domain)
        if not samples:
            return self.guessed.get(stamp.domain, 0), UNMEASURED_US
        return _offset_at(samples, stamp.mono_us)


def place_session(session: Session) -> dict[str, Placement]:
    """Give the placement of every recording by its name."""
    return {recording.name: place_recording(recording) for recording in session.recordings}


def place_recording(recording: Recording) -> Placement:
    """Align the clocks of one recording.

    The wall time of the first host record anchors the timeline; a wall clock that is set while recording moves nothing.
    """
    samples = _samples(recording)
    firsts = _first_stamps(recording)
    host = firsts.get(HOST_CLOCK)
    anchor = host.wall_us - host.mono_us if host else _anchor_without_host(firsts, samples)
    guessed = {
        domain: stamp.wall_us - anchor - stamp.mono_us
        for domain, stamp in firsts.items()
        if domain != HOST_CLOCK and domain not in samples
    }
    gaps = tuple(_unmeasured(recording, domain, firsts[domain].wall_us) for domain in sorted(guessed))
    return Placement(anchor, samples, guessed, gaps)


def flow_stamps(recording: Recording) -> Iterable[Stamp]:
    """Give the stamps of the flows of a recording; of such as were let go, the earliest and the latest."""
    return recording.ends or (line.record.stamp for line in recording.flows)


def _offset_at(samples: tuple[ClockSample, ...], mono_us: Micros) -> tuple[Micros, Micros]:
    """Give offset and uncertainty at an instant: on the line between two measurements, and less sure beyond them.

    Beyond the first and the last one, a clock that was measured over some way may have drifted as clocks do.
    """
    at = bisect_left(samples, mono_us, key=_domain_time)
    if 0 < at < len(samples):
        left, right = samples[at - 1], samples[at]
        start, end = _domain_time(left), _domain_time(right)
        way = (right.offset_us - left.offset_us) * (mono_us - start) // max(1, end - start)
        return left.offset_us + way, max(left.uncertainty_us, right.uncertainty_us)
    edge = _nearest(samples, mono_us)
    drifted = abs(mono_us - _domain_time(edge)) * DRIFT_PPM // 1_000_000 if edge.uncertainty_us else 0
    return edge.offset_us, edge.uncertainty_us + drifted


def _nearest(samples: tuple[ClockSample, ...], mono_us: Micros) -> ClockSample:
    at = bisect_left(samples, mono_us, key=_domain_time)
    around = samples[max(0, at - 1) : at + 1]
    return min(around, key=lambda sample: abs(_domain_time(sample) - mono_us))


def _domain_time(sample: ClockSample) -> Micros:
    return sample.stamp.mono_us - sample.offset_us if sample.stamp.domain == HOST_CLOCK else sample.stamp.mono_us


def _samples(recording: Recording) -> dict[str, tuple[ClockSample, ...]]:
    found: dict[str, list[ClockSample]] = {}
    for line in recording.marks:
        if isinstance(line.record, ClockSample):
            found.setdefault(line.record.domain, []).append(line.record)
    return {domain: tuple(sorted(samples, key=_domain_time)) for domain, samples in found.items()}


def _first_stamps(recording: Recording) -> dict[str, Stamp]:
    firsts: dict[str, Stamp] = {}
    for stamp in _stamps(recording):
        known = firsts.get(stamp.domain)
        if known is None or stamp.mono_us < known.mono_us:
            firsts[stamp.domain] = stamp
    return firsts


def _stamps(recording: Recording) -> Iterator[Stamp]:
    yield from (line.record.stamp for line in recording.marks)
    yield from (line.record.stamp for line in recording.flows)
    yield from recording.firsts
    yield from (line.record.stamp for line in recording.screens)
    yield from (line.record.stamp for line in recording.gaps)
    yield from (line.record.stamp for line in recording.events)


def _anchor_without_host(firsts: Mapping[str, Stamp], samples: Mapping[str, tuple[ClockSample, ...]]) -> Micros:
    for domain in sorted(firsts):
        stamp = firsts[domain]
        offset = _nearest(samples[domain], stamp.mono_us).offset_us if samples.get(domain) else 0
        return stamp.wall_us - stamp.mono_us - offset
    return 0


def _unmeasured(recording: Recording, domain: str, at_us: Micros) -> SeenGap:
    why = "no offset to this clock was measured; its records are placed by wall time"
    return SeenGap("", None, recording.name, GapKind.CLOCK_UNCERTAIN, domain, why, at_us)
