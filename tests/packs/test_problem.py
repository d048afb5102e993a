import pytest
from pydantic import BaseModel, ValidationError

from analyzer.packs.problem import PackProblem, from_validation


class Pack(BaseModel):
    rules: list[int]


def test_a_problem_names_file_and_key():
    with pytest.raises(ValidationError) as caught:
        Pack.model_validate({"rules": [1, "x"]})
    problem = from_validation("my.yaml", caught.value)
    assert isinstance(problem, PackProblem)
    assert str(problem).startswith("my.yaml is not a valid pack: rules.1: ")
