"""The documents from which the packs of SDKs and recipients take their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from analyzer.packs.problem import from_validation
from analyzer.packs.yaml_text import read_yaml


class Source(BaseModel):
    """A document: its short name in the packs, title, address, and the terms under which it is published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    address: str
    terms: str


class _Pack(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Literal[1]
    sources: tuple[Source, ...]


def read_sources(text: str, name: str = "sources.yaml") -> Mapping[str, Source]:
    """Parse the file of sources; raises `PackProblem` naming the file and the key."""
    try:
        pack = _Pack.model_validate(read_yaml(name, text))
    except ValidationError as error:
        raise from_validation(name, error) from error
    return {source.id: source for source in pack.sources}
