"""Decides which regions of a screen's picture to paint over: those of texts that hold a personal value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from analyzer.analysis.screens import Node, UnreadableHierarchy, read_hierarchy
from analyzer.model.evidence import BlobReader, Screen
from analyzer.model.exhibits import Regions

Hides: TypeAlias = Callable[[str], bool]
"""Says whether a text holds a personal value."""


def regions(recording: str, screen: Screen, read_blob: BlobReader, hides: Hides) -> Regions | None:
    """Give what to paint over; `None` where that is not known, and the picture must not be shown.

    That is so without a hierarchy that can be read, and where a text with such a value has no place of its own.
    """
    if screen.hierarchy is None:
        return None
    try:
        nodes = read_hierarchy(read_blob(recording, screen.hierarchy).decode("utf-8", "replace"))
    except (KeyError, UnreadableHierarchy):
        return None
    if not nodes:
        return None
    texts = [node for node in nodes if _said(node) and (node.password or hides(_said(node)))]
    if any(node.bounds.area == 0 for node in texts):
        return None
    boxes = tuple((node.bounds.left, node.bounds.top, node.bounds.right, node.bounds.bottom) for node in texts)
    outer = nodes[0].bounds
    return Regions(boxes, (outer.right, outer.bottom) if (outer.left, outer.top) == (0, 0) else (0, 0))


def _said(node: Node) -> str:
    """Give all that a view says; text and description apart by a space, so that no value comes out of both."""
    return " ".join(part for part in (node.text, node.description) if part)
