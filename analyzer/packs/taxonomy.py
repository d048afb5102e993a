"""The taxonomy pack: what kinds of personal data there are, and by which names apps carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from analyzer.packs.clues import NO_CLUES, Clues, read_clues
from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.yaml_text import load_safe


class Sensitivity(StrEnum):
    """Whether a norm names a data type as sensitive."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"


class Shape(StrEnum):
    """How values of a data type come: one by one, as latitude and longitude, or as a list of items."""

    SCALAR = "scalar"
    PAIR = "pair"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class DataType:
    """One term of the taxonomy.

    `keys` are field names in normal form (see `normal_key`). `needed` is the number of different items of a list that
    must be seen together before they count.
    """

    id: str
    label: Mapping[str, str]
    group: str
    observable: bool
    gbt35273: Sensitivity
    pipl28: Sensitivity
    shape: Shape = Shape.SCALAR
    needed: int = 1
    permissions: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All data types by id, the norm that the figures were taken from, and the clues to values that are not known."""

    types: Mapping[str, DataType]
    source: str
    clues: Clues = NO_CLUES
    _by_word: Mapping[str, frozenset[str]] = field(init=False, repr=False, compare=False)
    _longest: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Turn the words of each type round, so that a name is looked up once for all types."""
        found: dict[str, set[str]] = {}
        for name, known in self.types.items():
            for word in known.keys:
                found.setdefault(word, set()).add(name)
        object.__setattr__(self, "_by_word", {word: frozenset(names) for word, names in found.items()})
        object.__setattr__(self, "_longest", max(map(len, found), default=0))

    def named_by(self, data_type: str, key: str) -> bool:
        """Say whether a field name is one that apps give to this data type."""
        return data_type in self.types_named(key)

    def types_named(self, key: str) -> frozenset[str]:
        """Give the data types to which apps give this field name, or one that it ends in."""
        name, by_word = normal_key(key), self._by_word
        found = by_word.get(name, frozenset())
        for size in range(_SUFFIX, min(len(name), self._longest + 1)):
            if types := by_word.get(name[-size:]):
                found |= types
        return found


_SUFFIX: Final = 4
"""A shorter word at the end of a longer field name says nothing (`format` is no `mat`)."""


def normal_key(key: str) -> str:
    """Reduce a field name to lower-case letters and digits."""
    return _usual_key(key) if len(key) <= _USUAL else _reduced(key)


def _reduced(key: str) -> str:
    low = key.lower()
    return low if low.isalnum() else "".join(char for char in low if char.isalnum())


_USUAL: Final = 64
"""Longer names do not come again and again."""
_usual_key: Final = lru_cache(maxsize=16_384)(_reduced)


def read_taxonomy(text: str, name: str = "taxonomy.yaml", clues: str = "") -> Taxonomy:
    """Parse the pack and the text of its clues; raises `PackProblem` that names the file and the key that is wrong."""
    try:
        pack = _Pack.model_validate(load_safe(text))
    except yaml.YAMLError as error:
        raise PackProblem(f"{name} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise from_validation(name, error) from error
    types: dict[str, DataType] = {}
    for entry in pack.types:
        if entry.id in types:
            raise PackProblem(f"{name}: the data type {entry.id} is there twice")
        types[entry.id] = _data_type(entry)
    return Taxonomy(types, pack.source, read_clues(clues, types) if clues else NO_CLUES)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class _Label(_Strict):
    zh: str
    en: str


class _Sensitive(_Strict):
    gbt35273: Sensitivity
    pipl28: Sensitivity


class _Entry(_Strict):
    id: str
    label: _Label
    group: str
    observable: bool
    sensitive: _Sensitive
    shape: Shape = Shape.SCALAR
    needed: int = 1
    permissions: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()


class _Pack(_Strict):
    version: Literal[1]
    source: str
    types: tuple[_Entry, ...]


def _data_type(entry: _Entry) -> DataType:
    return DataType(
        id=entry.id,
        label={"zh": entry.label.zh, "en": entry.label.en},
        group=entry.group,
        observable=entry.observable,
        gbt35273=entry.sensitive.gbt35273,
        pipl28=entry.sensitive.pipl28,
        shape=entry.shape,
        needed=entry.needed,
        permissions=entry.permissions,
        keys=frozenset(normal_key(key) for key in entry.keys),
    )
