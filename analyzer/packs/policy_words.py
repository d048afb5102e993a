"""Policy words: how privacy policies name data types, and how they say that data is collected, shared, or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.packs.consent_phrases import Words
from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """The words in normal form; `named` and `covered` give the data types of a word, `covered` by umbrella terms.

    `companies` are what policies call a company. `promises` are sentences about the time before a choice; a
    `conditional` word makes a denial say less than it seems.
    """

    named: dict[str, frozenset[str]]
    covered: dict[str, frozenset[str]]
    companies: dict[str, tuple[str, ...]]
    denying: tuple[str, ...]
    conditional: tuple[str, ...]
    promises: tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Umbrella(_Strict):
    words: Words = Field(min_length=1)
    covers: tuple[str, ...] = Field(min_length=1)


class _File(_Strict):
    version: int
    source: str
    reasoning: str = Field(min_length=10)
    types: dict[str, Words]
    umbrellas: tuple[_Umbrella, ...]
    companies: dict[str, Words]
    denying: Words
    conditional: Words
    promises: Words


def read_policy_words(file: Path, data_types: Collection[str]) -> PolicyWords:
    """Read the file of policy words; raises `PackProblem` for what is no data type."""
    try:
        pack = _File.model_validate(read_yaml(file.name, file.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise from_validation(file.name, error) from error
    named: dict[str, set[str]] = {}
    covered: dict[str, set[str]] = {}
    for data_type, words in pack.types.items():
        for word in words:
            named.setdefault(word, set()).update(_known(file.name, data_type, data_types))
    for umbrella in pack.umbrellas:
        for glob in umbrella.covers:
            for word in umbrella.words:
                covered.setdefault(word, set()).update(_known(file.name, glob, data_types))
    return PolicyWords(
        {word: frozenset(types) for word, types in named.items()},
        {word: frozenset(types) for word, types in covered.items()},
        pack.companies,
        *(pack.denying, pack.conditional, pack.promises),
    )


def _known(file: str, glob: str, data_types: Collection[str]) -> set[str]:
    found = {one for one in data_types if fnmatchcase(one, glob)}
    if not found:
        raise PackProblem(f"{file}: {glob} is no data type of the taxonomy")
    return found
