"""Consent phrases: the words by which a privacy dialog and its controls are recognised, per language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.wording import normal, normal_label
from analyzer.packs.yaml_text import load_safe, read_text


def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    folded = tuple(dict.fromkeys(normal(word) for word in words))
    if not all(folded):
        raise ValueError("a phrase is empty")
    return folded


def _folded_labels(words: Iterable[str]) -> frozenset[str]:
    labels = tuple(words)
    if not all(isinstance(label, str) for label in labels):
        raise ValueError("a label is no text: put yes, no, on and off in quotes")
    return frozenset(normal_label(label) for label in labels)


Words: TypeAlias = Annotated[tuple[str, ...], AfterValidator(_folded)]
"""Phrases, folded when they are read."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ControlWords(_Strict):
    """How a control of one meaning is labelled.

    `exact` are whole labels; `words` may stand anywhere in a label that has at most `longest` characters and none of
    the words in `unless`. Labels are compared after folding case, width, spaces and punctuation.
    """

    exact: Annotated[frozenset[str], BeforeValidator(_folded_labels)] = frozenset()
    words: Words = ()
    unless: Words = ()
    longest: int = Field(default=16, ge=1, le=80)


class Phrases(_Strict):
    """The phrase set of one language, or several merged; `paths` are labels of what leads towards the policy.

    `permission_allow` and `permission_deny` are the whole ids of buttons (`package:id/name`) by which windows of
    systems that ask for a permission are known, where the same package shows other windows too.
    """

    languages: tuple[str, ...]
    source: tuple[str, ...] = Field(min_length=1)
    reasoning: str = Field(min_length=10)
    accept: tuple[ControlWords, ...]
    acknowledge: tuple[ControlWords, ...]
    refuse: tuple[ControlWords, ...]
    quit: tuple[ControlWords, ...]
    settings: tuple[ControlWords, ...]
    close: tuple[ControlWords, ...]
    login: tuple[ControlWords, ...]
    policy: Words
    terms: Words
    asking: Words
    implied: Words
    retention: Words
    partners: Words
    purpose: Words
    subjects: Words
    paths: Annotated[frozenset[str], BeforeValidator(_folded_labels)] = frozenset()
    permission_packages: tuple[str, ...] = ()
    permission_allow: frozenset[str] = frozenset()
    permission_deny: frozenset[str] = frozenset()


def read_phrases(files: Sequence[Path]) -> Phrases:
    """Read the phrase files of several languages into one set; raises `PackProblem` naming file and key."""
    return merge([_read(file) for file in files])


def merge(sets: Sequence[Phrases]) -> Phrases:
    """Join phrase sets in the given order."""
    if not sets:
        raise PackProblem("no consent phrases were found; the installation is incomplete, reinstall it")
    tuples = {
        name: tuple(item for one in sets for item in getattr(one, name))
        for name in Phrases.model_fields
        if name != "reasoning"
    }
    return Phrases.model_validate({**tuples, "reasoning": " ".join(one.reasoning for one in sets)})


def _read(file: Path) -> Phrases:
    try:
        return Phrases.model_validate(load_safe(read_text(file)))
    except ValidationError as error:
        raise from_validation(str(file), error) from error
    except yaml.YAMLError as error:
        raise PackProblem(f"{file} is no YAML: {error}") from error
