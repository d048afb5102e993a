import pytest
from shipped import rule_packs

from analyzer.analysis.examples import run_examples
from analyzer.model.vocabulary import Outcome
from analyzer.packs.app_types import read_app_types
from analyzer.packs.loader import DATA
from analyzer.packs.profiles import read_profile
from analyzer.packs.rules import has_condition

APP_TYPES = read_app_types(DATA / "app_types.yaml")
PROFILE = read_profile(DATA / "profiles" / "standard.yaml")
PACKS = rule_packs()


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_every_shipped_rule_does_what_its_own_examples_say(pack):
    assert run_examples([pack], PROFILE, APP_TYPES) == []


TESTED = [rule for pack in PACKS for rule in pack.rules if has_condition(rule)]


@pytest.mark.parametrize("rule", TESTED, ids=lambda rule: rule.id)
def test_no_rule_with_a_condition_is_dead(rule):
    """Each of its conditions is met by a story, stays unmet in another, and cannot be answered in a third."""
    met = {story.expect for story in rule.examples.fire}
    assert rule.ceiling in met or rule.violated_when is None
    assert Outcome.SUSPECTED in met or rule.suspected_when is None
    assert Outcome.NOT_OBSERVED in {story.expect for story in rule.examples.silent}
    assert Outcome.INCONCLUSIVE in {story.expect for story in rule.examples.blind}


def test_an_example_that_comes_out_otherwise_is_named():
    rule = PACKS[0].rules[0]
    story = next(iter(rule.examples)).model_copy(update={"name": "wrong on purpose", "expect": Outcome.NOT_DECIDABLE})
    examples = rule.examples.model_copy(update={"fire": (story,)})
    pack = PACKS[0].model_copy(update={"rules": (rule.model_copy(update={"examples": examples}),)})
    (sentence,) = run_examples([pack], PROFILE, APP_TYPES)
    assert "wrong on purpose" in sentence
