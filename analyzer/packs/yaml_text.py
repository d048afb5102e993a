"""Reads the text of a pack's file fast: with libyaml where it is there."""

from __future__ import annotations

from typing import Annotated, Any, Final

import yaml
from pydantic import BeforeValidator

from analyzer.packs.problem import PackProblem

_DEEPEST: Final = 64
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ShallowLoader(yaml.SafeLoader):
    """A safe loader for files that people write: the time it takes grows with the square of how deep brackets stand."""

    def fetch_flow_collection_start(self, TokenClass: Any) -> None:  # noqa: N803 - as the library calls it
        """Begin a list or mapping in brackets; raises `yaml.YAMLError` where too many stand in one another."""
        if self.flow_level >= _DEEPEST:
            raise yaml.YAMLError(f"brackets are nested too deeply: more than {_DEEPEST} in one another")
        super().fetch_flow_collection_start(TokenClass)


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
