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


def test_a_device_clock_is_mapped_by_the_nearest_measured_offset():
    wire = Wire()
    wire.sample(10, "device:a", 100, 700)
    wire.sample(20, "device:a", 101, 900)
    place = place_recording(wire.recording())
    early = place.instant(_mark(1, Stamp(-89_000_000, 0, "device:a")))
    late = place.instant(_mark(2, Stamp(-80_000_000, 0, "device:a")))
    assert (early.at_us - EPOCH, early.uncertainty_us) == (11_000_000, 700)
    assert (late.at_us - EPOCH, late.uncertainty_us) == (21_000_000, 900)


def test_an_unmeasured_clock_is_placed_by_wall_time_and_leaves_a_gap():
    wire = Wire()
    wire.marks += [_mark(0, stamp(1)), _mark(1, Stamp(777, EPOCH + 3_000_000, "device:b"))]
    place = place_recording(wire.recording())
    instant = place.instant(_mark(2, Stamp(1_777, 0, "device:b")))
    assert (instant.at_us, instant.uncertainty_us) == (EPOCH + 3_001_000, UNMEASURED_US)
    assert [(gap.kind, gap.subject) for gap in place.gaps] == [(GapKind.CLOCK_UNCERTAIN, "device:b")]


def test_an_empty_recording_has_a_place_too():
    assert place_recording(Recording("x", Strategy.ACCEPT)).at(Stamp(5, 5)) == 5
