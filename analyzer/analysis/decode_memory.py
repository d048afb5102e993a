"""Remembers what came of opening the short values of fields that come again with request after request."""

from __future__ import annotations

from typing import Final, Generic, NamedTuple, TypeVar

from analyzer.analysis.decode_budget import MAX_BYTES, MAX_LEAVES, MAX_WORK, Budget
from analyzer.model.vocabulary import Where

LONGEST: Final = 1024
"""Longer values do not come again and again."""
_MOST: Final = 16_384
"""So many values are known to have come once."""
_ROOM: Final = 4 << 20
_LEAF: Final = 512
"""About so many bytes a leaf takes beside its data."""
_SMALL: Final = 1 << 16

L = TypeVar("L")


class ValueAt(NamedTuple):
    """A value, and where it stands in a record."""

    where: Where
    path: str
    key: str
    data: bytes


class Came(NamedTuple, Generic[L]):
    """What came of a value, and what that cost: bytes and leaves made, bytes read."""

    leaves: tuple[L, ...]
    size: int
    number: int
    work: int


class Memory(Generic[L]):
    """Knows values that came before, in bounded room; a value that came but once takes nearly none."""

    def __init__(self) -> None:
        self._known: dict[ValueAt, Came[L]] = {}
        self._once: set[int] = set()
        self._room = 0

    def recall(self, value: ValueAt) -> Came[L] | None:
        """Give what came of a value, if it is known."""
        return self._known.get(value)

    def note(self, value: ValueAt, came: Came[L]) -> None:
        """Note what came of a value that was not known; it is remembered from the second time on."""
        mark = hash(value)
        if mark not in self._once:
            if len(self._once) >= _MOST:
                self._once.clear()
            self._once.add(mark)
            return
        if came.size > _SMALL or came.number * _LEAF > _SMALL:
            return
        self._room += came.size + came.number * _LEAF + len(value.data)
        if self._room > _ROOM:
            self._known.clear()
            self._room = 0
        self._known[value] = came


def is_ample(budget: Budget) -> bool:
    """Say whether so much is left that no short value can come near a bound: then the same comes of it each time."""
    return (
        not budget.spent
        and budget.bytes_left > MAX_BYTES // 2
        and budget.leaves_left > MAX_LEAVES // 2
        and budget.work_left > MAX_WORK // 2
    )
