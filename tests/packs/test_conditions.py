import pytest
from pydantic import ValidationError

from analyzer.packs.conditions import Condition


def test_a_condition_has_exactly_one_key():
    assert Condition.model_validate({"not": {"mark": {"kind": ["tapped"]}}}).key == "negation"
    for wrong in ({}, {"mark": {"kind": ["tapped"]}, "screen": {}}):
        with pytest.raises(ValidationError, match="exactly one key"):
            Condition.model_validate(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"observation": {"data_typ": ["id.*"]}},
        {"observation": {"phase": ["before"]}},
        {"mark": {"kind": []}},
        {"count": {"of": {"screen": {}}}},
        {"count": {"of": {"screen": {}}, "at_least": float("nan")}},
        {"count": {"of": {"screen": {}}, "at_least": 0}},
        {"count": {"of": {"screen": {}}, "at_least": 2, "within": -1}},
    ],
)
def test_a_word_that_nobody_reads_is_refused(wrong):
    with pytest.raises(ValidationError):
        Condition.model_validate(wrong)
