"""The SDK pack: whose code a Java package is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.purposes import Purpose
from analyzer.packs.yaml_text import Words, read_yaml


@dataclass(frozen=True, slots=True)
class SdkEntry:
    """One SDK: its maker, the Java packages it lives in and the domains it talks to; `source` of its packages.

    `aliases` are the names under which privacy policies list it. A `wrapper` acts for whoever calls it.
    """

    id: str
    name: str
    company: str
    country: str
    category: str
    packages: tuple[str, ...]
    domains: tuple[str, ...]
    source: str
    aliases: tuple[str, ...] = ()
    wrapper: bool = False


@dataclass(frozen=True, slots=True)
class Sdks:
    """All SDKs, found by Java package."""

    entries: tuple[SdkEntry, ...]
    by_package: Mapping[str, SdkEntry]

    def find(self, package: str) -> SdkEntry | None:
        """Give the SDK with the longest package prefix of a package or class name; labels match as a whole."""
        return self.by_package.get(self.prefix(package))

    def prefix(self, package: str) -> str:
        """Give the longest known package prefix of a package or class name, empty where there is none."""
        while package and package not in self.by_package:
            package = package.rpartition(".")[0]
        return package

    def count(self) -> tuple[int, int]:
        """Count the SDKs whose packages a document names, and those from memory."""
        memory = sum(1 for one in self.entries if one.source == "memory")
        return len(self.entries) - memory, memory


def read_sdks(texts: Mapping[str, str]) -> Sdks:
    """Parse the pack's files (name → YAML text); raises `PackProblem` naming the file and the key."""
    entries: list[SdkEntry] = []
    by_package: dict[str, SdkEntry] = {}
    ids: set[str] = set()
    for name in sorted(texts):
        for entry in _entries(name, texts[name]):
            if entry.id in ids:
                raise PackProblem(f"{name}: the SDK {entry.id} is there twice")
            if entry.id in RESERVED:
                raise PackProblem(f"{name}: {entry.id} is a reserved word, choose another id")
            ids.add(entry.id)
            entries.append(entry)
            _index(name, entry, by_package)
    return Sdks(tuple(entries), by_package)


RESERVED: Final = frozenset({"app", "obfuscated", "unknown"})
"""The answers of the attribution that are no SDK."""


def _index(name: str, entry: SdkEntry, by_package: dict[str, SdkEntry]) -> None:
    for package in entry.packages:
        other = by_package.setdefault(package, entry)
        if other is not entry:
            raise PackProblem(f"{name}: the package {package} belongs to {other.id} and to {entry.id}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Entry(_Strict):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    name: str
    company: str
    country: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    category: Purpose = ""
    packages: Words = Field(min_length=1)
    domains: Words = ()
    source: str
    aliases: tuple[str, ...] = ()
    wrapper: bool = False


class _Pack(_Strict):
    version: Literal[1]
    sdks: tuple[_Entry, ...]


def _entries(name: str, text: str) -> list[SdkEntry]:
    try:
        pack = _Pack.model_validate(read_yaml(name, text))
    except ValidationError as error:
        raise from_validation(name, error) from error
    return [SdkEntry(**dict(entry)) for entry in pack.sdks]
