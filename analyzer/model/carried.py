"""Records that go to other processes in great numbers."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def carried(kind: type[T]) -> type[T]:
    """Let the records of a dataclass be pickled by their values alone, and made again by its constructor.

    What Python does for frozen classes with slots looks at the class anew for each record, and takes five times as
    long. The class has at least two fields, all of which its constructor takes.
    """
    values_of = attrgetter(*[field.name for field in fields(kind)])  # type: ignore[arg-type]

    def reduced(record: Any) -> tuple[type[T], tuple[Any, ...]]:
        return kind, values_of(record)

    kind.__reduce__ = reduced  # type: ignore[method-assign,assignment]
    return kind
