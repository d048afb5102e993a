"""App types: which personal data the basic function of a type needs; the analyst names the type."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import ValidationError

from analyzer.packs.conditions import Strict
from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.yaml_text import load_safe, read_text


class AppType(Strict):
    """One type with the data types that it needs; `borderline` ones count as needed, to the app's favour."""

    id: str
    label: Mapping[str, str]
    clause: str
    necessary: tuple[str, ...]
    borderline: tuple[str, ...] = ()
    none_required: bool
    source: str
    confidence: float


class _File(Strict):
    version: Literal[1]
    source: str
    types: tuple[AppType, ...]


def read_app_types(file: Path) -> Mapping[str, AppType]:
    """Read the app types by id; raises `PackProblem` naming file and key."""
    try:
        content = _File.model_validate(load_safe(read_text(file)))
    except ValidationError as error:
        raise from_validation(str(file), error) from error
    except yaml.YAMLError as error:
        raise PackProblem(f"{file} is no YAML: {error}") from error
    return {entry.id: entry for entry in content.types}
