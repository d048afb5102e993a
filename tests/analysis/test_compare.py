from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.analysis.compare import compare
from analyzer.model.comparison import Comparison, Difference, Judged, Side, Sighting
from analyzer.model.vocabulary import Change, Channel, Outcome, Phase, Subject, Tier

SECOND = 1_000_000
READ = Sighting("id.imei", Channel.API, Phase.INITIAL, "accept", Tier.ACCESSED, 10, sdk="acme", hook="telephony.imei")
SENT = Sighting(
    "id.imei", Channel.NETWORK, Phase.INITIAL, "accept", Tier.TRANSMITTED_THIRD_PARTY, 20, recipient="acme.example"
)
WATCHED = {(Phase.INITIAL, "accept"): 30 * SECOND, (Phase.ACCEPTED, "accept"): 30 * SECOND}


def side(*sightings: Sighting, outcome: Outcome = Outcome.NOT_OBSERVED, version: str = "1") -> Side:
    seen = tuple(range(len(sightings)))
    judged = Judged("cn.191.3.1", "三.1", {"en": "before consent"}, outcome, None, len(seen), (), seen)
    return Side(
        session=f"s{version}",
        package="com.example",
        version=version,
        watched=WATCHED,
        armed=frozenset({"telephony.imei"}),
        planted=frozenset({"id.imei"}),
        judged=(judged,),
        sightings=sightings,
    )


BEFORE = side(READ, SENT, outcome=Outcome.VIOLATED)
AFTER = side(version="2")


def of(comparison: Comparison, subject: Subject) -> Difference:
    (one,) = [one for one in comparison.differences if one.subject is subject]
    return one


def changes(comparison: Comparison) -> set[Change]:
    return {one.change for one in comparison.differences}


def test_what_an_equal_session_does_not_show_any_more_is_fixed():
    comparison = compare(BEFORE, AFTER)
    assert changes(comparison) == {Change.FIXED}
    assert {one.subject for one in comparison.differences} == set(Subject)
    assert not comparison.broke
    assert comparison.warnings == ()


def test_what_both_show_is_still_there_and_what_only_the_later_shows_is_new():
    assert changes(compare(BEFORE, replace(BEFORE, version="2"))) == {Change.STILL_THERE}
    turned = compare(AFTER, BEFORE)
    assert changes(turned) == {Change.NEW}
    assert turned.broke
    assert all(one.reasons == () for one in turned.differences)


def test_the_same_data_type_in_another_phase_is_another_flow_but_the_same_data_type():
    later = side(replace(SENT, phase=Phase.ACCEPTED), outcome=Outcome.NOT_OBSERVED, version="2")
    found = compare(side(SENT, outcome=Outcome.VIOLATED), later).differences
    flows = {(one.phase, one.change) for one in found if one.subject is Subject.FLOW}
    assert flows == {(Phase.INITIAL, Change.MOVED), (Phase.ACCEPTED, Change.MOVED)}
    assert {one.change for one in found if one.subject is Subject.DATA_TYPE} == {Change.STILL_THERE}
    assert {one.change for one in found if one.subject is Subject.RULE} == {Change.FIXED}


def test_a_flow_that_moved_to_where_nobody_had_accepted_is_new_there():
    earlier = side(replace(SENT, phase=Phase.ACCEPTED), outcome=Outcome.NOT_OBSERVED)
    comparison = compare(earlier, side(SENT, outcome=Outcome.VIOLATED, version="2"))
    flows = {one.phase: one for one in comparison.differences if one.subject is Subject.FLOW}
    assert flows[Phase.ACCEPTED].change is Change.MOVED
    assert flows[Phase.INITIAL].change is Change.NEW
    assert flows[Phase.INITIAL].reasons == ("it is in the time after an acceptance of the first",)
    assert comparison.broke


def test_other_hooks_are_warned_of_and_what_they_gave_away_is_not_fixed():
    later = replace(AFTER, armed=frozenset({"wifi.mac"}))
    comparison = compare(BEFORE, later)
    assert any("hooks armed: 1 in the first, 1 in the second (1 only" in one for one in comparison.warnings)
    sent = next(one for one in comparison.differences if one.subject is Subject.RECIPIENT)
    assert sent.change is Change.NO_LONGER_TESTABLE
    assert "telephony.imei" in sent.reasons[0]


@pytest.mark.parametrize(
    ("later", "why"),
    [
        (replace(AFTER, imported=True), "import"),
        (replace(AFTER, watched={(Phase.INITIAL, "accept"): 3 * SECOND}), "lasted 3 s"),
        (
            replace(AFTER, watched={(Phase.ACCEPTED, "accept"): 30 * SECOND}),
            "second had the time before any choice",
        ),
        (replace(AFTER, gaps=(("interrupted", "recording"),)), "interrupted"),
    ],
)
def test_nothing_is_fixed_where_the_later_session_could_have_missed_it(later: Side, why: str):
    comparison = compare(BEFORE, later)
    assert changes(comparison) == {Change.NO_LONGER_TESTABLE}
    assert all(why in " ".join(one.reasons) for one in comparison.differences)


def test_an_unread_connection_hides_what_went_to_its_host_and_data_types_that_may_go_anywhere():
    other = compare(BEFORE, replace(AFTER, gaps=(("tls_refused", "pinned.example"),)))
    assert of(other, Subject.RECIPIENT).change is Change.FIXED
    assert of(other, Subject.DATA_TYPE).change is Change.NO_LONGER_TESTABLE
    same = compare(BEFORE, replace(AFTER, gaps=(("tls_refused", "api.acme.example:443"),)))
    assert of(same, Subject.RECIPIENT).change is Change.NO_LONGER_TESTABLE
    assert of(same, Subject.API).change is Change.FIXED


@pytest.mark.parametrize("outcome", [Outcome.INCONCLUSIVE, Outcome.NOT_TESTED, Outcome.NOT_DECIDABLE])
def test_a_rule_that_can_no_longer_be_decided_is_not_fixed(outcome: Outcome):
    later = replace(side(outcome=outcome, version="2"))
    later = replace(later, judged=(replace(later.judged[0], reasons=("no recording exercised refused",)),))
    rule = of(compare(BEFORE, later), Subject.RULE)
    assert (rule.change, rule.reasons) == (Change.NO_LONGER_TESTABLE, ("no recording exercised refused",))
    assert of(compare(later, AFTER), Subject.RULE).change is Change.NOW_TESTED


def test_a_breach_that_the_first_session_could_not_have_shown_is_new_and_says_so():
    first = side(outcome=Outcome.NOT_TESTED)
    rule = of(compare(first, BEFORE), Subject.RULE)
    assert rule.change is Change.NEW
    assert "not tested: it may be older" in rule.reasons[0]


def test_a_breach_that_became_an_indication_is_still_there_and_told():
    rule = of(compare(BEFORE, side(READ, outcome=Outcome.SUSPECTED, version="2")), Subject.RULE)
    assert (rule.change, rule.reasons) == (Change.STILL_THERE, ("violated before, suspected now",))


def test_a_rule_that_only_one_of_them_was_judged_by_says_nothing():
    comparison = compare(replace(BEFORE, judged=()), BEFORE)
    assert of(comparison, Subject.RULE).change is Change.INCONCLUSIVE
    assert any("different rules" in warning for warning in comparison.warnings)


@pytest.mark.parametrize(
    ("later", "warning"),
    [
        (replace(AFTER, package="com.other"), "DIFFERENT APPS: com.example and com.other"),
        (replace(AFTER, version="1"), "same version (1)"),
        (replace(AFTER, profile={"rate_count": "9"}), "different settings (rate_count)"),
        (replace(AFTER, tool="9"), "different versions"),
        (replace(AFTER, device="phone"), "different kinds of device"),
        (replace(AFTER, planted=frozenset()), "values of id.imei"),
    ],
)
def test_what_makes_two_sessions_hard_to_compare_is_told(later: Side, warning: str):
    assert any(warning in told for told in compare(BEFORE, later).warnings)


def test_a_flow_that_only_changed_its_phase_is_told_up_front():
    later = side(replace(SENT, phase=Phase.ACCEPTED), version="2")
    (warning,) = compare(side(SENT), later).warnings
    assert "id.imei → acme.example" in warning
    assert "from the time before any choice to the time after an acceptance" in warning
    assert compare(side(SENT), side(replace(SENT, recipient="other.example"), version="2")).warnings == ()


def test_a_flow_that_moved_to_before_any_choice_is_not_asked_about_as_if_it_were_mended():
    sooner = compare(side(replace(SENT, phase=Phase.ACCEPTED)), side(SENT, version="2")).warnings
    assert sooner[0].endswith("; was the app faster, or made worse?")
    later = compare(side(SENT), side(replace(SENT, phase=Phase.ACCEPTED), version="2")).warnings
    assert later[0].endswith("; was the app slower, or mended?")


def test_a_flow_that_is_seen_in_one_phase_more_did_not_move():
    assert compare(side(SENT), side(SENT, replace(SENT, phase=Phase.ACCEPTED), version="2")).warnings == ()


@pytest.mark.parametrize(("first", "only"), [(True, "only the first"), (False, "only the second")])
def test_a_side_whose_checks_of_certificates_were_taken_away_is_named(first: bool, only: str):
    (warning,) = compare(replace(BEFORE, unpinned=first), replace(AFTER, unpinned=not first)).warnings
    assert warning.startswith(f"{only} was recorded with --unpin")
    both = replace(BEFORE, unpinned=True), replace(AFTER, unpinned=True)
    assert compare(*both).warnings == compare(BEFORE, AFTER).warnings


@pytest.mark.parametrize(
    ("first", "second", "word"), [("", "a", "only the second"), ("a", "", "only the first"), ("a", "b", "different")]
)
def test_results_that_differ_in_the_policy_they_were_held_against_say_so(first: str, second: str, word: str):
    (warning,) = compare(replace(BEFORE, policy=first), replace(AFTER, policy=second)).warnings
    assert word in warning
    assert "--policy" in warning


def test_a_rule_that_marks_met_is_not_fixed_where_the_later_session_was_shorter_there():
    judged = Judged("cn.191.3.4", "三.4", {"en": "ticked"}, Outcome.VIOLATED, None, 1, (), (), frozenset({*WATCHED}))
    before = replace(AFTER, judged=(judged,))
    after = replace(before, judged=(replace(judged, outcome=Outcome.NOT_OBSERVED, places=frozenset()),))
    assert of(compare(before, after), Subject.RULE).change is Change.FIXED
    short = replace(after, watched={(Phase.INITIAL, "accept"): 9 * SECOND, (Phase.ACCEPTED, "accept"): 30 * SECOND})
    rule = of(compare(before, short), Subject.RULE)
    assert rule.change is Change.NO_LONGER_TESTABLE
    assert rule.reasons == ("the time before any choice lasted 9 s in the second, 30 s in the other",)


def test_another_app_has_fixed_nothing():
    comparison = compare(BEFORE, replace(AFTER, package="com.other"))
    assert changes(comparison) == {Change.INCONCLUSIVE}
    assert {one.reasons[0] for one in comparison.differences} == {"the second is another app"}
    assert comparison.warnings[0].startswith("THESE ARE DIFFERENT APPS")


def test_what_a_policy_of_the_second_alone_decides_is_tested_now_and_not_new():
    undecided = replace(AFTER, judged=(replace(AFTER.judged[0], outcome=Outcome.NOT_DECIDABLE),))
    with_policy = replace(BEFORE, policy="ab" * 32)
    rule = of(compare(undecided, with_policy), Subject.RULE)
    assert (rule.change, rule.reasons) == (
        Change.NOW_TESTED,
        ("only the second was held against a privacy policy, which decides it: it may be older",),
    )
    assert of(compare(undecided, BEFORE), Subject.RULE).change is Change.NEW
    assert of(compare(replace(undecided, policy="cd" * 32), with_policy), Subject.RULE).change is Change.NEW


def test_outcomes_stand_in_reasons_in_words():
    undecided = replace(AFTER, judged=(replace(AFTER.judged[0], outcome=Outcome.NOT_DECIDABLE),))
    assert of(compare(undecided, BEFORE), Subject.RULE).reasons[0] == "the first was not decidable: it may be older"


def test_results_of_other_packs_or_versions_are_warned_of():
    before = replace(BEFORE, judged_by={"analyzer": "1", "catalog": "a"})
    after = replace(AFTER, judged_by={"analyzer": "1", "catalog": "b"})
    (warning,) = compare(before, after).warnings
    assert warning.startswith("their results were made by different packs or versions (catalog): ")
