"""Exhibits: what a reader wants to see of the evidence beside a result: requests with their finds marked, screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from analyzer.model.evidence import EvidenceRef


@dataclass(frozen=True, slots=True)
class Find:
    """Personal data that was found in one record of a flow; `chain` leads from the part of the record to the value."""

    id: str
    line: int
    chain: tuple[str, ...]
    value: str


class Piece(NamedTuple):
    """A stretch of a text: the ids of what was found in it, or how many characters are left out in its place."""

    text: str
    finds: tuple[str, ...] = ()
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """One part of a message as text: `line` is its record, `undone` are the encodings that were undone to read it.

    With `binary` it is no text, and dots stand for what cannot be printed.
    """

    line: int
    part: str
    pieces: tuple[Piece, ...]
    undone: tuple[str, ...] = ()
    binary: bool = False


class Step(NamedTuple):
    """One step of the way to a value: its name, and what lies there (empty when it is not known or no text)."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One flow to look at: its parts, and by what was found, the way to it."""

    passages: tuple[Passage, ...]
    ways: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Count the characters."""
        passages = sum(len(piece.text) for passage in self.passages for piece in passage.pieces)
        return passages + sum(len(step.text) for way in self.ways.values() for step in way)


class Regions(NamedTuple):
    """Parts of a screen: left, top, right and bottom of each, in the pixels of a screen of the size `frame`."""

    boxes: tuple[tuple[int, int, int, int], ...] = ()
    frame: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture of a screen, as an image file."""

    media_type: str
    data: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What is shown of a session: flows by index, screens by record, the names of data types by id and language.

    `withheld` are screens whose picture is left out because it may show personal values that nobody can find in it.
    """

    excerpts: Mapping[int, Excerpt] = field(default_factory=dict)
    screens: Mapping[EvidenceRef, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    data_types: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    withheld: int = 0
