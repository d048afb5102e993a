"""The persona: values planted on a test device, by data type, that are then searched for in what the app does."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from analyzer.packs.problem import in_words, meant
from analyzer.packs.yaml_text import ShallowLoader

PersonaValue: TypeAlias = str | Mapping[str, str | int | float]
"""One planted value: a text, or a flat mapping for what has parts (a place, a contact, a network)."""

SHIPPED: Final = "lab-1"
"""The persona that the lab device bears when none is named."""

_PLACE: Final = frozenset({"lat", "lon"})
_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "loc.precise": _PLACE,
    "loc.coarse": _PLACE,
    "comm.contacts": frozenset({"name", "phone"}),
    "loc.wifi_current": frozenset({"ssid", "bssid"}),
    "loc.wifi_scan": frozenset({"ssid", "bssid"}),
    "dev.accounts": frozenset({"name", "type"}),
}
_LIMITS: Final[Mapping[str, float]] = {"lat": 90, "lon": 180}
_LARGEST_FILE: Final = 1_000_000


class PersonaProblem(ValueError):  # noqa: N818 - the problem is the file's, and the sentence says what to do
    """The persona file cannot be used; the message names the file, the key and what is expected there."""


@dataclass(frozen=True, slots=True)
class Persona:
    """A named test identity; `values` are the planted values by data type, each non-empty, in file order."""

    name: str
    values: Mapping[str, tuple[PersonaValue, ...]]

    def texts(self) -> dict[str, tuple[str, ...]]:
        """Give data type → texts, as a session's manifest keeps them; values with parts become canonical JSON."""
        return {kind: tuple(_text(value) for value in values) for kind, values in self.values.items()}

    def first(self, data_type: str) -> PersonaValue | None:
        """Give the first value of a data type, `None` where the persona has none."""
        values = self.values.get(data_type, ())
        return values[0] if values else None


def load_persona(path: Path, data_types: Collection[str] = ()) -> Persona:
    """Read a persona file and check it; raises `PersonaProblem`.

    `data_types` are the ids of the taxonomy; when given, every key of `values` must be one of them.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise PersonaProblem(f"{path}: a persona file of more than {_LARGEST_FILE} bytes is not read")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PersonaProblem(f"{path}: cannot be read ({error.strerror or error}); name a persona file") from error
    except UnicodeDecodeError as error:
        raise PersonaProblem(f"{path}: is not UTF-8 text; save it as UTF-8") from error
    return parse_persona(text, str(path), data_types)


def shipped_persona(name: str = SHIPPED) -> Persona:
    """Read a persona that travels with the tool."""
    file = resources.files("analyzer.packs") / "data" / "personas" / f"{name}.yaml"
    return parse_persona(file.read_text(encoding="utf-8"), f"{name}.yaml")


def parse_persona(text: str, origin: str, data_types: Collection[str] = ()) -> Persona:
    """Check the text of a persona file; `origin` names it in the message of a `PersonaProblem`."""
    try:
        document = _File.model_validate(yaml.load(text, Loader=ShallowLoader))  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise PersonaProblem(f"{origin}: is not YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise PersonaProblem(f"{origin}: is nested too deeply for a persona") from error
    except ValidationError as error:
        raise PersonaProblem(f"{origin}: {_first_error(error)}") from error
    for data_type, values in document.values.items():
        _check_type(origin, data_type, data_types)
        for index, value in enumerate(values):
            _check_parts(f"{origin}: values.{data_type}[{index}]", data_type, value)
    return Persona(document.persona, {kind: tuple(values) for kind, values in document.values.items()})


_Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=4096, strict=True)]
_Number: TypeAlias = Annotated[int, Field(strict=True)] | Annotated[float, Field(strict=True, allow_inf_nan=False)]
_Parts: TypeAlias = Annotated[dict[_Text, _Text | _Number], Field(min_length=1, max_length=64)]


class _File(BaseModel):
    """The persona file as design.md describes it: `persona` is its name, `values` data type → list of values."""

    model_config = ConfigDict(extra="forbid")
    persona: _Text
    values: dict[_Text, Annotated[list[_Text | _Parts], Field(min_length=1, max_length=1000)]]


def _check_type(origin: str, data_type: str, data_types: Collection[str]) -> None:
    if not data_types or data_type in data_types:
        return
    near = meant(data_type, data_types)
    where = "(`analyzer hooks list` shows those that hooks read)"
    raise PersonaProblem(f"{origin}: values.{data_type} is no data type {where}{near}")


def _check_parts(place: str, data_type: str, value: PersonaValue) -> None:
    needed = _PARTS.get(data_type)
    if needed is None:
        return
    if isinstance(value, str):
        raise PersonaProblem(f"{place} is a plain text; write it with {', '.join(sorted(needed))}")
    missing = sorted(needed - value.keys())
    if missing:
        raise PersonaProblem(f"{place} lacks {', '.join(missing)}")
    if needed == _PLACE:
        for axis, limit in _LIMITS.items():
            _check_degrees(f"{place}.{axis}", value[axis], limit)


def _check_degrees(place: str, degrees: str | float, limit: float) -> None:
    if isinstance(degrees, str) or not -limit <= degrees <= limit:
        raise PersonaProblem(f"{place} must be a number of degrees from -{limit} to {limit}")


def _first_error(error: ValidationError) -> str:
    """Describe the first complaint: numbers that should be quoted are by far the commonest one."""
    first = error.errors()[0]
    steps = [str(step) for step in first["loc"] if not str(step).startswith(("constrained", "dict[", "function"))]
    place = ".".join(steps) or "the document"
    if place.startswith("values.") and isinstance(first["input"], int | float):
        written = str(first["input"])
        if isinstance(first["input"], bool):
            return f"{place}: {written.lower()} is no text; put values in quotes"
        return f"{place}: {written} is a number; put identifiers in quotes"
    if place == "persona" and first["type"] == "missing":
        return "persona: is missing; write a name for the device there, as in `persona: my-phone`"
    return f"{place}: {in_words(first, _File.model_fields)}"


def _text(value: PersonaValue) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
