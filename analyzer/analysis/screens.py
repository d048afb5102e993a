"""Screens: a uiautomator hierarchy becomes plain nodes, bounded and safe from entities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MAX_CHARACTERS: Final = 4_000_000
MAX_NODES: Final = 20_000
MAX_DEPTH: Final = 500
MAX_TEXT: Final = 20_000
_BOUNDS: Final = re.compile(r"\[(-?\d{1,6}),(-?\d{1,6})\]\[(-?\d{1,6}),(-?\d{1,6})\]", re.ASCII)


class UnreadableHierarchy(ValueError):  # noqa: N818 - the name says what the screen is
    """The hierarchy is empty, malformed, or larger than any screen."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in pixels; right and bottom are exclusive."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def center(self) -> tuple[int, int]:
        """Give the middle point."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2

    @property
    def area(self) -> int:
        """Give the area in square pixels, 0 when the rectangle is empty."""
        return max(0, self.right - self.left) * max(0, self.bottom - self.top)

    def holds(self, x: int, y: int) -> bool:
        """Say whether a point lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


@dataclass(frozen=True, slots=True)
class Node:
    """One view of the hierarchy; `number` counts in document order, `parent` is the number of its container."""

    number: int
    parent: int | None
    text: str
    description: str
    resource_id: str
    class_name: str
    package: str
    clickable: bool
    checkable: bool
    checked: bool
    password: bool
    bounds: Bounds

    @property
    def label(self) -> str:
        """Give what a person reads on this view."""
        return self.text.strip() or self.description.strip()


@dataclass(slots=True)
class _Collector:
    nodes: list[Node] = field(default_factory=list)
    open: list[int | None] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self.open) >= MAX_DEPTH or len(self.nodes) >= MAX_NODES:
            raise UnreadableHierarchy("the hierarchy is larger than any screen")
        parent = self.open[-1] if self.open else None
        if name != "node":
            self.open.append(parent)
            return
        self.nodes.append(_node(len(self.nodes), parent, attributes))
        self.open.append(len(self.nodes) - 1)

    def end(self, _name: str) -> None:
        self.open.pop()


def read_hierarchy(xml: str) -> tuple[Node, ...]:
    """Read uiautomator XML into nodes in document order.

    Raises `UnreadableHierarchy` for anything that is not a bounded hierarchy without a document type.
    """
    if len(xml) > MAX_CHARACTERS:
        raise UnreadableHierarchy("the hierarchy is larger than any screen")
    collector = _Collector()
    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    try:
        parser.Parse(xml.lstrip().encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise UnreadableHierarchy(f"the hierarchy is no XML: {error}") from error
    return tuple(collector.nodes)


def _refuse(*_declaration: object) -> None:
    raise UnreadableHierarchy("the hierarchy declares a document type, which uiautomator never does")


def _node(number: int, parent: int | None, attributes: Mapping[str, str]) -> Node:
    def flag(name: str) -> bool:
        return attributes.get(name) == "true"

    return Node(
        number=number,
        parent=parent,
        text=attributes.get("text", "")[:MAX_TEXT],
        description=attributes.get("content-desc", "")[:MAX_TEXT],
        resource_id=attributes.get("resource-id", "")[:MAX_TEXT],
        class_name=attributes.get("class", "")[:MAX_TEXT],
        package=attributes.get("package", "")[:MAX_TEXT],
        clickable=flag("clickable"),
        checkable=flag("checkable"),
        checked=flag("checked"),
        password=flag("password"),
        bounds=_bounds(attributes.get("bounds", "")),
    )


def _bounds(text: str) -> Bounds:
    match = _BOUNDS.fullmatch(text.strip())
    return Bounds(*(int(number) for number in match.groups())) if match else Bounds()
