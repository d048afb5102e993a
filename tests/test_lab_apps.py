"""The three shipped lab apps, end to end: real hooks, real traffic, and what the apps themselves say they did."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from recorded import Recorded
from seeds.chain import Run, complaint, run_app

from analyzer.analysis import indicator_forms, indicators
from analyzer.analysis.indicators_crypto import Made
from analyzer.workflows.analyze import Lens, analyze, judge
from analyzer.workflows.home import Home

Forms: TypeAlias = Callable[..., Iterator[indicator_forms.Form]]
Warm: TypeAlias = Callable[[Path], Path]

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, recorded_example: Recorded) -> Run:
    copied = recorded_example.copy(tmp_path_factory.mktemp("example") / "workspace")
    home = Home(copied.workspace)
    return Run(home, copied.session.name, analyze(home, copied.session.name, Lens()))


@pytest.fixture(scope="module")
def compliant(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Run:
    return run_app(warm(tmp_path_factory.mktemp("compliant")), "com.example.compliant", ["accept", "refuse", "ignore"])


@pytest.fixture(scope="module")
def stubborn(tmp_path_factory: pytest.TempPathFactory, warm: Warm) -> Run:
    return run_app(warm(tmp_path_factory.mktemp("stubborn")), "com.example.stubborn", ["refuse"])


def _figures(run: Run) -> list[tuple[str, float, float]]:
    scores = run.scores()
    print("\n".join(map(str, scores)))
    assert complaint(scores) == ""
    return [(score.name, score.recall, score.precision) for score in scores]


def test_everything_that_com_example_did_was_seen_and_nothing_else(example: Run) -> None:
    figures = _figures(example)
    assert {(recall, precision) for _, recall, precision in figures} == {(1.0, 1.0)}
    assert sum(score.hits for score in example.scores()) > 100


def test_com_example_collects_and_sends_before_the_choice(example: Run) -> None:
    violated = {rule for rule, outcome in example.outcomes.items() if outcome == "violated"}
    assert {"cn.191.3.1", "cn.191.5.1", "eu.eprivacy.5.3"} <= violated


@pytest.mark.slow
def test_what_the_compliant_app_did_was_seen_and_nothing_else(compliant: Run) -> None:
    _figures(compliant)


@pytest.mark.slow
def test_nothing_is_held_against_the_compliant_app(compliant: Run) -> None:
    assert [rule for rule, outcome in compliant.outcomes.items() if outcome in {"violated", "suspected"}] == []
    seen = [one for one in compliant.document["observations"] if one["phase"] == "initial"]
    assert [(one["data_type"], one["path"]) for one in seen if one["tier"] != "declared"] == []


def test_what_the_stubborn_app_did_was_seen_and_nothing_else(stubborn: Run) -> None:
    _figures(stubborn)


def test_the_stubborn_app_collects_and_asks_again_after_the_refusal(stubborn: Run) -> None:
    assert stubborn.outcomes["cn.191.3.2a"] == "violated"
    assert stubborn.outcomes["cn.191.3.2b"] == "violated"


@pytest.fixture
def without_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_plain(function: Forms) -> Forms:
        return lambda *words: (form for form in function(*words) if not form.chain)

    for name in ("scalar_forms", "item_forms"):
        monkeypatch.setattr(indicators, name, only_plain(getattr(indicator_forms, name)))
    monkeypatch.setattr("analyzer.analysis.indicators_gather.derive_crypto", lambda *_: Made())


@pytest.mark.usefixtures("without_digests")
def test_a_detector_that_knows_no_digests_is_found_out(example: Run) -> None:
    broken, _, _ = judge(example.result.path, Lens())
    scores = {score.name: score for score in example.scores(json.loads(broken.data))}
    assert scores["sends"].recall < 1.0
    assert scores["links"].recall < 1.0
    assert all("md5" in claim[-1] or "sha" in claim[-1] or "aes" in claim[-1] for claim in scores["sends"].missed)


@pytest.mark.parametrize(("part", "score"), [("observations", "reads"), ("links", "links")])
def test_a_claim_that_is_taken_away_is_found_out(example: Run, part: str, score: str) -> None:
    less = example.document
    less[part] = []
    assert {one.name: one.recall for one in example.scores(less)}[score] == 0.0


def test_a_claim_that_is_made_up_is_found_out(example: Run) -> None:
    more = example.document
    sent = next(one for one in more["observations"] if one["channel"] == "network")
    more["observations"].append({**sent, "id": "made-up", "data_type": "person.name"})
    assert "invented 1 × ('person.name'" in complaint(example.scores(more))
