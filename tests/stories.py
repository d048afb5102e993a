"""Facts for the tests of conditions and verdicts, written as the examples of rules are."""

from __future__ import annotations

from analyzer.analysis.examples import stage
from analyzer.analysis.facts import Facts
from analyzer.analysis.judge import Case
from analyzer.packs.app_types import read_app_types
from analyzer.packs.loader import DATA
from analyzer.packs.profiles import Profile, read_profile
from analyzer.packs.rules import Example, Rule


def standard() -> Profile:
    return read_profile(DATA / "profiles" / "standard.yaml")


def rule(**parts: object) -> Rule:
    known = {
        "id": "test.rule", "clause": "1", "title": {"en": "Test"}, "text": {"zh": "x"}, "text_fidelity": "memory",
        "decidable": "full", "source": ["test"], "confidence": 0.9, "reasoning": "made for a test",
        "examples": {"blind": [{"name": "none", "expect": "inconclusive"}]},
    }  # fmt: skip
    return Rule.model_validate(known | parts)


def case(told: Rule, **story: object) -> Case:
    example = Example.model_validate({"name": "story", "expect": "violated"} | story)
    return stage(told, example, standard(), read_app_types(DATA / "app_types.yaml"))


def facts(**story: object) -> Facts:
    return case(rule(), **story).view.facts
