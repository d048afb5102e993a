"""Public things say what they are, and the README tells the truth about the command line."""

from __future__ import annotations

import ast
import re

import pytest
from house import PACKAGE, ROOT, modules, tree

from analyzer.model.vocabulary import Outcome
from analyzer.packs.loader import load_packs
from analyzer.report.labels import label

IDS = [str(path.relative_to(PACKAGE)) for path in modules()]


@pytest.mark.parametrize("path", modules(), ids=IDS)
def test_every_module_and_public_class_says_what_it_is_in_one_sentence(path):
    module = tree(path)
    if path.name == "__init__.py" and not module.body:
        return
    assert ast.get_docstring(module), f"{path} has no docstring"
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            first = (ast.get_docstring(node) or "").strip().splitlines()[:1]
            assert first, f"{path}:{node.lineno}: {node.name} has no docstring"
            assert first[0].rstrip().endswith((".", "?")), f"{path}:{node.lineno}: {node.name}: {first[0]}"


def test_the_top_level_holds_what_the_design_names_and_nothing_else():
    allowed = {
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "docker-compose.yml",
        "analyzer",
        "hooks",
        "scripts",
        "tests",
        "analyzer-workspace",
    }
    assert {path.name for path in ROOT.iterdir() if not path.name.startswith(".")} <= allowed


def test_the_sample_of_a_verdict_names_rules_as_the_packs_do_and_counts_each_of_them_once():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sample = next(block for block in re.findall(r"```\n(.*?)```", readme, re.DOTALL) if "Verdict per clause" in block)
    packs = {pack.id: pack for pack in load_packs().rule_packs}
    counts = dict(re.findall(r"^([a-z0-9-]+): ((?:violated|suspected) .*)$", sample, re.MULTILINE))
    assert counts.keys() == packs.keys()
    for name, told in counts.items():
        assert sum(map(int, re.findall(r" (\d+)", told))) == len(packs[name].rules)
    rules = {rule.id: f"{rule.clause} {rule.title['en']}" for pack in packs.values() for rule in pack.rules}
    outcomes = "|".join(label("outcome", one) for one in Outcome)
    told = re.findall(rf"^(?:{outcomes})  (\S+)  (.*)$", sample, re.MULTILINE)
    assert len(told) >= 5
    assert all(rules[rule] == clause for rule, clause in told)
