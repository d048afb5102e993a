"""Loads what a person may have the agent change in an app: YAML in, checked and frozen entries out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analyzer.packs.catalog import Argument, Name, TargetDoor
from analyzer.packs.catalog_entries import Target
from analyzer.packs.problem import PackProblem, in_words
from analyzer.packs.resources import hooks_folder
from analyzer.packs.yaml_text import load_safe

UNPINNED: Final = "the app's own checks of certificates were taken away in its processes"
"""How the intervention is told in a session's manifest."""


@dataclass(frozen=True, slots=True)
class Change:
    """One method whose calls are changed: `nulls` are the numbers of arguments that become null.

    With `skips` the original is not called at all; then `calls` may name a method without arguments that is called on
    one of the arguments instead: its number and the name.
    """

    id: str
    target: Target
    nulls: tuple[int, ...] = ()
    skips: bool = False
    calls: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The entries of one file; `digest` (sha256, hex) identifies it."""

    entries: tuple[Change, ...] = ()
    digest: str = ""


class _Door(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Calls(_Door):
    argument: Argument
    method: Name


class _Entry(_Door):
    id: Annotated[str, Field(pattern=r"^unpin\.[a-z0-9_]+$")]
    target: TargetDoor
    nulls: list[Argument] = []
    skips: bool = False
    calls: _Calls | None = None
    reference: Name
    reasoning: Name
    source: Name

    @model_validator(mode="after")
    def _one_way(self) -> _Entry:
        if bool(self.nulls) == self.skips:
            raise ValueError("name either `nulls` or `skips`")
        if self.calls is not None and not self.skips:
            raise ValueError("`calls` stands in the place of the original: it needs `skips`")
        return self

    def frozen(self) -> Change:
        calls = None if self.calls is None else (self.calls.argument, self.calls.method)
        return Change(self.id, self.target.frozen(), tuple(self.nulls), self.skips, calls)


class _File(_Door):
    changes: list[_Entry] = Field(min_length=1)


def load_unpinning(path: Path | None = None) -> Changes:
    """Load what takes an app's own checks of certificates away (the shipped file by default).

    Raises `PackProblem` with file and key for anything wrong, an id that is used twice included.
    """
    path = path or hooks_folder() / "changes" / "unpin.yaml"
    data = path.read_bytes()
    try:
        entries = [entry.frozen() for entry in _File.model_validate(load_safe(data)).changes]
    except yaml.YAMLError as error:
        raise PackProblem(f"{path.name}: not YAML: {error}") from error
    except ValidationError as error:
        where = (f"{'.'.join(map(str, detail['loc']))}: {in_words(detail)}" for detail in error.errors()[:5])
        raise PackProblem(f"{path.name}: {'; '.join(where)}") from error
    ids = [entry.id for entry in entries]
    if twice := {name for name in ids if ids.count(name) > 1}:
        raise PackProblem(f"{path.name}: id: used twice: {', '.join(sorted(twice))}")
    return Changes(tuple(entries), hashlib.sha256(data).hexdigest())
