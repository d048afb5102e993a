from __future__ import annotations

from wire import EPOCH, Wire, stamp

from analyzer.analysis.placement import UNMEASURED_US, place_recording, place_session
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Mark, Recording
from analyzer.model.vocabulary import GapKind, MarkKind, Strategy


def _mark(seq: int, when: Stamp) -> Mark:
    return Mark(seq, "host", when, MarkKind.RECORDING_STARTED)


def test_the_first_host_record_anchors_wall_time_and_a_clock_that_is_set_later_moves_nothing():
    wire = Wire()
    wire.marks += [_mark(0, stamp(1))]
    wire.events += []
    place = place_session(wire.session())["1-accept"]
    assert place.at(Stamp(5_000_000, 0)) == EPOCH + 5_000_000


def test_a_device_clock_is_mapped_by_the_line_between_two_measurements():
    wire = Wire()
    wire.sample(10, "device:a", 100, 700)
    wire.sample(20, "device:a", 101, 900)
    place = place_recording(wire.recording())
    between = place.instant(_mark(1, Stamp(-85_500_000, 0, "device:a")))
    assert (between.at_us - EPOCH, between.uncertainty_us) == (15_000_000, 900)


def test_beyond_the_measurements_a_clock_may_drift_and_one_that_needed_no_measuring_does_not():
    wire = Wire()
    wire.sample(10, "device:a", 100, 700)
    wire.sample(20, "device:a", 101, 900)
    wire.sample(10, "device:b", 0, 0)
    place = place_recording(wire.recording())
    late = place.instant(_mark(2, Stamp(-71_000_000, 0, "device:a")))
    early = place.instant(_mark(2, Stamp(-91_000_000, 0, "device:a")))
    equal = place.instant(_mark(2, Stamp(90_000_000, 0, "device:b")))
    assert (late.at_us - EPOCH, late.uncertainty_us) == (30_000_000, 900 + 1000)
    assert (early.at_us - EPOCH, early.uncertainty_us) == (9_000_000, 700 + 100)
    assert (equal.at_us - EPOCH, equal.uncertainty_us) == (90_000_000, 0)


def test_a_clock_that_is_hours_apart_and_runs_too_fast_is_placed_within_its_uncertainty():
    apart, fast = -4 * 3600, 1.0005  # the device's clock: four hours ahead, and 500 millionths too fast
    wire = Wire()
    for host in (10, 40, 70):
        wire.sample(host, "device:a", host - (host * fast - apart), 2_000)
    place = place_recording(wire.recording())
    for host in (12.5, 33.0, 55.5, 69.0):
        device_us = round((host * fast - apart) * 1_000_000)
        instant = place.instant(_mark(1, Stamp(device_us, 0, "device:a")))
        assert abs(instant.at_us - EPOCH - host * 1_000_000) <= instant.uncertainty_us <= 2_000


def test_an_order_within_the_uncertainty_of_the_clocks_is_unknown():
    wire = Wire()
    wire.sample(10, "device:a", 0, 50_000)
    place = place_recording(wire.recording())
    event = place.instant(_mark(1, Stamp(10_030_000, 0, "device:a")))
    tap = place.instant(Mark(1, "operator", stamp(10), MarkKind.TAPPED))
    later = place.instant(Mark(2, "operator", stamp(10.2), MarkKind.TAPPED))
    assert tap.before(event) is None
    assert event.before(later) is True


def test_an_unmeasured_clock_is_placed_by_wall_time_and_leaves_a_gap():
    wire = Wire()
    wire.marks += [_mark(0, stamp(1)), _mark(1, Stamp(777, EPOCH + 3_000_000, "device:b"))]
    place = place_recording(wire.recording())
    instant = place.instant(_mark(2, Stamp(1_777, 0, "device:b")))
    assert (instant.at_us, instant.uncertainty_us) == (EPOCH + 3_001_000, UNMEASURED_US)
    assert [(gap.kind, gap.subject) for gap in place.gaps] == [(GapKind.CLOCK_UNCERTAIN, "device:b")]


def test_an_empty_recording_has_a_place_too():
    assert place_recording(Recording("x", Strategy.ACCEPT)).at(Stamp(5, 5)) == 5
