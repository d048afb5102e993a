from dataclasses import replace

import pytest

from analyzer.packs.lint import check, conditions
from analyzer.packs.loader import load_packs
from analyzer.packs.rules import Rule


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalog")
    (folder / "small.yaml").write_text(
        "family: small\nhooks: [{id: small.imei, kind: read, target: {class: a.B, method: c}, returns: id.imei,"
        " reasoning: r, source: s}]\n"
    )
    return load_packs(hooks=folder)


def changed(packs, **parts):
    rule = packs.rule_packs[1].rules[0]
    told = Rule.model_validate(rule.model_dump(by_alias=True, exclude_unset=True) | parts)
    pack = packs.rule_packs[1].model_copy(update={"rules": (told,)})
    return replace(packs, rule_packs=(pack,))


def test_the_shipped_packs_have_nothing_to_complain_about(packs):
    assert check(packs) == []


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"violated_when": None, "suspected_when": None}, "neither violated_when nor suspected_when"),
        ({"violated_when": {"observation": {"data_type": ["ids.*"]}}}, "ids.* matches no data type"),
        ({"violated_when": {"count": {"of": {"screen": {}}, "at_least": "many"}}}, "threshold many is not in"),
        ({"needs": {"hooks": ["xx.*"]}}, "xx.* matches no data type"),
        ({"violated_when": {"call": {"hook": ["telefony.imei"]}}}, "telefony.imei matches nothing that there is"),
        ({"violated_when": {"observation": {"sdk": ["nobody.*"]}}}, "nobody.* matches nothing that there is"),
        (
            {"violated_when": {"count": {"of": {"observation": {}}, "at_least": 2, "same": ["dta_type"]}}},
            "dta_type is no attribute",
        ),
        ({"ceiling": "not_observed"}, "not_observed is no ceiling"),
        ({"title": {}}, "needs a text"),
        ({"examples": {"blind": [{"name": "n", "expect": "inconclusive"}]}}, "stories that fire"),
    ],
)
def test_what_is_wrong_is_said_with_the_rule_and_the_key(packs, parts, words):
    problems = check(changed(packs, **parts))
    assert any(problem.startswith("eu.eprivacy.5.3: ") and words in problem for problem in problems)


def test_a_hook_of_an_unknown_data_type_is_named(packs):
    hook = replace(packs.catalog.hooks["small.imei"], data_type="id.nothing")
    broken = replace(packs, catalog=replace(packs.catalog, hooks={hook.id: hook}))
    assert check(broken) == ["catalog small.imei: data type id.nothing is not in the taxonomy"]


def test_conditions_are_walked_to_the_last_leaf(packs):
    leaves = [
        node.key
        for pack in packs.rule_packs
        for rule in pack.rules
        if rule.id == "cn.191.4.2" and rule.violated_when is not None
        for node in conditions(rule.violated_when)
    ]
    assert leaves == ["all", "any", "pair", "mark", "mark", "pair", "mark", "mark", "observation"]
