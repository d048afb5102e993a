"""Profiles: the thresholds that a rule names, chosen by the analyst, because the law gives no figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import Field, ValidationError

from analyzer.packs.conditions import Strict
from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.yaml_text import load_safe, read_text


class Threshold(Strict):
    """One figure, why it was chosen, and by what source."""

    value: float = Field(ge=0, allow_inf_nan=False)
    reasoning: str = Field(min_length=10)
    source: tuple[str, ...] = Field(min_length=1)


class Profile(Strict):
    """A named set of thresholds; reports print which one was used."""

    id: str
    title: Mapping[str, str]
    thresholds: Mapping[str, Threshold]

    def value(self, name: str) -> float:
        """Give a threshold by name; raises `PackProblem` where the profile does not have it."""
        threshold = self.thresholds.get(name)
        if threshold is None:
            raise PackProblem(f"the profile {self.id} has no threshold named {name}")
        return threshold.value


def read_profile(file: Path) -> Profile:
    """Read one profile; raises `PackProblem` naming file and key."""
    try:
        return Profile.model_validate(load_safe(read_text(file)))
    except ValidationError as error:
        raise from_validation(str(file), error) from error
    except yaml.YAMLError as error:
        raise PackProblem(f"{file} is no YAML: {error}") from error
