"""Writes JSON that stands inside of a page's `script` element, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeAlias, TypeVar

Row: TypeAlias = dict[str, Any]
_T = TypeVar("_T")


class Rows(Generic[_T]):
    """Rows for the script, each made when it is written."""

    def __init__(self, entries: Iterable[_T], write: Callable[[_T], Any]) -> None:
        self._entries, self._write = entries, write

    def __iter__(self) -> Iterator[Any]:
        return map(self._write, self._entries)


class Members:
    """Members of an object for the script, each made when it is written."""

    def __init__(self, made: Callable[[], Iterator[tuple[str, Any]]]) -> None:
        self._made = made

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return self._made()


def script_pieces(members: Mapping[str, Any]) -> Iterator[str]:
    """Write an object as `script_json` does, the rows of `Rows` and the members of `Members` one by one."""
    lead = "{"
    for name, value in members.items():
        yield f"{lead}{script_json(name)}:"
        if isinstance(value, Rows):
            yield from _enclosed("[]", map(script_json, value))
        elif isinstance(value, Members):
            yield from _enclosed("{}", (f"{script_json(key)}:{script_json(one)}" for key, one in value))
        else:
            yield script_json(value)
        lead = ","
    yield "}"


def _enclosed(marks: str, written: Iterable[str]) -> Iterator[str]:
    lead = marks[0]
    for one in written:
        yield lead + one
        lead = ","
    yield marks if lead == marks[0] else marks[1]


def script_json(tree: Any) -> str:
    """Write JSON that can stand inside of a `script` element: nothing in it ends the element or begins a comment."""
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
