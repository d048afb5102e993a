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
