"""Reads the text of a pack's file fast: with libyaml where it is there."""

from __future__ import annotations

from typing import Annotated, Any, Final

import yaml
from pydantic import BeforeValidator

from analyzer.packs.problem import PackProblem

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_safe(text: str | bytes) -> Any:
    """Parse one document, like `yaml.safe_load` and several times faster; raises `yaml.YAMLError`."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are the safe loader, one in C


def read_yaml(name: str, text: str) -> object:
    """Parse one document; raises `PackProblem` naming the file."""
    try:
        return load_safe(text)
    except yaml.YAMLError as error:
        raise PackProblem(f"{name} is not YAML: {' '.join(str(error).split())}") from error


def _split(value: object) -> object:
    return tuple(value.split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
"""A list, or one text with spaces between the words, which is read several times faster."""
