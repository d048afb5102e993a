from __future__ import annotations

import pytest

from analyzer.cli.options import Consent
from analyzer.model.vocabulary import Strategy


@pytest.mark.parametrize("word", [Consent.ACCEPT, Consent.REFUSE, Consent.IGNORE, Consent.MANUAL])
def test_a_way_makes_one_recording(word):
    assert word.strategies() == (Strategy(word.value),)


def test_all_makes_one_recording_per_way_that_needs_no_person():
    assert Consent.ALL.strategies() == (Strategy.ACCEPT, Strategy.REFUSE, Strategy.IGNORE)


def test_every_strategy_can_be_asked_for():
    assert {strategy for each in Consent for strategy in each.strategies()} == set(Strategy) - {Strategy.IMPORT}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("export", "latest", "--format", "htm"),
            "'case', 'bundle'; did you mean 'html'?",
        ),
        (("run", "--package", "a.b", "--consent", "xyz"), "'manual', 'all'."),
        (("run", "--package", "a.b", "--dwell", "soon"), "'--dwell': it must be a number."),
    ],
)
def test_a_word_that_does_not_fit_is_told_without_the_library_s_terms(analyzer, words, said):
    told = analyzer(*words)
    assert told.code == 2
    assert "Value error" not in told.err
    assert said in " ".join(told.err.split())
