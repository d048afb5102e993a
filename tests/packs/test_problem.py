from typing import Literal

import pytest
from pydantic import BaseModel, Field, ValidationError, field_validator

from analyzer.packs.problem import PackProblem, from_validation, in_words


class Pack(BaseModel):
    rules: list[int]

    @field_validator("rules")
    @classmethod
    def some(cls, rules: list[int]) -> list[int]:
        if not rules:
            raise ValueError("Name a rule at least")
        return rules


def test_a_problem_names_file_and_key():
    with pytest.raises(ValidationError) as caught:
        Pack.model_validate({"rules": [1, "x"]})
    problem = from_validation("my.yaml", caught.value)
    assert isinstance(problem, PackProblem)
    assert str(problem).startswith("my.yaml is not a valid pack: rules.1: ")


def test_a_check_of_our_own_speaks_without_the_name_of_its_error():
    with pytest.raises(ValidationError) as caught:
        Pack.model_validate({"rules": []})
    assert str(from_validation("my.yaml", caught.value)) == "my.yaml is not a valid pack: rules: name a rule at least"


class Strict(BaseModel, extra="forbid"):
    kind: Literal["accepted", "refused"] = "accepted"
    names: list[str] = Field(default_factory=list, max_length=2)
    count: int = Field(default=0, ge=0)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"kind": "refussed"}, "'refussed' is none of accepted, refused; did you mean refused?"),
        ({"kind": "x" * 200}, f"'{'x' * 59}… is none of accepted, refused"),
        ({"nmaes": []}, "is no key that is known here; did you mean names?"),
        ({"names": ["a", "b", "c"]}, "is longer than 2"),
        ({"names": "a"}, "must be a list"),
        ({"count": -1}, "input should be greater than or equal to 0"),
    ],
)
def test_a_mistake_is_told_in_words_for_the_author(document, words):
    with pytest.raises(ValidationError) as caught:
        Strict.model_validate(document)
    assert in_words(caught.value.errors()[0], Strict.model_fields) == words
