from dataclasses import replace

import pytest
from stories import facts

from analyzer.analysis.reasons import tell_evidence, tell_grounds
from analyzer.model.results import Explanation
from analyzer.model.vocabulary import Truth

SENT = {"channel": "network", "tier": "transmitted", "party": "third"}


def told(**story):
    found = facts(**story)
    (sentence,) = tell_evidence((*found.observations, *found.marks, *found.screens), {"1-example": 0})
    return sentence


def test_readings_and_sendings_are_counted_apart_and_the_first_is_named():
    story = [{"at": 0.912, "data_type": "id.imei"}, *({"at": at, "data_type": "id.oaid"} | SENT for at in (2, 3))]
    assert told(observations=story) == (
        "1 reading and 2 sendings of personal data before any choice; "
        "first: id.imei by an unknown caller at +0.912 s of 1-example"
    )


def test_what_goes_to_the_device_itself_is_no_sending():
    found = facts(observations=[{"at": 2, "data_type": "id.oaid"} | SENT]).observations
    (fact,) = found
    local = replace(fact.subject, recipient=replace(fact.subject.recipient, host="127.0.0.1"))
    (sentence,) = tell_evidence([replace(fact, subject=local)], {"1-example": 0})
    assert sentence == (
        "1 hand-over of personal data before any choice; "
        "first: id.oaid by an unknown caller within the device, over 127.0.0.1 at +2.000 s of 1-example"
    )


@pytest.mark.parametrize(("tier", "word"), [("attempted", "1 vain attempt "), ("requested", "1 request ")])
def test_what_gave_nothing_is_no_reading(tier, word):
    assert word in told(observations=[{"at": 1, "data_type": "loc.gps", "tier": tier}])


def test_marks_and_screens_are_no_personal_data():
    sentence = told(
        marks=[{"at": 2, "kind": "permission_asked", "phase": "refused"}],
        screens=[{"at": 4, "kind": "cmp_banner"}],
    )
    assert "1 permission window and 1 cmp banner screen before any choice and after the refusal" in sentence
    assert "personal" not in sentence


def test_by_how_much_the_clock_was_set_ahead_is_told():
    found = facts(
        marks=[{"at": 9, "kind": "clock_moved", "details": {"ahead_s": "90000"}}],
        screens=[{"at": 1, "kind": "consent"}, {"at": 10, "kind": "consent"}],
    )
    _, clock = tell_evidence(found.screens, {"1-example": 0})
    assert clock == "the device's clock was then set ahead by 25 hours"


def test_when_the_app_ended_itself_is_told_beside_the_first_evidence():
    marks = [{"at": 60, "kind": "tapped"}, {"at": 61, "kind": "app_exited", "phase": "refused"}]
    found = facts(observations=[{"at": 2, "data_type": "id.imei"}], marks=marks)
    first, ended = tell_evidence((*found.observations, *found.marks), {"1-example": 0})
    assert "first: id.imei" in first
    assert ended == "the app ended itself at +61.000 s of 1-example"


def test_without_evidence_there_is_nothing_to_tell():
    assert tell_evidence((), {}) == ()


def test_only_screens_that_denied_an_absence_are_grounds():
    screens = facts(screens=[{"at": 1, "kind": "notice"}, {"at": 2, "kind": "consent"}]).screens
    seen = Explanation("screen", Truth.YES, ("s1",))
    assert tell_grounds((Explanation("all of", Truth.NO, children=(seen,)),), screens) == ()
    (ground,) = tell_grounds(
        (Explanation("all of", Truth.NO, children=(Explanation("not", Truth.NO, (), (), (seen,)),)),), screens
    )
    assert ground.startswith("s1 ")
