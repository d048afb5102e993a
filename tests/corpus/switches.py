"""Switches detectors, decoders and forms off, one at a time, to see whether anything notices.

A switch is a public function of a module of detection, named `module:function`. Off, it finds nothing: it gives `None`,
`False`, or something empty, as its annotation says. Functions that name or weigh what others found stay out (`KEPT`).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import analyzer.analysis

FAMILIES: Final = ("decode_", "detect_", "indicator_", "shape_")
"""Modules whose names start so hold one way of knowing each."""

DEAD: Final = (
    ("bool", False),
    ("Iterator", ()),
    ("Iterable", ()),
    ("list", []),
    ("tuple", ()),
    ("frozenset", frozenset()),
    ("str", ""),
)
"""What a dead function gives, by the start of its annotation; anything that may be `None` gives that."""


def modules() -> list[str]:
    names = (found.name for found in pkgutil.iter_modules(analyzer.analysis.__path__))
    return sorted(name for name in names if name.startswith(FAMILIES))


def switches() -> list[str]:
    """Name every public function of detection that can be switched off."""
    found = []
    for name in modules():
        module = importlib.import_module(f"analyzer.analysis.{name}")
        for word, thing in vars(module).items():
            own = inspect.isfunction(thing) and thing.__module__ == module.__name__
            if own and not word.startswith("_") and _gives(thing) is not NotImplemented:
                found.append(f"{name}:{word}")
    return found


def _gives(function: Callable[..., Any]) -> Any:
    """Give what a dead function returns; `NotImplemented` where its annotation names no emptiness."""
    said = str(function.__annotations__.get("return", ""))
    if "| None" in said:
        return None
    return next((empty for start, empty in DEAD if said.startswith(start)), NotImplemented)


@contextmanager
def off(switch: str, *, everywhere: bool = False) -> Iterator[None]:
    """Let a function find nothing wherever detection refers to it; `everywhere` also where the tests do."""
    name, _, word = switch.partition(":")
    alive = getattr(importlib.import_module(f"analyzer.analysis.{name}"), word)
    empty = _gives(alive)
    iterates = str(alive.__annotations__.get("return", "")).startswith("Iterator")

    def dead(*_: Any, **__: Any) -> Any:
        return iter(()) if iterates else empty

    places = list(_places(alive, "" if everywhere else "analyzer.analysis"))
    try:
        for holder, key in places:
            holder[key] = dead
        _forget()
        yield
    finally:
        for holder, key in places:
            holder[key] = alive
        _forget()


def _forget() -> None:
    """Forget every answer that a function of detection remembers: it was given with other switches."""
    for name, module in list(sys.modules.items()):
        if name.startswith("analyzer.analysis"):
            for thing in list(vars(module).values()):
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


def _places(function: Callable[..., Any], start: str) -> Iterator[tuple[dict[Any, Any], Any]]:
    """Find the namespaces and tables of the modules of some package that refer to a function."""
    for name, module in list(sys.modules.items()):
        if not name.startswith(start):
            continue
        for word, thing in list(vars(module).items()):
            if thing is function:
                yield vars(module), word
            if isinstance(thing, dict):
                yield from ((thing, key) for key, value in thing.items() if value is function)
