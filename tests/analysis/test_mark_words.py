from __future__ import annotations

import pytest

from analyzer.analysis.mark_words import MARK_WORDS
from analyzer.model.vocabulary import MarkKind


@pytest.mark.parametrize("kind", MarkKind)
def test_every_kind_of_mark_has_words_for_one_and_for_several(kind):
    one, many = MARK_WORDS[kind]
    assert one != many
    assert not {one, many} & {kind.value, kind.value.replace("_", " ")}
    assert " or " not in many, "needs are told as a list"
