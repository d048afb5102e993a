"""The clues pack: which field names and which shapes of values say that a field carries personal data."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analyzer.packs.problem import PackProblem, from_validation
from analyzer.packs.yaml_text import load_safe


class Prefix(StrEnum):
    """Which words may stand before a clue's name in a longer field name.

    All, all but foreign ones, neutral ones, or neutral ones with one at least that says in which role a person is.
    """

    FREE = "free"
    SAFE = "safe"
    NEUTRAL = "neutral"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class ValueShape:
    """A form of values: a pattern that the whole text has, and a named check that look-alikes fail (empty for none).

    `loose` says why other things have this form too, so that a name must not be believed for it; empty where none do.
    """

    id: str
    pattern: str
    check: str
    words: str
    loose: str = ""


@dataclass(frozen=True, slots=True)
class Clue:
    """What a field is called, and which shapes its value must have, for a data type.

    `keys` are in normal form. `beside` are names of which one must stand in the same part of the record, `siblings` in
    the same container, `apart` those of which none may stand in the part; `address` words of which the path of the
    request must have one. `hashed` says that digests count where the name declares them.
    """

    data_type: str
    keys: frozenset[str]
    shapes: tuple[ValueShape, ...]
    confidence: float
    prefix: Prefix
    beside: frozenset[str]
    siblings: frozenset[str]
    apart: frozenset[str]
    where: frozenset[str]
    address: frozenset[str]
    hashed: bool
    reasoning: str


@dataclass(frozen=True, slots=True)
class Layout:
    """An array whose positions have a fixed meaning: its field name, what stands first, and names by position."""

    key: str
    first: frozenset[str]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Holder:
    """A container that tells by its name what it holds.

    `holds` are names in it of which `needed` must be there; `media` is `image` or `sound` where it holds bytes.
    """

    data_type: str
    keys: frozenset[str]
    holds: frozenset[str]
    needed: int
    media: str
    confidence: float
    reasoning: str


@dataclass(frozen=True, slots=True)
class Clues:
    """All clues in order of precedence, and the words that decide about longer names; equal when its file is."""

    digest: str
    clues: tuple[Clue, ...] = field(compare=False, default=())
    words: Mapping[str, frozenset[str]] = field(compare=False, default_factory=dict)
    layouts: tuple[Layout, ...] = field(compare=False, default=())
    holders: tuple[Holder, ...] = field(compare=False, default=())


NO_CLUES: Final = Clues("")
WORDS: Final = (
    "neutral",
    "foreign",
    "things",
    "tails",
    "digests",
    "generic",
    "nothing",
    "surnames",
    "packages",
    "libraries",
    "roles",
    "short",
    "vague",
    "carriers",
)
"""The lists of words that detection asks for."""
LATER: Final = ("single", "wares", "devices")
"""Lists that packs of bundles made by earlier versions lack; there they are empty, and detection is as it was."""


def read_clues(text: str, known_types: Collection[str], name: str = "clues.yaml") -> Clues:
    """Parse the pack; raises `PackProblem` that names the file and the entry that is wrong."""
    try:
        pack = _Pack.model_validate(load_safe(text))
    except yaml.YAMLError as error:
        raise PackProblem(f"{name} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise from_validation(name, error) from error
    shapes = _shapes(pack, name)
    missing = sorted(set(WORDS) - set(pack.words))
    if missing:
        raise PackProblem(f"{name}: words: the list {missing[0]} is missing")
    return Clues(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        clues=tuple(_clue(entry, shapes, known_types, name) for entry in pack.clues),
        words={kind: frozenset(pack.words.get(kind, ())) for kind in (*LATER, *pack.words)},
        layouts=tuple(Layout(one.key, frozenset(one.first), one.names) for one in pack.layouts),
        holders=tuple(_holder(entry, known_types, name) for entry in pack.holders),
    )


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Shape(_Strict):
    id: str
    pattern: str
    check: str = ""
    words: str
    loose: str = ""
    reference: str
    reasoning: str = Field(min_length=8)


class _Clue(_Strict):
    type: str
    keys: tuple[str, ...] = Field(min_length=1)
    shapes: tuple[str, ...] = Field(min_length=1)
    confidence: float = Field(gt=0, lt=0.95)
    prefix: Prefix = Prefix.SAFE
    beside: tuple[str, ...] = ()
    siblings: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    hashed: bool = False
    reference: str
    reasoning: str = Field(min_length=8)


class _Layout(_Strict):
    key: str
    first: tuple[str, ...]
    names: dict[int, str]
    reference: str
    reasoning: str = Field(min_length=8)


class _Holder(_Strict):
    type: str
    keys: tuple[str, ...] = Field(min_length=1)
    holds: tuple[str, ...] = ()
    needed: int = 0
    media: Literal["", "image", "sound"] = ""
    confidence: float = Field(gt=0, lt=0.95)
    reference: str
    reasoning: str = Field(min_length=8)


class _LookAlike(_Strict):
    """What is not reported, and what separates it: read by people; a test holds every example."""

    what: str
    separates: str = Field(min_length=8)
    examples: tuple[dict[str, str], ...] = Field(min_length=1)


class _Pack(_Strict):
    version: Literal[1]
    words: dict[str, tuple[str, ...]]
    shapes: tuple[_Shape, ...]
    clues: tuple[_Clue, ...]
    layouts: tuple[_Layout, ...]
    holders: tuple[_Holder, ...] = ()
    look_alikes: tuple[_LookAlike, ...]


def _shapes(pack: _Pack, name: str) -> dict[str, ValueShape]:
    shapes: dict[str, ValueShape] = {}
    for entry in pack.shapes:
        if entry.id in shapes:
            raise PackProblem(f"{name}: the shape {entry.id} is there twice")
        try:
            re.compile(entry.pattern)
        except re.error as error:
            raise PackProblem(f"{name}: the pattern of the shape {entry.id} is wrong: {error}") from error
        shapes[entry.id] = ValueShape(entry.id, entry.pattern, entry.check, entry.words, entry.loose)
    return shapes


def _holder(entry: _Holder, known_types: Collection[str], name: str) -> Holder:
    if entry.type not in known_types:
        raise PackProblem(f"{name}: the data type {entry.type} of a holder is not in the taxonomy")
    return Holder(
        data_type=entry.type,
        keys=frozenset(entry.keys),
        holds=frozenset(entry.holds),
        needed=entry.needed,
        media=entry.media,
        confidence=entry.confidence,
        reasoning=entry.reasoning,
    )


def _clue(entry: _Clue, shapes: Mapping[str, ValueShape], known_types: Collection[str], name: str) -> Clue:
    if entry.type not in known_types:
        raise PackProblem(f"{name}: the data type {entry.type} of a clue is not in the taxonomy")
    unknown = [shape for shape in entry.shapes if shape not in shapes]
    if unknown:
        raise PackProblem(f"{name}: the clue for {entry.type} names a shape {unknown[0]} that does not exist")
    odd = [key for key in entry.keys if key != "".join(char for char in key.lower() if char.isalnum())]
    if odd:
        raise PackProblem(f"{name}: the clue for {entry.type} has the key {odd[0]}, which is not in normal form")
    return Clue(
        data_type=entry.type,
        keys=frozenset(entry.keys),
        shapes=tuple(shapes[shape] for shape in entry.shapes),
        confidence=entry.confidence,
        prefix=entry.prefix,
        beside=frozenset(entry.beside),
        siblings=frozenset(entry.siblings),
        apart=frozenset(entry.apart),
        where=frozenset(entry.where),
        address=frozenset(entry.address),
        hashed=entry.hashed,
        reasoning=entry.reasoning,
    )
