from __future__ import annotations

from analyzer.model.clock import Stamp
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Analysis
from analyzer.model.vocabulary import Phase, Source
from analyzer.report.placement import Placement

START = 1_790_000_000_000_000


def test_a_record_on_the_timeline_keeps_its_phase_and_instant(analysis: Analysis) -> None:
    mark = EvidenceRef("1-accept", Source.MARKS, 1)
    placement = Placement(analysis)
    assert placement.phase(mark, 0) is Phase.INITIAL
    assert placement.at_us(mark, Stamp(0, 7)) == START + 510_000


def test_a_record_off_the_timeline_is_placed_by_the_half_open_spans(analysis: Analysis) -> None:
    other = EvidenceRef("1-accept", Source.EVENTS, 99)
    placement = Placement(analysis)
    assert placement.phase(other, START + 899_999) is Phase.INITIAL
    assert placement.phase(other, START + 900_000) is Phase.ACCEPTED
    assert placement.phase(other, START + 2_000_000) is Phase.UNKNOWN
    assert placement.at_us(other, Stamp(0, 7)) == 7


def test_a_recording_without_a_timeline_has_no_bounds(analysis: Analysis) -> None:
    placement = Placement(analysis)
    assert placement.bounds("1-accept") == (START, START + 2_000_000)
    assert placement.bounds("2-refuse") is None
