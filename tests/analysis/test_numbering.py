from __future__ import annotations

from dataclasses import replace

from detection import detect
from wire import IMEI, Wire, endpoints, sdks, text

from analyzer.analysis.attribute_sent import Attribution, Sending
from analyzer.analysis.numbering import number_observations
from analyzer.analysis.phases import Course
from analyzer.analysis.recipients import RecipientNames
from analyzer.model.vocabulary import Phase

NOBODY = Sending({}, {}, {}, frozenset(), {}, frozenset())


def test_observations_are_numbered_by_time_whatever_order_they_come_in():
    wire = Wire()
    wire.call("telephony.imei", 5, text(IMEI))
    wire.request(3, f"a={IMEI}&b={IMEI}".encode())
    numbered = detect(wire).observations
    assert [(one.id, one.path) for one in numbered] == [("o1", "form:a"), ("o2", "form:b"), ("o3", "telephony.imei()")]
    attribution = Attribution((), NOBODY, RecipientNames("com.example", sdks(), endpoints()))
    assert number_observations(reversed(numbered[2:]), {}, attribution.of) == (replace(numbered[2], id="o1"),)


def test_observations_of_calls_keep_who_made_them_and_get_their_phase():
    wire = Wire()
    wire.call("telephony.imei", 5, text(IMEI))
    (read,) = detect(wire).observations
    course = Course("1-accept", Phase.INITIAL, (), (), ())
    attribution = Attribution((), NOBODY, RecipientNames("com.example", sdks(), endpoints()))
    (found,) = number_observations([read], {read.ref.recording: course}, attribution.of)
    assert found == replace(read, phase=Phase.INITIAL)
