import pytest
from shipped import rule_packs

from analyzer.model.vocabulary import Decidable

PACKS = rule_packs()
RULES = [rule for pack in PACKS for rule in pack.rules]


ITEMS = {1: 4, 2: 4, 3: 9, 4: 6, 5: 3, 6: 5}
"""The items of each of the six parts of the measures of 2019."""


def test_all_items_of_the_measures_of_2019_are_there():
    clauses = {rule.clause for rule in RULES if rule.id.startswith("cn.191.")}
    assert clauses == {
        f"{'一二三四五六'[part - 1]}.{item}" for part, items in ITEMS.items() for item in range(1, items + 1)
    }


def test_a_rule_without_a_condition_says_why_in_both_languages():
    for rule in RULES:
        tested = rule.violated_when is not None or rule.suspected_when is not None
        closed = rule.decidable in {Decidable.NONE, Decidable.DEFERRED}
        assert tested or closed or (rule.untested.get("en") and rule.untested.get("zh")), rule.id
        assert not (tested and (closed or rule.untested)), rule.id


def test_both_limbs_of_one_item_are_cited_as_that_item():
    assert {rule.clause for rule in RULES if rule.id.startswith("cn.191.3.2")} == {"三.2"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_carries_its_text_its_grade_and_its_source(rule):
    assert rule.text.get("zh") or rule.text.get("original")
    assert rule.text_fidelity
    assert rule.source
    assert 0 < rule.confidence <= 1
