import pytest
from stories import facts, standard

from analyzer.analysis.conditions import Sense, World, evaluate
from analyzer.analysis.matches import Terms
from analyzer.model.vocabulary import Truth
from analyzer.packs.conditions import Condition

READ = {"observation": {"data_type": ["id.*"], "channel": ["api"], "phase": ["initial"]}}
SEEN = {"at": 2, "data_type": "id.oaid"}
UNSURE = {"at": 2, "data_type": "id.oaid", "phase": "unknown"}


def ask(condition, blind=None, **story):
    profile = standard()
    terms = Terms(lambda number: profile.value(number) if isinstance(number, str) else number, {})
    return evaluate(Condition.model_validate(condition), World(facts(**story), terms, blind or {}))


def test_a_leaf_is_true_by_its_evidence():
    answer = ask(READ, observations=[SEEN])
    assert (answer.truth, answer.explanation.evidence) == (Truth.YES, ("o1",))


def test_silence_is_a_no_only_when_nothing_was_hidden():
    assert ask(READ).truth is Truth.NO
    answer = ask(READ, {Sense.HOOKS: ("the agent was lost",)})
    assert (answer.truth, answer.explanation.reasons) == (Truth.UNKNOWN, ("the agent was lost",))


def test_a_gap_in_the_traffic_hides_no_call():
    assert ask(READ, {Sense.TRAFFIC: ("pinned",)}).truth is Truth.NO


def test_what_may_be_meant_leaves_the_answer_unknown():
    answer = ask(READ, observations=[UNSURE])
    assert answer.truth is Truth.UNKNOWN
    assert "o1" in answer.explanation.reasons[0]


@pytest.mark.parametrize(
    ("condition", "observations", "truth"),
    [
        ({"all": [READ, READ]}, [SEEN], Truth.YES),
        ({"all": [READ, {"mark": {"kind": ["app_exited"]}}]}, [UNSURE], Truth.NO),
        ({"any": [READ, {"mark": {"kind": ["app_exited"]}}]}, [UNSURE], Truth.UNKNOWN),
        ({"not": READ}, [SEEN], Truth.NO),
        ({"not": READ}, [UNSURE], Truth.UNKNOWN),
        ({"not": READ}, [], Truth.YES),
    ],
)
def test_trees_join_three_values(condition, observations, truth):
    assert ask(condition, observations=observations).truth is truth


def test_a_count_needs_so_many_of_the_same_within_the_time():
    count = {"count": {"of": READ, "at_least": 3, "within": 10, "same": ["data_type"]}}
    near = [{"at": at, "data_type": "id.oaid"} for at in (1, 5, 9)]
    far = [{"at": at, "data_type": "id.oaid"} for at in (1, 20, 40)]
    mixed = [{"at": at, "data_type": f"id.{at}"} for at in (1, 5, 9)]
    assert [ask(count, observations=story).truth for story in (near, far, mixed)] == [Truth.YES, Truth.NO, Truth.NO]


def permissions(*asked):
    marks = [
        {"at": at, "kind": "permission_asked", "details": {"detail": f"android.permission.{name}"}}
        for at, name in asked
    ]
    count = {"of": {"mark": {"kind": ["permission_asked"]}}, "at_least": 2, "within": 5, "distinct": "permission_group"}
    return ask({"count": count}, marks=marks).truth


def test_a_count_of_what_differs_counts_each_value_once_within_the_time():
    assert permissions((1, "CAMERA"), (2, "READ_CONTACTS")) is Truth.YES
    assert permissions((1, "CAMERA"), (2, "CAMERA"), (9, "READ_CONTACTS")) is Truth.NO
    assert permissions((1, "ACCESS_FINE_LOCATION"), (2, "ACCESS_COARSE_LOCATION")) is Truth.NO
    assert permissions((1, "CAMERA"), (4, "CAMERA"), (8, "READ_CONTACTS")) is Truth.YES


def test_a_count_that_unsure_facts_could_complete_is_unknown():
    count = {"count": {"of": READ, "at_least": 2}}
    assert ask(count, observations=[SEEN, {**UNSURE, "at": 3}]).truth is Truth.UNKNOWN


def test_a_pair_respects_order_time_and_what_must_be_the_same():
    pair = {
        "pair": {"first": {"mark": {"kind": ["tapped"]}}, "then": {"mark": {"kind": ["app_exited"]}}, "ordered": True,
                 "within": 5}
    }  # fmt: skip
    story = [{"at": 10, "kind": "tapped"}, {"at": 12, "kind": "app_exited"}]
    assert ask(pair, marks=story).truth is Truth.YES
    assert ask(pair, marks=[{**story[0], "at": 13}, story[1]]).truth is Truth.NO
    assert ask(pair, marks=[story[0], {**story[1], "at": 30}]).truth is Truth.NO


@pytest.mark.parametrize(
    ("at", "story", "truth"),
    [
        (3, {}, Truth.NO), (1, {}, Truth.YES), (9, {}, Truth.YES),
        (3, {"phase": "unknown"}, Truth.UNKNOWN),
    ],
)  # fmt: skip
def test_what_ends_the_first_of_a_pair_counts_only_between_the_two(at, story, truth):
    pair = {
        "pair": {
            "first": {"mark": {"kind": ["tapped"]}},
            "then": {"mark": {"kind": ["app_exited"]}},
            "until": {"mark": {"kind": ["relaunched"], "phase": ["initial"]}},
            "ordered": True,
        }
    }
    marks = [{"at": 2, "kind": "tapped"}, {"at": 5, "kind": "app_exited"}, {"at": at, "kind": "relaunched", **story}]
    assert ask(pair, marks=marks).truth is truth


def test_a_pair_is_unknown_where_what_ends_it_may_have_gone_unseen():
    pair = {
        "pair": {"first": {"mark": {"kind": ["tapped"]}}, "then": {"mark": {"kind": ["app_exited"]}}, "until": READ}
    }
    story = [{"at": 2, "kind": "tapped"}, {"at": 5, "kind": "app_exited"}]
    assert ask(pair, marks=story).truth is Truth.YES
    assert ask(pair, {Sense.HOOKS: ("the agent was lost",)}, marks=story).truth is Truth.UNKNOWN


def test_lacking_is_told_only_where_a_screen_was_read_in_that_time():
    lacks = {
        "lacks": {"of": {"mark": {"kind": ["permission_asked"]}}, "before": {"screen": {"states_purpose": True}},
                  "within": "purpose_window"}
    }  # fmt: skip
    mark = [{"at": 10, "kind": "permission_asked"}]
    told = {"at": 1, "kind": "rationale", "states_purpose": True}
    other = {"at": 3, "kind": "ordinary"}
    assert ask(lacks, marks=mark, screens=[other]).truth is Truth.UNKNOWN
    assert ask(lacks, marks=mark, screens=[{**other, "at": 8}]).truth is Truth.YES
    assert ask(lacks, marks=mark, screens=[told, {**other, "at": 9}]).truth is Truth.NO
    assert ask(lacks, marks=mark, screens=[told, other, {**other, "at": 9}]).truth is Truth.YES


def test_an_explanation_names_at_most_fifty_pieces_of_evidence():
    answer = ask(READ, observations=[SEEN] * 60)
    assert len(answer.explanation.evidence) == 50
    assert answer.explanation.reasons == ("and 10 more",)
    assert len(answer.sure) == 60


@pytest.mark.parametrize(
    ("story", "truth"),
    [
        ({"policy": True, "policy_topics": ["withdrawal", "complaint"]}, Truth.YES),
        ({"policy": True, "policy_topics": ["complaint"]}, Truth.NO),
        ({"policy": True, "policy_topics": ["complaint"], "policy_whole": False}, Truth.UNKNOWN),
        ({"policy": True, "policy_topics": []}, Truth.UNKNOWN),
        ({}, Truth.UNKNOWN),
    ],
)
def test_a_policy_is_silent_only_where_it_was_read_in_whole_and_in_a_language_that_is_known(story, truth):
    answer = ask({"policy_says": ["withdrawal"]}, **story)
    assert answer.truth is truth
    assert bool(answer.explanation.reasons) == (truth is not Truth.NO and bool(story)), "of what is unknown it says why"
