"""Fields: the places that values stand in, known once for all records that have them, and what stood there before.

Apps say the same again and again: the same headers, the same documents with other numbers in them. A field remembers
its path, and the leaves that came out of the values that it had, so that they need not be made anew. What is
remembered never changes what comes out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from analyzer.analysis.decode_json import ROOT, is_odd, shortened, step_of
from analyzer.analysis.leaf import Leaf
from analyzer.model.vocabulary import Where

MOST: Final = 20_000
"""With so many fields and leaves a memory begins anew: an app that invents names shall not fill it."""
MOST_KEPT: Final = 16
"""So many values of one field are remembered at once."""
LONGEST_KEPT: Final = 1024
"""Longer values are not remembered; they hardly come again."""


class Before(NamedTuple):
    """What came out of a value before: the leaves, and what they cost in leaves, bytes made, and bytes read.

    `passed` are the names of the fields whose values a sieve passed over.
    """

    leaves: tuple[Leaf, ...]
    made: int
    size: int
    work: int
    passed: frozenset[Passed]


class Passed(NamedTuple):
    """A name of fields whose values a sieve passed over, the part of the record, and the container that may tell."""

    where: Where
    key: str
    holder: str = ""


class Sifter(Protocol):
    """Says what need not become a leaf."""

    def may_sift(self, data: bytes, where: Where) -> bool:
        """Say whether the dull values of a document may be passed over; `data` are all its bytes."""

    def is_dull(self, field: Field) -> bool:
        """Say whether a plain value in a field says nothing, and note in it under what name it is passed over."""

    def stands_out(self, value: str) -> bool:
        """Say whether a plain value counts in any field."""


class Memory:
    """The fields of the records that were decoded so far, and which record is being decoded.

    `passed` are the names of the fields of this record whose values the sieve passed over.
    """

    __slots__ = ("passed", "record", "roots", "sieve", "used")

    def __init__(self, sieve: Sifter | None = None) -> None:
        self.sieve = sieve
        self.passed: set[Passed] = set()
        self.used = 0
        self.record = 0
        self.roots: dict[tuple[Where, str, str, str], Field] = {}

    def begin(self) -> None:
        """Begin a record."""
        self.record += 1
        self.passed = set()
        if self.used > MOST:
            self.used = 0
            self.roots = {}

    def root(self, where: Where, path: str, key: str, encoding: str = "") -> Field:
        """Give the field of a part of a record, which may be under an encoding."""
        found = self.roots.get((where, path, key, encoding))
        if found is None:
            encodings = (encoding,) if encoding else ()
            steps = (path, *encodings) if path else encodings
            found = Field(self, where, path, key, encodings, steps, 0, path)
            self.roots[where, path, key, encoding] = found
        return found


class Field:
    """One field: where, its path and key, the encodings around it, all steps; and what stood in it before.

    `depth` counts the layers around it, `step` is the part of its path that its container gave it. `leaves` and
    `opened` remember values, `record` is the last one in which a remembered leaf was given out. `dull` is what
    the sieve says of it. `inner` are the fields
    behind it by step and key, `members` and `items` those of a document in it, `odd` says whether one has an odd name.
    """

    __slots__ = (
        *("base", "depth", "dull", "encodings", "inner", "items", "key", "leaves", "members", "memory", "name", "odd"),
        *("opened", "parent", "path", "record", "step", "steps", "where"),
    )

    def __init__(
        self,
        memory: Memory,
        where: Where,
        path: str,
        key: str,
        encodings: tuple[str, ...],
        steps: tuple[str, ...],
        depth: int,
        step: str,
        parent: Field | None = None,
    ) -> None:
        memory.used += 1
        self.memory, self.where, self.path, self.key = memory, where, path, key
        self.encodings, self.steps, self.depth, self.step = encodings, steps, depth, step
        self.parent = parent
        self.name: Passed | None = None
        self.record = 0
        self.odd = False
        self.dull: bool | None = None
        self.base = ""
        self.inner: dict[tuple[str, str], Field] = {}
        self.members: dict[str, Field] = {}
        self.items: list[Field] = []
        self.leaves: dict[str, Leaf] = {}
        self.opened: dict[str | bytes, Before] = {}

    def child(self, step: str, key: str) -> Field:
        """Give the field of a part of what stands here."""
        found = self.inner.get((step, key))
        if found is None:
            path = f"{self.path}>{step}" if self.path else step
            found = self._new(path, key or self.key, self.encodings, (*self.steps, step), step)
            self.inner[step, key] = found
        return found

    def numbered(self, step: str) -> Field:
        """Give the field of a number in the message here; a message in a field makes one step with it."""
        found = self.inner.get((step, step))
        if found is None:
            number = step.removeprefix("protobuf:")
            if self.steps and self.steps[-1].startswith("protobuf:"):
                path, steps = f"{self.path}.{number}", (*self.steps[:-1], f"{self.steps[-1]}.{number}")
            else:
                path, steps = f"{self.path}>{step}" if self.path else step, (*self.steps, step)
            found = self._new(path, self.key, self.encodings, steps, step)
            self.inner[step, step] = found
        return found

    def under(self, encoding: str) -> Field:
        """Give the field of what is under an encoding here; its name may be several, parted by `>`."""
        found = self.inner.get(("", encoding))
        if found is None:
            names = tuple(encoding.split(">"))
            found = self._new(self.path, self.key, self.encodings + names, self.steps + names, "")
            self.inner["", encoding] = found
        return found

    def member(self, name: str) -> Field:
        """Give the field of a member of the document's object here."""
        found = self.members.get(name)
        if found is None:
            found = self._in_document(f"{self.base or self._base()}{step_of(name)}", name)
            self.members[name] = found
            self.odd = self.odd or is_odd(name)
        return found

    def up_to(self, count: int) -> Sequence[Field]:
        """Give the fields of at least so many items of the document's array here."""
        items = self.items
        while len(items) < count:
            items.append(self._in_document(f"{self.base or self._base()}[{len(items)}]", self.key))
        return items

    def keep_leaf(self, value: str, leaf: Leaf) -> None:
        """Remember the leaf of a plain value."""
        if len(value) <= LONGEST_KEPT and len(self.leaves) < MOST_KEPT:
            self.leaves[value] = leaf
            self.memory.used += 1
            self.record = self.memory.record

    def keep_opened(self, value: str | bytes, opened: Before) -> None:
        """Remember what came out of a value."""
        if len(self.opened) < MOST_KEPT:
            self.opened[value] = opened
            self.memory.used += opened.made + 1

    def names(self) -> Field:
        """Give the field of the odd names of the object's members."""
        found = self.inner.get(("#key", ""))
        if found is None:
            found = self._in_document(f"{self.base or self._base()}#key", "")
            self.inner["#key", ""] = found
        return found

    def _base(self) -> str:
        self.base = shortened(self.step, ROOT)
        return self.base

    def _in_document(self, step: str, key: str) -> Field:
        opener = self.parent or self
        path = f"{opener.path}>{step}" if opener.path else step
        return Field(
            self.memory,
            self.where,
            path,
            key or opener.key,
            self.encodings,
            (*opener.steps, step),
            self.depth,
            step,
            opener,
        )

    def _new(self, path: str, key: str, encodings: tuple[str, ...], steps: tuple[str, ...], step: str) -> Field:
        return Field(self.memory, self.where, path, key, encodings, steps, self.depth + 1, step, self)
