"""Dialogs and ordinary screens composed from texts that were written without looking at the phrases."""

from __future__ import annotations

from collections import Counter

import pytest
from consent_corpus import dialogs, ordinary, texts

from analyzer.analysis.consent import ASKING, recognise
from analyzer.model.vocabulary import Control
from analyzer.packs.consent_phrases import Phrases, read_phrases
from analyzer.packs.loader import DATA

WORDS = texts()
AT_LEAST = 0.95
SCREENS = 280
"""Ordinary screens per language and seed: 3,080 of each seed."""
SEEDS = (1, 3)
"""The second was composed for the final count, after the last change of recognition."""


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return read_phrases(sorted((DATA / "consent_phrases").glob("*.yaml")))


@pytest.mark.parametrize("held_out", [False, True], ids=["seen", "held out"])
@pytest.mark.parametrize("language", sorted(WORDS))
def test_the_dialogs_of_a_language_are_found_and_their_answers_told_apart(language, held_out, phrases):
    missed: Counter[str] = Counter()
    asked = list(dialogs(WORDS[language], held_out=held_out))
    for hierarchy, said, accept, refuse in asked:
        reading = recognise(hierarchy, phrases)
        found = {control.label: control.control for control in reading.controls}
        told = found.get(accept) is Control.ACCEPT and found.get(refuse) in {Control.REFUSE, Control.QUIT}
        if reading.kind not in ASKING or not told:
            missed[f"{reading.kind.value}: {said[0][:40]} {accept} / {refuse}"] += 1
    assert len(asked) == (108 if held_out else 36)
    assert sum(missed.values()) <= (1 - AT_LEAST) * len(asked), missed


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("language", sorted(WORDS))
def test_no_ordinary_screen_is_mistaken_for_a_dialog(language, seed, phrases):
    mistaken = Counter(
        f"{kind}: {reading.kind.value}, {reading.reasoning}"
        for kind, hierarchy in ordinary(WORDS[language], seed, SCREENS)
        for reading in (recognise(hierarchy, phrases),)
        if reading.kind in ASKING
    )
    assert mistaken == Counter()
