"""Walks JSON documents of which nearly nothing can tell anything, and gives only what may.

Documents of apps are lists of the same objects over and over. What the names of an object say is asked once for all
objects of these names, and what the values say of all values of a document at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from analyzer.analysis.decode_budget import Budget, Child
from analyzer.analysis.decode_json import DEEPEST_PATH, bytes_of, read_whole
from analyzer.analysis.shape_path import called
from analyzer.model.vocabulary import Where

LISTENED: Final = frozenset({Where.BODY, Where.MESSAGE, Where.QUERY, Where.RESPONSE})
"""Parts of a record in which the values of documents count for little else than themselves."""
_ROOT: Final = "json:$"
_TEXTS: Final = {str}
_SCALARS: Final = {str, bool}
_CONTAINERS: Final = {tuple, list}


class Watch(Protocol):
    """Says of the values under one name whether they may tell anything."""

    @property
    def dull(self) -> AbstractSet[str]:
        """Give some that do not."""

    def may_tell(self, value: str) -> bool:
        """Say it of one value."""


class Says(NamedTuple):
    """What the names of an object say: whether all of its values count, and those whose values may, by their place.

    `steps` lead to its fields, `below` are the names of what is in them; `odd` are names that may be values themselves.
    `holders` are kinds of containers that are called so, and `weak` says that short values count under these names.
    """

    names: tuple[str, ...]
    keeps: bool
    watched: tuple[tuple[int, str, Watch], ...]
    steps: tuple[str, ...]
    below: tuple[str, ...]
    odd: tuple[str, ...]
    holders: frozenset[Any]
    weak: bool


Sayings: TypeAlias = Mapping[tuple[str, tuple[str, ...]], Says]
"""What every object says, by the name that it stands under and the names in it."""


class Place(NamedTuple):
    """Where a document stands: part of the record, path (empty for all of a body), and the name that it has there."""

    where: Where
    path: str
    key: str


class Document(NamedTuple):
    """All values of a document: each of them, and all in one, each behind the end of a line; and what its names say."""

    place: Place
    values: Sequence[str]
    joined: bytes
    said: tuple[Says, ...]


class Heard(NamedTuple):
    """The values of a document that count whatever their names, and what is to be known of all others, if anything."""

    loud: frozenset[str]
    rest: Any


class Listener(Protocol):
    """Knows what counts in a document."""

    def sayings(self, where: Where) -> Sayings:
        """Give what objects say in a part of a record."""

    def loud(self, document: Document) -> Heard | None:
        """Give the values that count whatever their names; `None` where all of a document has to be looked at."""


class Sparse(NamedTuple):
    """What of a document counts, how many values and bytes do not, and their names."""

    children: list[Child]
    left_out: int
    bytes_left_out: int
    names: frozenset[str]
    rest: Any


_Row: TypeAlias = tuple[int, str, Says, Sequence[str], Sequence[str], Sequence[str]]
"""Values that stand in one object or list, in a row: its number, path and names, their names, they, the steps to them.
"""


def open_sparsely(text: str, place: Place, listener: Listener, budget: Budget) -> Sparse | None:
    """Read a document that fills a text; `None` where it is none, or is to be read as a whole for any reason."""
    read = read_whole(text)
    if read is None:
        return None
    walk = _Walk(place, listener.sayings(place.where), min(budget.leaves_left, len(text)))
    if not walk.through(read[0]):
        return None
    values = walk.values
    joined = "\n".join(["", *values]).encode("utf-8", "surrogatepass")
    size = len(joined) - len(values)
    if size > budget.bytes_left:
        return None
    heard = listener.loud(Document(place, values, joined, tuple(walk.said.values())))
    if heard is None:
        return None
    owners = {row[0] for row in walk.rows if _counts(row, heard.loud)}
    kept = [row for row in walk.rows if row[0] in owners] if owners else []
    children = [child for row in kept for child in _children(row)]
    left = size - sum(len(value.encode("utf-8", "surrogatepass")) for row in kept for value in row[4])
    names: frozenset[str] = frozenset()
    if heard.rest is not None:
        names = names.union(*{id(row[3]): row[3] for row in walk.rows if row[0] not in owners}.values())
    return Sparse(children, len(values) - len(children), left, names, heard.rest)


class _Walk:
    """Goes through the objects and lists of a document in its order, and notes their values by the row."""

    def __init__(self, place: Place, sayings: Sayings, most: int) -> None:
        self.place = place
        self.sayings = sayings
        self.most = most
        self.rows: list[_Row] = []
        self.values: list[str] = []
        self.said: dict[int, Says] = {}
        self._owners = 0

    def through(self, document: Any) -> bool:
        """Go through all; false where that is not to be done here."""
        parent = called(f"{self.place.path}>{_ROOT}" if self.place.path else _ROOT)
        pending: list[Any] = [(_ROOT, self.place.key, parent, document)]
        rows, values, said, sayings, most, nodes = self.rows, self.values, self.said, self.sayings, self.most, 0
        while pending:
            one = pending.pop()
            if len(one) != 4:  # noqa: PLR2004 - a row
                rows.append(one)
                values += one[4]
                continue
            nodes += 1
            path, name, parent, node = one
            if nodes > most or len(path) > DEEPEST_PATH or len(values) > most:
                return False
            if type(node) is not tuple:
                found = self._list(path, name, parent, node)
                if found is None:
                    return False
                pending += found
            elif node:
                names, held = zip(*node, strict=True)
                says = sayings[parent, names]
                said[id(says)] = says
                kinds = set(map(type, held))
                if kinds <= _SCALARS and "" not in held and not says.odd:
                    texts: Sequence[str] = held
                    if kinds != _TEXTS:
                        texts = [one if type(one) is str else "true" if one else "false" for one in held]
                    rows.append((nodes, path, says, says.names, texts, says.steps))
                    values += texts
                else:
                    pending += self._mixed(nodes, path, says, held)
        return 0 < len(values) <= most

    def _mixed(self, number: int, path: str, says: Says, values: Sequence[Any]) -> Sequence[Any]:
        """Give the rows and the containers of an object, the last first."""
        found: list[Any] = []
        if says.odd:
            named = [name for name in says.odd if name]
            found.append((number, path, says, [""] * len(named), named, ["#key"] * len(named)))
        items = zip(says.names, values, says.steps, says.below, strict=True)
        for held, group in groupby(items, key=_is_held):
            if held:
                found += [(path + step, name, below, value) for name, value, step, below in group]
            elif row := [(name, _told(value), step) for name, value, step, _ in group if value not in ("", None)]:
                found.append((number, path, says, *zip(*row, strict=True)))
        found.reverse()
        return found

    def _list(self, path: str, name: str, parent: str, node: Any) -> Sequence[Any] | None:
        """Give what is in a list, the last first; `None` where nobody knows in what order, or its values are bytes."""
        if type(node) is not list:
            return () if node == () else None
        kinds = set(map(type, node))
        if kinds <= _CONTAINERS:
            parent = "" if path == _ROOT else parent
            return [(f"{path}[{at}]", name, parent, node[at]) for at in range(len(node) - 1, -1, -1)]
        if not kinds.isdisjoint(_CONTAINERS) or bytes_of(node) is not None:
            return None
        told = [(_told(value), f"[{at}]") for at, value in enumerate(node) if value not in ("", None)]
        if not told:
            return ()
        says = self.sayings[parent, (name,)]
        self.said[id(says)] = says
        self._owners -= 1
        values, steps = zip(*told, strict=True)
        return [(self._owners, path, says, [name] * len(values), values, steps)]


def _children(row: _Row) -> Iterator[Child]:
    _, path, _, names, values, steps = row
    for step, name, value in zip(steps, names, values, strict=True):
        yield path + step, name, value


def _counts(row: _Row, loud: frozenset[str]) -> bool:
    _, _, says, names, values, steps = row
    if says.keeps or (loud and not loud.isdisjoint(values)):
        return True
    if steps is says.steps:
        for at, _, watch in says.watched:
            value = values[at]
            if value not in watch.dull and watch.may_tell(value):
                return True
        return False
    watched = {name: watch for _, name, watch in says.watched}
    pairs = [(watched[name], value) for name, value in zip(names, values, strict=True) if name in watched]
    return any(value not in watch.dull and watch.may_tell(value) for watch, value in pairs)


def _is_held(item: tuple[str, Any, str, str]) -> bool:
    return type(item[1]) in _CONTAINERS


def _told(value: Any) -> str:
    return value if type(value) is str else "true" if value else "false"
