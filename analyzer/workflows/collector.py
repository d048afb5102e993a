"""Python's collector of reference cycles, where it has little to find."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = 50_000
"""Between two looks so many more objects are made than were let go; a few megabytes may wait for the next."""


@contextmanager
def seldom_collecting(objects: int = SELDOM) -> Iterator[None]:
    """Let the collector look seldom while many records are made that refer to nothing in a circle.

    Else it would walk over all of them time and again: a quarter of the work of a large session.
    """
    before = gc.get_threshold()
    gc.set_threshold(objects, 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
