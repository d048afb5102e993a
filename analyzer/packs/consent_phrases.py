"""Consent phrases: the words by which a privacy dialog and its controls are recognised, per language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.yaml_text import load_safe


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ControlWords(_Strict):
    """How a control of one meaning is labelled.

    `exact` are whole labels; `words` may stand anywhere in a label that has at most `longest` characters and none of
    the words in `unless`. Labels are compared after folding case, width, spaces and punctuation.
    """

    exact: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    longest: int = Field(default=16, ge=1, le=80)


class Phrases(_Strict):
    """The phrase set of one language, or several merged."""

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
    policy: tuple[str, ...]
    terms: tuple[str, ...]
    asking: tuple[str, ...]
    implied: tuple[str, ...]
    retention: tuple[str, ...]
    partners: tuple[str, ...]
    purpose: tuple[str, ...]
    subjects: tuple[str, ...]
    permission_packages: tuple[str, ...] = ()


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
    return Phrases(**tuples, reasoning=" ".join(one.reasoning for one in sets))


def _read(file: Path) -> Phrases:
    try:
        return Phrases.model_validate(load_safe(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        raise from_validation(str(file), error) from error
    except yaml.YAMLError as error:
        raise PackProblem(f"{file} is no YAML: {error}") from error
