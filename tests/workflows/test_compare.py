from __future__ import annotations

import pytest

from analyzer.analysis.compare import compare
from analyzer.model.vocabulary import Change, Outcome, Phase, SessionKind, Subject
from analyzer.packs.changes import UNPINNED
from analyzer.report.document import ResultDocument
from analyzer.workflows.analyze import stored
from analyzer.workflows.compare import compare_sessions, side
from analyzer.workflows.home import Home, UsageProblem


def test_a_side_holds_what_was_seen_of_a_recorded_session(recorded_example):
    document = ResultDocument.model_validate_json(recorded_example.document)
    one = side(document)
    assert (one.package, one.imported, one.fired) == ("com.example", False, True)
    assert one.watched[Phase.INITIAL, "accept"] > 1_000_000
    assert {"telephony.device_id"} <= one.armed
    assert {judged.rule for judged in one.judged if judged.outcome is Outcome.VIOLATED} >= {"cn.191.3.1"}
    sent = {(seen.data_type, seen.recipient) for seen in one.sightings if seen.recipient}
    assert ("id.imsi", "statflow.example") in sent
    assert all(seen.at_us >= 0 for seen in one.sightings)
    judged = next(judged for judged in one.judged if judged.rule == "cn.191.3.1")
    assert {one.sightings[position].phase for position in judged.seen} == {Phase.INITIAL}


def test_a_side_knows_that_the_app_was_recorded_unpinned_by_us(recorded_example):
    document = ResultDocument.model_validate_json(recorded_example.document)
    told = document.session.model_copy(update={"interventions": (f"{UNPINNED} (--unpin, 1a2b)",)})
    assert not side(document).unpinned
    assert side(document.model_copy(update={"session": told})).unpinned
    imported = told.model_copy(update={"kind": SessionKind.IMPORTED})
    assert not side(document.model_copy(update={"session": imported})).unpinned, "an import names files of others"


def test_a_session_and_the_shipped_one_of_the_same_app_show_the_same_breaches(recorded):
    home = Home(recorded.workspace)
    comparison = compare_sessions(home, recorded.session.name, "shipped")
    rules = {one.name: one.change for one in comparison.differences if one.subject is Subject.RULE}
    assert rules["cn.191.3.1"] is Change.STILL_THERE
    assert Change.FIXED not in rules.values()


def test_a_session_is_not_compared_with_itself(recorded):
    with pytest.raises(UsageProblem, match="name two"):
        compare_sessions(Home(recorded.workspace), "latest", recorded.session.name)


def test_the_same_evidence_twice_has_nothing_new_and_nothing_fixed(recorded):
    one = side(stored(Home(recorded.workspace), "latest").document)
    comparison = compare(one, one)
    assert len(one.sightings) > 30
    assert {found.change for found in comparison.differences} <= {Change.STILL_THERE, Change.UNCHANGED}
