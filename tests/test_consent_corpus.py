"""Dialogs and ordinary screens composed from texts that were written without looking at the phrases."""

from __future__ import annotations

from collections import Counter

import pytest
from consent_corpus import dialogs, ordinary, texts
from held_out_screens import held_out, render

from analyzer.analysis.consent import ASKING, recognise
from analyzer.model.vocabulary import Control, ScreenKind
from analyzer.packs.consent_phrases import Phrases, read_phrases
from analyzer.packs.loader import DATA

WORDS = texts()
SCREENS_OF_APPS = held_out()
AT_LEAST = 0.95
SCREENS = 280
"""Ordinary screens per language and seed: 3,080 of each seed."""
SEEDS = (3, 7)
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


@pytest.mark.parametrize("language", sorted(SCREENS_OF_APPS))
def test_whole_screens_of_realistic_apps_ask_or_do_not_whatever_they_are_drawn_with(language, phrases):
    wrong: list[str] = []
    for form, said, accept, refuse, more in SCREENS_OF_APPS[language]["asks"]:
        reading = recognise(render(form, said, [*more, refuse, accept]), phrases)
        found = {control.label: control.control for control in reading.controls}
        told = reading.kind is ScreenKind.LOGIN_WALL or found.get(accept) is Control.ACCEPT
        if reading.kind not in ASKING or not told or (refuse and found.get(refuse) not in _LEAVING):
            wrong.append(f"{form}: {said[0]} is {reading.kind}: {reading.reasoning}")
    for form, said, labels in SCREENS_OF_APPS[language]["others"]:
        reading = recognise(render(form, said, labels), phrases)
        if reading.kind in ASKING:
            wrong.append(f"{form}: {said[0]} is {reading.kind}: {reading.reasoning}")
    assert not wrong


_LEAVING = {Control.REFUSE, Control.QUIT}
