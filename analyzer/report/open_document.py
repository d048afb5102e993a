"""Opens a result document as it lies somewhere: what there may be very much of is read when it is asked for."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol, TypeVar, overload

from pydantic import TypeAdapter

from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import Entry, EventEntry, FlowEntry, GapEntry, MarkEntry
from analyzer.report.document_results import LinkEntry, ObservationEntry, TimelineItem

BATCH: Final = 256
"""So many entries are read at once."""

_PIECE: Final = 1 << 20
_LONGEST: Final = 1 << 24
"""A line that is longer than this is none of ours."""

_EDGE: Final = re.compile(rb'\n(?: "([a-z]+)": (\[?)|  ([{}])| \])')
"""Where a line begins that stands one or two levels deep; no text in JSON holds the end of a line."""

_MANY: Final[Mapping[bytes, type[Entry]]] = MappingProxyType(
    {
        b"gaps": GapEntry,
        b"marks": MarkEntry,
        b"timeline": TimelineItem,
        b"events": EventEntry,
        b"flows": FlowEntry,
        b"observations": ObservationEntry,
        b"links": LinkEntry,
    }
)
_NEXT: Final = b",\n  "
_E = TypeVar("_E", bound=Entry)


class Lying(Protocol):
    """The bytes of a document, wherever they lie."""

    @property
    def size(self) -> int:
        """Give their number."""

    def read(self, start: int, end: int, /) -> bytes:
        """Give those from `start` on and before `end`."""


class InMemory:
    """A document that is held whole."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, start: int, end: int, /) -> bytes:
        """Give those from `start` on and before `end`."""
        return self._data[start:end]


class Pieces(Sequence[_E]):
    """The entries of one kind, each read anew whenever it is asked for; none is held."""

    def __init__(self, kept: Lying, kind: type[_E], edges: array[int]) -> None:
        self._kept, self._kind, self._edges = kept, kind, edges
        self._entries: TypeAdapter[tuple[_E, ...]] = TypeAdapter(tuple[kind, ...])  # type: ignore[valid-type]

    def __len__(self) -> int:
        return len(self._edges) // 2

    def __iter__(self) -> Iterator[_E]:
        for start in range(0, len(self), BATCH):
            yield from self._between(start, min(start + BATCH, len(self)))

    @overload
    def __getitem__(self, at: int) -> _E: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[_E]: ...
    def __getitem__(self, at: int | slice) -> _E | Sequence[_E]:
        asked = range(len(self))[at]
        if isinstance(asked, int):
            return self._between(asked, asked + 1)[0]
        if asked.step != 1:
            return tuple(self[number] for number in asked)
        return Pieces(self._kept, self._kind, self._edges[asked.start * 2 : asked.stop * 2])

    def check(self) -> None:
        """Read every entry once; raises `ValueError` where one is not what it should be, or is not there."""
        read = sum(1 for _ in self)
        borders = zip(self._edges[1:-1:2], self._edges[2::2], strict=True)
        if read != len(self) or any(end + len(_NEXT) != start for end, start in borders):
            raise ValueError("the entries do not stand one behind the other")
        if any(self._kept.read(self._edges[at * 2 - 1], self._edges[at * 2]) != _NEXT for at in self._starts()):
            raise ValueError("something stands between the entries")

    def _starts(self) -> range:
        return range(BATCH, len(self), BATCH)

    def _between(self, start: int, end: int) -> tuple[_E, ...]:
        data = self._kept.read(self._edges[start * 2], self._edges[end * 2 - 1])
        return self._entries.validate_json(b"[%b]" % data)


def open_document(kept: Lying) -> ResultDocument:
    """Open a document; of what there may be very much it holds the places only, and reads the entries when asked.

    Every entry is read once, so that none is refused later. Raises `ValueError` for what is no document of this form.
    """
    found, rest = _places(kept)
    document = ResultDocument.model_validate_json(rest)
    many = {name.decode(): Pieces(kept, _MANY[name], edges) for name, edges in found.items()}
    for pieces in many.values():
        pieces.check()
    return document.model_copy(update=many)


def _places(kept: Lying) -> tuple[dict[bytes, array[int]], bytes]:
    """Give where the entries of each kind begin and end, and the document without them."""
    found: dict[bytes, array[int]] = {}
    rest, left, edges = bytearray(), 0, None
    for at, edge in _edges(kept):
        name, listed, brace = edge.groups()
        if name:
            edges = None
            if name in found:
                raise ValueError("a member is there twice")
            if name in _MANY and listed:
                edges = found[name] = array("Q")
        elif edges is None:
            continue
        elif brace:
            if (brace == b"{") == len(edges) % 2:
                raise ValueError("an entry begins in another")
            edges.append(at + edge.end() - edge.start() - (brace == b"{"))
        elif edges:
            if len(edges) % 2:
                raise ValueError("an entry does not end")
            rest += kept.read(left, edges[0])
            left = edges[-1]
            edges = None
    return found, bytes(rest + kept.read(left, kept.size))


def _edges(kept: Lying) -> Iterator[tuple[int, re.Match[bytes]]]:
    held, start = b"", 0
    for begin in range(0, kept.size, _PIECE):
        held += kept.read(begin, min(begin + _PIECE, kept.size))
        whole = held.rfind(b"\n") if begin + _PIECE < kept.size else len(held)
        for edge in _EDGE.finditer(held, 0, max(whole, 0)):
            yield start + edge.start(), edge
        held, start = held[max(whole, 0) :], start + max(whole, 0)
        if len(held) > _LONGEST:
            raise ValueError("a line is longer than any of ours")
