"""Reads the paths of leaves: what holds a value, what that is called, and which field of a list it is."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LAST_STEP: Final = re.compile(r"(?:(?:^|>)[a-z]+:|\.|\[|/)[^.>\[/]*$")
_INDEX: Final = re.compile(r"\[\d+\]")
_NAME: Final = re.compile(r"""(?:\["([^"\]]+)"\]|([^.>:\[\]$/]+))(?:\[\d+\])*$""")
"""A name, or one in quotes for the signs in it (`["$email"]`), and the indexes after it."""


def container_of(path: str) -> str:
    """Give the path of what holds a value directly; empty for a field at the top."""
    cut = path.rfind(".")
    if cut >= 0 and path.find("[", cut) < 0 and path.find("/", cut) < 0 and path.find(">", cut) < 0:
        return path[:cut]
    return _LAST_STEP.sub("", path)


def name_of(path: str) -> str:
    """Give the last name in a path, without the indexes after it."""
    found = _NAME.search(path)
    return (found[1] or found[2]) if found else ""


def parent_of(path: str) -> str:
    """Give the name of what holds a value directly; for the top of a document within a field that of the field."""
    return _usual_name(container_of(path))


def _holder_name(path: str) -> str:
    return name_of(path[: path.rindex(">")] if path.endswith(":$") and ">" in path else path)


_usual_name: Final = lru_cache(maxsize=4_096)(_holder_name)


def field_of(path: str) -> str:
    """Give the path of a field, the same for all items of a list."""
    return _INDEX.sub("[]", path)


def list_of(path: str) -> str:
    """Give the path of the innermost list that a value stands in; empty where there is none."""
    at = path.rfind("[")
    return path[:at] if at >= 0 and path[at + 1 : at + 2].isdigit() else ""
