from dataclasses import replace

import pytest
from stories import case, rule

from analyzer.analysis.judge import judge, judge_rule
from analyzer.model.vocabulary import Outcome, Tier, Truth
from analyzer.packs.rules import RulePack

READ = {"observation": {"data_type": ["id.*"], "phase": ["initial"], "tier_at_least": "accessed"}}
TRIED = {"observation": {"data_type": ["id.*"], "phase": ["initial"], "tier": ["attempted"]}}
NEEDS = {"phases": ["initial"], "hooks": ["id.*"], "traffic": True, "dwell": True}
BOTH = {"violated_when": READ, "suspected_when": TRIED, "needs": NEEDS}


def verdict(parts, **story):
    told = rule(**parts)
    return judge_rule(told, "test", case(told, **story))


@pytest.mark.parametrize(
    ("story", "outcome"),
    [
        ({"observations": [{"at": 1, "data_type": "id.imei"}]}, Outcome.VIOLATED),
        ({"observations": [{"at": 1, "data_type": "id.imei", "tier": "attempted"}]}, Outcome.SUSPECTED),
        ({"phases": ["accepted"]}, Outcome.NOT_TESTED),
        ({"each": 2}, Outcome.INCONCLUSIVE),
        ({"hooks": "none"}, Outcome.INCONCLUSIVE),
        ({"observations": [{"at": 1, "data_type": "id.imei", "phase": "unknown"}]}, Outcome.INCONCLUSIVE),
        ({}, Outcome.NOT_OBSERVED),
    ],
)
def test_every_story_has_its_outcome(story, outcome):
    assert verdict(BOTH, **story).outcome is outcome


def test_the_ceiling_caps_what_runtime_evidence_cannot_carry():
    found = verdict(BOTH | {"ceiling": "suspected"}, observations=[{"at": 1, "data_type": "id.imei"}])
    assert found.outcome is Outcome.SUSPECTED
    assert "strongest" in found.reasons[-1]


@pytest.mark.parametrize("decidable", ["with_policy", "none", "deferred"])
def test_what_runtime_cannot_decide_says_what_is_missing(decidable):
    found = verdict({"decidable": decidable})
    assert found.outcome is Outcome.NOT_DECIDABLE
    assert found.reasons


@pytest.mark.parametrize(
    ("details", "said"),
    [
        (
            {"touches": "0"},
            ["pressed by their names: 0; none on the app's main screen was named like a way to the policy"],
        ),
        ({"touches": "4"}, ["pressed by their names: 4"]),
        ({"touches": "many"}, []),
        ({}, []),
    ],
)
def test_a_search_for_the_policy_says_how_much_it_pressed(details, said):
    parts = {"suspected_when": {"mark": {"kind": ["policy_not_found"]}}}
    found = verdict(parts, marks=[{"at": 9, "kind": "policy_not_found", "details": details}])
    assert found.outcome is Outcome.SUSPECTED
    told = [reason for reason in found.reasons if "the search" in reason]
    assert len(told) == len(said)
    assert all(words in reason for words, reason in zip(said, told, strict=True))


def test_evidence_tier_and_confidence_come_from_the_observations():
    story = [{"at": 3, "data_type": "id.imei", "confidence": 0.7}, {"at": 1, "data_type": "id.oaid", "confidence": 0.5}]
    found = verdict(BOTH, observations=story)
    assert (found.evidence, found.tier, found.confidence) == (("o2", "o1"), Tier.ACCESSED, 0.7)


def test_a_negative_without_another_reason_says_what_was_watched():
    (said,) = verdict(BOTH | {"needs": NEEDS | {"dwell": False}}).reasons
    assert said.startswith("watched the time before any choice through calls, traffic (1-example 60.0 s), and saw")


def test_a_negative_says_for_how_long_and_how_often_it_was_watched():
    assert verdict(BOTH, each=10).reasons[:2] == (
        "watched for 10 s; 60 s or more are suggested",
        "seen in 1 clean run; 2 or more are suggested",
    )


def test_the_explanation_answers_for_both_conditions_and_the_needs():
    explained = verdict(BOTH, hooks="none").explanation
    assert [child.condition for child in explained.children] == ["violated when", "suspected when", "needs"]
    assert explained.children[0].truth is Truth.UNKNOWN
    assert "was armed" in explained.children[2].reasons[0]


def test_an_answer_that_is_unknown_names_the_gap_that_makes_it_so():
    lost = {"at": 5, "kind": "agent_lost", "subject": "com.example"}
    passed = {"at": 5, "kind": "screen_unreadable", "subject": "com.example"}
    found = verdict(BOTH, gaps=[passed, lost])
    leaf = found.explanation.children[0].children[0]
    assert (found.outcome, leaf.truth, leaf.gaps) == (Outcome.INCONCLUSIVE, Truth.UNKNOWN, ("g2",))


def test_an_answer_that_is_sure_names_no_gap():
    lost = {"at": 5, "kind": "agent_lost", "subject": "com.example"}
    found = verdict(BOTH, gaps=[lost], observations=[{"at": 1, "data_type": "id.imei"}])
    assert (found.outcome, found.explanation.children[0].children[0].gaps) == (Outcome.VIOLATED, ())


def test_conditions_of_another_rule_are_called_so():
    told = verdict(BOTH | {"same_as": "test-pack/test.model"}, observations=[{"at": 1, "data_type": "id.imei"}])
    assert told.explanation.children[0].condition == "violated when, as test.model"


def test_a_rule_that_is_met_says_in_words_what_it_rests_on():
    story = [{"at": 3, "data_type": "id.imei"}, {"at": 1.25, "data_type": "id.oaid"}]
    (told,) = verdict(BOTH, observations=story).reasons
    assert told == (
        "2 readings of personal data before any choice; first: id.oaid by an unknown caller at +1.250 s of 1-example"
    )


def test_a_negative_says_what_of_the_clause_was_tested_where_that_is_not_all():
    told = verdict(BOTH | {"covers": {"en": "boxes; texts are not"}})
    assert "of this clause only this was tested: boxes; texts are not" in told.reasons
    assert not any("boxes" in why for why in verdict(BOTH | {"covers": {"en": "boxes"}}, phases=["accepted"]).reasons)


def test_a_prompt_that_answers_the_clause_is_named():
    asked = {"all": [{"not": {"screen": {"kind": ["notice"]}}}]}
    (told,) = verdict({"violated_when": asked}, screens=[{"at": 1, "kind": "notice"}]).reasons
    assert told.startswith("s1 was taken for what the clause asks for (notice")


def test_findings_are_the_rules_that_were_met():
    told = [rule(**BOTH, id="test.met"), rule(id="test.closed", decidable="none")]
    pack = RulePack(id="test", version="1", jurisdiction="XX", instrument={}, source=("t",), confidence=1, rules=told)
    findings, verdicts = judge([pack], case(told[0], observations=[{"at": 1, "data_type": "id.imei"}]))
    assert [(item.id, item.rule, item.evidence) for item in findings] == [("f1", "test.met", ("o1",))]
    assert [item.pack for item in verdicts] == ["test", "test"]


def test_no_outcome_is_a_word_for_innocence():
    assert "compliant" not in {outcome.value for outcome in Outcome}


def test_what_rests_on_an_import_says_that_its_importer_stated_whose_traffic_it_is():
    told = rule(**BOTH)
    found = case(told, observations=[{"at": 3, "data_type": "id.imei"}])
    stated = judge_rule(told, "test", replace(found, view=replace(found.view, imported=frozenset({"1-example"}))))
    assert "importer's statements" in stated.reasons[-1]


def test_what_rests_on_traffic_without_the_apps_own_checks_says_so():
    told = rule(**BOTH)
    for channel, said in (("network", True), ("api", False)):
        found = case(told, observations=[{"at": 3, "data_type": "id.imei", "channel": channel}])
        without = replace(found.view, unpinned=frozenset({"1-example"}))
        reasons = judge_rule(told, "test", replace(found, view=without)).reasons
        assert ("--unpin" in reasons[-1]) is said


def test_what_rests_on_what_was_read_inside_the_app_says_so():
    told = rule(**BOTH)
    found = case(told, observations=[{"at": 3, "data_type": "id.imei", "channel": "network"}])
    (fact,) = found.view.facts.observations
    observation = replace(fact.subject, flow_index=4)
    facts = replace(found.view.facts, observations=(replace(fact, subject=observation),))
    for tapped, said in ((frozenset({4}), True), (frozenset({5}), False)):
        view = replace(found.view, facts=facts, tapped=tapped)
        reasons = judge_rule(told, "test", replace(found, view=view)).reasons
        assert ("read inside the app" in reasons[-1]) is said


def test_a_policy_that_was_read_in_part_is_no_ground_for_a_negative():
    part = "only what the screen showed of the policy was read"
    for parts in (BOTH | {"decidable": "with_policy"}, BOTH | {"needs": NEEDS | {"policy": True}}):
        told = rule(**parts)
        for story, outcome in (({}, Outcome.INCONCLUSIVE), ({"observations": [LEAK]}, Outcome.VIOLATED)):
            whole = case(told, policy=True, **story)
            found = judge_rule(told, "test", replace(whole, view=replace(whole.view, policy_part=True)))
            assert (found.outcome, part in found.reasons) == (outcome, True)
            assert part not in judge_rule(told, "test", whole).reasons
    other = case(rule(**BOTH))
    assert judge_rule(rule(**BOTH), "test", replace(other, view=replace(other.view, policy_part=True))).outcome is (
        Outcome.NOT_OBSERVED
    )


LEAK = {"at": 1, "data_type": "id.imei"}


def test_what_is_met_by_the_silence_of_the_policy_says_what_it_does_not_speak_of():
    told = rule(
        suspected_when={"not": {"policy_says": ["withdrawal", "non_targeted"]}},
        needs={"policy": True},
        ceiling="suspected",
    )
    verdict = judge_rule(told, "test", case(told, policy=True, policy_topics=["complaint"]))
    assert verdict.reasons[0] == "the policy was read in whole and nowhere speaks of withdrawal or non targeted"
    assert verdict.outcome is Outcome.SUSPECTED
