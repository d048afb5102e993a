"""Keeps the many records of a large session in few bytes: packed by the block, and read a block at a time."""

from __future__ import annotations

import pickle
from abc import abstractmethod
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from heapq import merge
from itertools import chain, count, islice, repeat
from operator import attrgetter, is_
from typing import Any, Final, Generic, NamedTuple, TypeVar, overload

from zstandard import ZstdCompressor, ZstdDecompressor

T = TypeVar("T")

BLOCK: Final = 256
"""So many records are packed together, and so many are in memory while one is read after the other."""
FEW: Final = 32_768
"""So many records are kept as they are: packing them would spare little."""
REACH: Final = 4_096
_OPEN: Final = 4
"""So many blocks stay open for reading by number."""
_LEVEL: Final = 1


class Block(NamedTuple):
    """Some records, and how many they are; made here only, and never read from a file."""

    size: int
    data: bytes


class Numbered(Sequence[T]):
    """Records by their numbers: what every sequence here does with numbers from behind, and with slices."""

    @abstractmethod
    def at(self, index: int) -> T:
        """Give the record of a number from 0 on, which there is."""

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        """Give one record, or several."""
        if isinstance(at, slice):
            return tuple(self.at(one) for one in range(*at.indices(len(self))))
        index = at + len(self) if at < 0 else at
        if not 0 <= index < len(self):
            raise IndexError(at)
        return self.at(index)


class Packed(Numbered[T]):
    """A sequence of records in blocks; what it gives is made anew each time, and equal."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = [block for block in blocks if block.size]
        self._ends = array("q")
        for block in self._blocks:
            self._ends.append(block.size + (self._ends[-1] if self._ends else 0))
        self._open: dict[int, Sequence[T]] = {}

    def __len__(self) -> int:
        """Count the records."""
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[T]:
        """Give the records in order, one block in memory at a time."""
        for block in self._blocks:
            yield from unpack(block)

    def at(self, index: int) -> T:
        """Give one record; quick for such as lie near those that were asked for last."""
        number = bisect_right(self._ends, index)
        records = self._open.get(number)
        if records is None:
            if len(self._open) == _OPEN:
                del self._open[next(iter(self._open))]
            records = self._open[number] = unpack(self._blocks[number])
        return records[index - self._ends[number] + self._blocks[number].size]

    def __eq__(self, other: object) -> bool:
        """Compare with any sequence."""
        if not isinstance(other, Sequence) or len(self) != len(other):
            return NotImplemented if not isinstance(other, Sequence) else False
        return all(one == same for one, same in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[type[Packed[T]], tuple[list[Block]]]:
        """Go to another process as the blocks alone."""
        return Packed, (self._blocks,)


class Joined(Numbered[T]):
    """Several sequences as one, none of them copied."""

    def __init__(self, *parts: Sequence[T]) -> None:
        self._parts = [part for part in parts if part]

    def __len__(self) -> int:
        """Count the records."""
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[T]:
        """Give all records."""
        return chain.from_iterable(self._parts)

    def at(self, index: int) -> T:
        """Give one record."""
        for part in self._parts:
            if index < len(part):
                return part[index]
            index -= len(part)
        raise IndexError(index)


class Chosen(Numbered[T]):
    """Some records of a sequence, by their numbers in it; none is copied."""

    def __init__(self, records: Sequence[T], numbers: Sequence[int]) -> None:
        self._records = records
        self._numbers = numbers

    def __len__(self) -> int:
        """Count the records."""
        return len(self._numbers)

    def at(self, index: int) -> T:
        """Give one record."""
        return self._records[self._numbers[index]]


def together(*parts: Sequence[T]) -> Sequence[T]:
    """Give several sequences as one; such as lie in memory anyway are copied."""
    filled = [part for part in parts if part]
    if len(filled) == 1:
        return filled[0]
    return tuple(chain.from_iterable(filled)) if all(isinstance(part, tuple) for part in filled) else Joined(*filled)


class Keeper(Generic[T]):
    """Keeps records as they come: few as they are, many packed; each takes the room of `weight` small ones."""

    def __init__(self, weight: int = 1) -> None:
        self._few = FEW // weight
        self._waiting: list[T] = []
        self._blocks: list[Block] = []

    def add(self, record: T) -> None:
        """Keep one record."""
        self._waiting.append(record)
        if len(self._waiting) >= (BLOCK if self._blocks else self._few + 1):
            self._blocks += pack(self._waiting)
            self._waiting.clear()

    def kept(self) -> Sequence[T]:
        """Give all records."""
        return Packed([*self._blocks, *pack(self._waiting)]) if self._blocks else tuple(self._waiting)


def packed(records: Iterable[T]) -> Sequence[T]:
    """Keep records: packed where they are many."""
    keeper = Keeper[T]()
    for record in records:
        keeper.add(record)
    return keeper.kept()


def pack(records: Iterable[Any], size: int = BLOCK) -> Iterator[Block]:
    """Pack records, so many in a block."""
    press, waiting = ZstdCompressor(level=_LEVEL), iter(records)
    while part := tuple(islice(waiting, size)):
        pressed = press.compress(pickle.dumps(_written(part), pickle.HIGHEST_PROTOCOL))
        yield Block(
            len(part), bytes(memoryview(pressed))
        )  # what is given holds on to the room for the whole, unpressed


def unpack(block: Block) -> Sequence[Any]:
    """Give the records of a block."""
    written = pickle.loads(ZstdDecompressor().decompress(block.data))  # noqa: S301 - this process packed it
    return _read(written, block.size)


def in_order(records: Iterable[T], key: Callable[[T], Any], *, near: bool = False) -> Iterator[T]:
    """Sort any number of records, equal ones in the order they came, with few of them in memory.

    `near` promises that none comes `REACH` places or more after one that belongs behind it.
    """
    waiting = iter(records)
    if near:
        yield from _nearly_in_order(waiting, key)
        return
    part = sorted(islice(waiting, FEW), key=key)
    runs: list[Packed[T]] = []
    while len(part) == FEW:
        runs.append(Packed(pack(part)))
        part = sorted(islice(waiting, FEW), key=key)
    yield from merge(*runs, part, key=key) if runs else part


def is_near(numbers: Sequence[int]) -> bool:
    """Say whether each number is greater than all that come `REACH` places or more before it."""
    greatest = None
    for late, early in zip(islice(numbers, REACH, None), numbers, strict=False):
        greatest = early if greatest is None else max(greatest, early)
        if late <= greatest:
            return False
    return True


def _nearly_in_order(waiting: Iterator[T], key: Callable[[T], Any]) -> Iterator[T]:
    part = list(islice(waiting, 2 * REACH))
    while part:
        part.sort(key=key)
        yield from part[:REACH]
        part = [*part[REACH:], *islice(waiting, REACH)]


class _Same(NamedTuple):
    """One value that all records have."""

    value: Any


class _Records(NamedTuple):
    """Records of one class by their fields; several places may have the same one, which `numbers` say."""

    kind: Any
    size: int
    columns: list[Any]
    numbers: array[int] | None


class _Lists(NamedTuple):
    """Tuples of records, by how many each has."""

    sizes: array[int]
    records: Any


class _Mixed(NamedTuple):
    """Records of several classes: those of each, and which one of all stands at which place."""

    groups: list[tuple[int, Any]]
    numbers: array[int]


def _written(values: tuple[Any, ...]) -> Any:
    """Give values so that most of them are written and read without a call for each: by fields and by classes."""
    if all(map(is_, values, repeat(values[0]))):
        return _Same(values[0])
    kinds = set(map(type, values))
    if len(kinds) == 1:
        kind = kinds.pop()
        if kind is tuple:
            records = tuple(chain.from_iterable(values))
            if records and all(map(_shape, set(map(type, records)))):
                return _Lists(array("q", map(len, values)), _written(records))
            return values
        return values if _shape(kind) is None else _by_fields(kind, values)
    return _by_kinds(values, kinds) if any(map(_shape, kinds)) else values


def _by_fields(kind: Any, values: tuple[Any, ...]) -> _Records:
    shape = _shape(kind)
    marks = list(map(id, values))
    distinct = dict(zip(marks, values, strict=True))
    numbers = None
    if len(distinct) < len(values):
        places = dict(zip(distinct, count(), strict=False))
        numbers = array("q", map(places.__getitem__, marks))
    rows = map(shape.values_of, distinct.values()) if shape is not None else ()
    return _Records(kind, len(distinct), list(map(_written, zip(*rows, strict=True))), numbers)


def _by_kinds(values: tuple[Any, ...], kinds: set[type]) -> _Mixed:
    groups = []
    numbers = array("q", bytes(8 * len(values)))
    begin = 0
    for kind in sorted(kinds, key=attrgetter("__name__")):
        places = [at for at, one in enumerate(values) if type(one) is kind]
        groups.append((len(places), _written(tuple(map(values.__getitem__, places)))))
        for number, place in enumerate(places, begin):
            numbers[place] = number
        begin += len(places)
    return _Mixed(groups, numbers)


def _read(written: Any, size: int) -> Sequence[Any]:
    """Give the values back, `size` of them."""
    match written:
        case _Same(value):
            return (value,) * size
        case _Records(kind, distinct, columns, numbers):
            shape = _shape(kind)
            records = shape.made(distinct, [_read(one, distinct) for one in columns]) if shape is not None else []
            return records if numbers is None else list(map(records.__getitem__, numbers))
        case _Lists(sizes, inner):
            waiting = iter(_read(inner, sum(sizes)))
            return [tuple(islice(waiting, one)) for one in sizes]
        case _Mixed(groups, numbers):
            found = [one for several, group in groups for one in _read(group, several)]
            return list(map(found.__getitem__, numbers))
    return written  # type: ignore[no-any-return]


class _Shape(NamedTuple):
    """How to read all fields of a class, and how to make its records of their fields."""

    values_of: Callable[[Any], tuple[Any, ...]]
    made: Callable[[int, Sequence[Sequence[Any]]], Sequence[Any]]


@lru_cache(maxsize=64)
def _shape(kind: Hashable) -> _Shape | None:
    """Give the fields of a dataclass with slots or of a tuple with names; `None` for another class."""
    if not isinstance(kind, type):
        return None
    if issubclass(kind, tuple) and getattr(kind, "_fields", None):

        def tuples(_: int, columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
            return list(map(tuple.__new__, repeat(kind), zip(*columns, strict=True)))

        return _Shape(tuple, tuples)
    if not is_dataclass(kind) or not hasattr(kind, "__slots__"):
        return None
    names = [field.name for field in fields(kind)]
    if len(names) < 2:  # noqa: PLR2004 - one name alone would give no tuple
        return None
    setters = [getattr(kind, name).__set__ for name in names]

    def records(several: int, columns: Sequence[Sequence[Any]]) -> Sequence[Any]:
        made = [object.__new__(kind) for _ in range(several)]
        for put, column in zip(setters, columns, strict=True):
            deque(map(put, made, column), 0)
        return made

    return _Shape(attrgetter(*names), records)
