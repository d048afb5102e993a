"""One reader of foreign bytes, as it is fuzzed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One reader: `run` takes any bytes, and raises nothing but `refuses`; `seeds` are bytes that it understands.

    `examples` are tried in the short run of the tests.
    """

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    refuses: tuple[type[Exception], ...] = ()
    examples: int = 25
