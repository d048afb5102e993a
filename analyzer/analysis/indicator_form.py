"""A spelling: one way to write a known value as text; a form: bytes that stand for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANY_MORE: Final = -1
"""Any number of further digits may follow: the value goes on."""


@dataclass(frozen=True, slots=True)
class Form:
    """Bytes to look for, the encodings that lead to them, and in words how they differ from the value.

    Unless `exact`, ASCII letters are found in either case. A `weak` form only counts under a field name of its data
    type. `more` is how many further digits must follow the bytes (`ANY_MORE`: may follow).
    """

    pattern: bytes
    chain: tuple[str, ...] = ()
    note: str = ""
    exact: bool = False
    weak: bool = False
    more: int = 0


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text, what differs from the value in words (empty for the value itself), and what is made of it.

    Digests are taken of what is `hashed`. A `partial` spelling hides a part of the value and needs a field name.
    `chain` is set where the spelling is an encoding of its own. `more` is as in `Form`.
    """

    note: str
    text: str
    hashed: bool = True
    partial: bool = False
    chain: tuple[str, ...] = ()
    more: int = 0
