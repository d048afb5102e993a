"""Loads what a person may have the agent change in an app: YAML in, checked and frozen entries out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analyzer.packs.catalog import Argument, Name, TargetDoor
from analyzer.packs.catalog_entries import Target
from analyzer.packs.problem import PackProblem, in_words
from analyzer.packs.resources import hooks_folder
from analyzer.packs.yaml_text import load_safe

UNPINNED: Final = "the app's own checks of certificates were taken away in its processes"
"""How the intervention is told in a session's manifest."""


Architecture = Literal["arm", "arm64", "ia32", "x64"]
"""As Frida calls it."""


@dataclass(frozen=True, slots=True)
class Found:
    """How a function that nobody exports is found in the libraries of these names, by architecture.

    `begins` are the bytes that it begins with, `holds` such as stand somewhere in it: hexadecimal, `?` for any digit.
    """

    libraries: tuple[str, ...]
    begins: Mapping[str, tuple[str, ...]]
    holds: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Change:
    """One method or native function whose calls are changed: `nulls` are the numbers of arguments that become null.

    With `skips` the original is not called at all; then `calls` may name a method without arguments that is called on
    one of the arguments instead: its number and the name. `gives` says what is given back then, where it is not
    nothing. A native function is one that any library of the app exports, or one that is `found`.
    """

    id: str
    target: Target
    nulls: tuple[int, ...] = ()
    skips: bool = False
    calls: tuple[int, str] | None = None
    gives: Literal["", "receiver", "zero"] = ""
    found: Found | None = None


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


Bytes = Annotated[str, Field(pattern=r"^[0-9a-f?]{2}( [0-9a-f?]{2}){7,}$")]
"""Eight bytes and more: fewer stand in too many places."""


class _Native(_Door):
    function: Name
    libraries: list[Name] = []
    begins: dict[Architecture, list[Bytes]] = {}
    holds: dict[Architecture, list[Bytes]] = {}

    @model_validator(mode="after")
    def _found(self) -> _Native:
        if bool(self.libraries) != bool(self.begins or self.holds):
            raise ValueError("`libraries` go with `begins` or `holds`: what is exported is looked for in every library")
        if "arm" in self.holds:
            raise ValueError("`holds`: on 32-bit ARM a function is found by what it begins with")
        return self

    def frozen(self) -> Found | None:
        if not self.libraries:
            return None
        return Found(tuple(self.libraries), _frozen(self.begins), _frozen(self.holds))


def _frozen(patterns: Mapping[Architecture, list[Bytes]]) -> Mapping[str, tuple[str, ...]]:
    return {name: tuple(one) for name, one in patterns.items()}


class _Entry(_Door):
    id: Annotated[str, Field(pattern=r"^unpin\.[a-z0-9_]+$")]
    target: TargetDoor | None = None
    native: _Native | None = None
    nulls: list[Argument] = []
    skips: bool = False
    calls: _Calls | None = None
    gives: Literal["receiver", "zero"] | None = None
    reference: Name
    reasoning: Name
    source: Name

    @model_validator(mode="after")
    def _one_way(self) -> _Entry:
        if (self.target is None) == (self.native is None):
            raise ValueError("name either `target` or `native`")
        if bool(self.nulls) == self.skips:
            raise ValueError("name either `nulls` or `skips`")
        if self.calls is not None and not (self.skips and self.target):
            raise ValueError("`calls` stands in the place of a method: it needs `skips` and `target`")
        if self.gives is not None and (not self.skips or (self.gives == "receiver") != (self.target is not None)):
            raise ValueError("`gives` goes with `skips`: `receiver` of a method, `zero` of a native function")
        if self.native is not None and self.skips and self.gives is None:
            raise ValueError("a native function that is skipped gives `zero`")
        return self

    def frozen(self) -> Change:
        calls = None if self.calls is None else (self.calls.argument, self.calls.method)
        target = Target() if self.target is None else self.target.frozen()
        found = None
        if self.native is not None:
            target, found = Target(export=self.native.function), self.native.frozen()
        return Change(self.id, target, tuple(self.nulls), self.skips, calls, self.gives or "", found)


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
