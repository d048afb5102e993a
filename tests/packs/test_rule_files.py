import shutil

import pytest

from analyzer.model.vocabulary import Decidable, Outcome
from analyzer.packs.loader import ALL, DATA, load_packs
from analyzer.packs.problem import PackProblem
from analyzer.packs.rule_files import Library, leaned_on, read_rule_pack

RULES = DATA / "rules"


def rule_of(pack, rule_id):
    (found,) = [rule for rule in read_rule_pack(RULES / pack).rules if rule.id == rule_id]
    return found


def test_a_wrong_key_is_refused_with_file_and_key(tmp_path):
    folder = shutil.copytree(DATA / "rules" / "eu-eprivacy", tmp_path / "mine")
    file = folder / "terminal-equipment.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("violated_when", "violated_if"), encoding="utf-8")
    with pytest.raises(PackProblem, match=r"terminal-equipment\.yaml.*violated_if"):
        read_rule_pack(folder)


def test_a_rule_that_is_there_twice_is_refused(tmp_path):
    folder = shutil.copytree(DATA / "rules" / "eu-eprivacy", tmp_path / "mine")
    shutil.copy(folder / "terminal-equipment.yaml", folder / "again.yaml")
    with pytest.raises(PackProblem, match="twice"):
        read_rule_pack(folder)


def test_a_folder_without_a_head_says_what_is_missing(tmp_path):
    with pytest.raises(PackProblem, match=r"pack\.yaml"):
        read_rule_pack(tmp_path)


def test_a_rule_that_is_the_same_as_another_takes_its_conditions_needs_and_stories():
    model, same = rule_of("cn-191-2019", "cn.191.3.1"), rule_of("cn-csl", "cn.csl.22.3")
    assert same.same_as == "cn-191-2019/cn.191.3.1"
    assert same.violated_when == model.violated_when is not None
    assert (same.suspected_when, same.needs) == (model.suspected_when, model.needs)
    assert same.examples == model.examples
    assert same.clause != model.clause


def test_a_story_of_another_rule_ends_no_worse_than_the_ceiling_allows():
    capped = rule_of("eu-gdpr", "eu.gdpr.6.1")
    assert capped.ceiling is Outcome.SUSPECTED
    assert {story.expect for story in capped.examples.fire} == {Outcome.SUSPECTED}


def test_a_story_of_another_rule_has_a_policy_where_the_rule_is_judged_by_it():
    assert rule_of("cn-191-2019", "cn.191.5.1").decidable is not Decidable.WITH_POLICY
    assert all(story.policy for story in rule_of("cn-pipl-2021", "cn.pipl.23").examples)


def test_the_packs_whose_conditions_are_used_are_named():
    assert leaned_on(read_rule_pack(RULES / "uk-pecr")) == ["eu-eprivacy"]
    assert leaned_on(read_rule_pack(RULES / "cn-191-2019")) == []


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no-such-pack/cn.191.3.1", "there is no rule pack no-such-pack"),
        ("cn-191-2019/cn.191.9.9", "no rule with a condition of its own"),
        ("cn-191-2019/cn.191.2.4", "no rule with a condition of its own"),
        ("cn-csl/cn.csl.22.3", "no rule with a condition of its own"),
    ],
)
def test_a_name_that_leads_nowhere_or_on_to_another_is_refused(tmp_path, name, why):
    folder = shutil.copytree(RULES / "uk-pecr", tmp_path / "mine")
    file = folder / "rules.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("eu-eprivacy/eu.eprivacy.5.3", name), encoding="utf-8")
    with pytest.raises(PackProblem, match=rf"rules\.yaml: same_as names {name}.*{why}"):
        read_rule_pack(folder, Library(RULES))


def test_a_condition_of_its_own_beside_another_rules_is_refused(tmp_path):
    folder = shutil.copytree(RULES / "uk-pecr", tmp_path / "mine")
    file = folder / "rules.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  same_as:", "  needs: {traffic: true}\n  same_as:"), encoding="utf-8")
    with pytest.raises(PackProblem, match=r"uk\.pecr\.6 is the same as .* cannot have its own needs"):
        read_rule_pack(folder, Library(RULES))


def test_a_pack_of_ones_own_may_name_its_own_rules(tmp_path):
    folder = shutil.copytree(RULES / "cn-191-2019", tmp_path / "elsewhere")
    (same,) = [rule for rule in read_rule_pack(folder, Library(RULES)).rules if rule.id == "cn.191.3.3"]
    assert same.same_as == "cn-191-2019/cn.191.2.1"


def test_every_instrument_has_a_chinese_name():
    assert [pack.id for pack in load_packs((ALL,)).rule_packs if not pack.instrument.get("zh")] == []
