"""An indicator: bytes that stand for a known value or a part of it, and a hit: such bytes found in a leaf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.model.clock import Instant

WHOLE: Final = ""
"""The part of an indicator that stands for all of its value."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A call that gave a value."""

    call: str
    recording: str
    instant: Instant


@dataclass(frozen=True, slots=True)
class Known:
    """One known value: its canonical text, and its parts by name (a place's `lat` and `lon`, the items of a list)."""

    data_type: str
    text: str
    parts: tuple[tuple[str, str], ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """Bytes that stand for a known value, or for one part of it (`WHOLE` for all of it).

    `chain` are the encodings that lead to the bytes; `via` is the crypto call that was seen making them, and one that
    `wraps` the value can be undone: where that was done, the value is found inside. The other fields are those of the
    form (see `Form`); one with `needs_key` is only believed under a fitting field name.
    """

    known: Known
    part: str
    value: str
    pattern: bytes
    chain: tuple[str, ...] = ()
    note: str = ""
    via: Origin | None = None
    exact: bool = False
    needs_key: bool = False
    more: int = 0
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An indicator found in a leaf, at a span of its bytes."""

    leaf: Leaf
    start: int
    end: int
    indicator: Indicator

    @property
    def found(self) -> bytes:
        """Give the bytes as they stand in the leaf."""
        return self.leaf.data[self.start : self.end]
