from __future__ import annotations

from enum import StrEnum
from typing import Literal

import pytest

from analyzer.model.vocabulary import Outcome, Phase, Tier
from analyzer.report.labels import entitled, joined, label, title


@pytest.mark.parametrize(("table", "words"), [("outcome", Outcome), ("tier", Tier), ("phase", Phase)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_word_of_the_vocabulary_has_its_own_label(
    table: Literal["outcome", "tier", "phase"], words: type[StrEnum], language: Literal["en", "zh"]
) -> None:
    labels = [label(table, word, language) for word in words]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_no_label_speaks_of_compliance() -> None:
    words = [label("outcome", word, language) for word in Outcome for language in ("en", "zh")]
    assert not [word for word in words if "compl" in word or "合规" in word or "合法" in word]


def test_a_title_falls_back_to_the_language_that_there_is() -> None:
    assert title({"zh": "标题"}, "en") == "标题"
    assert title({}, "en") == ""


def test_rows_and_titles_have_the_marks_of_their_language():
    assert (joined(["1 new", "2 fixed"]), joined(["1 新", "2 改"], "zh")) == ("1 new, 2 fixed", "1 新，2 改")
    assert (entitled("Rules", "3"), entitled("规则", "3", "zh")) == ("Rules: 3", "规则：3")
