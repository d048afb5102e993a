from __future__ import annotations

import re

import pytest

from analyzer.model.vocabulary import (
    AppState,
    HookStatus,
    LinkMethod,
    Method,
    Outcome,
    Owner,
    Party,
    Phase,
    Tier,
    Where,
)
from analyzer.report.html import page_script
from analyzer.report.page_words import page_words, spoken

TABLES = {
    "outcome": Outcome, "tier": Tier, "phase": Phase, "app_state": AppState, "party": Party, "owner": Owner,
    "link": LinkMethod, "method": Method, "where": Where, "hook": HookStatus,
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_word_of_a_closed_vocabulary_is_spoken_in_both_languages(table):
    assert {one.value for one in TABLES[table]} <= set(page_words()[table])


def test_every_label_that_the_script_asks_for_is_there():
    words = page_words()
    asked = set(re.findall(r'\bsay\("(\w+)"[,)]', page_script())) | set(re.findall(r'\bhead: "(\w+)"', page_script()))
    assert len(asked) > 40
    assert asked <= set(words["heading"])
    for table in set(re.findall(r'\bword\("(\w+)"', page_script())):
        assert table in words


def test_english_has_no_chinese_and_chinese_some():
    for entries in page_words().values():
        for english, chinese in entries.values():
            assert english.isascii() or set(english) - {"−", "’"} <= set(map(chr, range(128)))
            assert english
            assert chinese
    assert spoken(page_words(), "heading", "gap", "zh") == "缺口"
