"""Marks that a person states in a file: what happened on the device, and when, in YAML or one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import yaml
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analyzer.model.vocabulary import MarkKind
from analyzer.packs.problem import in_words
from analyzer.packs.yaml_text import ShallowLoader

_LARGEST_FILE: Final = 4_000_000
_MOST: Final = 100_000
_AS_WRITTEN: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("timestamp", "int", "float"))


class MarksProblem(ValueError):  # noqa: N818 - the problem is the file's, and the sentence says what to do
    """The file of marks cannot be used; the message names the file, the mark and what is expected there."""


@dataclass(frozen=True, slots=True)
class StatedMark:
    """One stated mark; `time` is as its author wrote it."""

    kind: MarkKind
    time: str
    details: Mapping[str, str] = field(default_factory=dict)


def load_marks(path: Path) -> tuple[StatedMark, ...]:
    """Read a file of marks, in its order; raises `MarksProblem`."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise MarksProblem(f"{path}: a file of marks of more than {_LARGEST_FILE} bytes is not read")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MarksProblem(f"{path}: cannot be read ({error.strerror or error}); name a file of marks") from error
    except UnicodeDecodeError as error:
        raise MarksProblem(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    return parse_marks(text, str(path))


def parse_marks(text: str, origin: str) -> tuple[StatedMark, ...]:
    """Check the text of a file of marks; `origin` names it in the message of a `MarksProblem`."""
    items = _items(text, origin)
    if not isinstance(items, list) or not items:
        raise MarksProblem(f"{origin}: holds no marks; write a list of {{kind: accepted, time: 2026-01-31T12:00:05Z}}")
    if len(items) > _MOST:
        raise MarksProblem(f"{origin}: holds more than {_MOST} marks")
    return tuple(_mark(item, f"{origin}: mark {number}") for number, item in enumerate(items, 1))


_Scalar: TypeAlias = str | bool | int | float
_Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class _Mark(BaseModel):
    """One mark as its author writes it, in a file of marks or, named `mark`, in one of hook events.

    `details` are plain texts and numbers by name.
    """

    model_config = ConfigDict(extra="forbid")
    kind: MarkKind = Field(validation_alias=AliasChoices("kind", "mark"))
    time: _Text | int | float
    details: Annotated[dict[_Text, _Scalar], Field(max_length=64)] = Field(default_factory=dict)


class _Loader(ShallowLoader):
    """Leaves times and numbers as they are written: YAML would lose the zone of one and the plus sign of the other."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _AS_WRITTEN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _items(text: str, origin: str) -> Any:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        if lines and all(line.lstrip().startswith("{") for line in lines):
            return [json.loads(line) for line in lines]
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader that leaves times alone
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MarksProblem(f"{origin}: is neither YAML nor a JSON object per line: {_one_line(error)}") from error
    return document.get("marks") if isinstance(document, dict) else document


def _mark(item: Any, place: str) -> StatedMark:
    try:
        found = _Mark.model_validate(item)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"][:2]) or "it"
        raise MarksProblem(f"{place}: {where}: {in_words(first, ('kind', 'time', 'details'))}") from error
    return StatedMark(found.kind, str(found.time), {name: _plain(value) for name, value in found.details.items()})


def _plain(value: _Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
