"""Old formats to today's: a chain of one-step functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

Document: TypeAlias = dict[str, Any]
"""A decoded JSON object with its keys `v` and `record`."""

Step: TypeAlias = Callable[[Document], Document]
"""Rewrites a document of one version as the next one; it sets neither `v` nor `record`."""

VERSION: Final = 1
"""The version of every format that this package writes."""

STEPS: Final[Mapping[int, Step]] = MappingProxyType({})
"""From each old version, the step to the next; empty while there is only one version."""


_ABSURD: Final = 10**6


class FormatProblem(ValueError):  # noqa: N818 - the message is a sentence for people, not a crash
    """Bytes that are no document of ours; the message is one sentence that names the key or the limit."""


def migrate(document: Document, steps: Mapping[int, Step] = STEPS, current: int = VERSION) -> Document:
    """Bring a document to the current version, one step at a time.

    Raises `FormatProblem` for a version without a step and for one that is newer than this program.
    """
    version = document.get("v")
    if type(version) is not int or not 1 <= version < _ABSURD:
        raise FormatProblem("`v` must be a version number from 1")
    if version > current:
        raise FormatProblem(f"version {version} was written by a newer analyzer (this one knows {current}): update it")
    for number in range(version, current):
        if number not in steps:
            raise FormatProblem(f"there is no step from version {number} to {number + 1}")
        document = {**steps[number](document), "v": number + 1, "record": document.get("record")}
    return document
