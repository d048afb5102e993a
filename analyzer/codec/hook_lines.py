"""Reads foreign captures of the kind hook_lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from analyzer.codec.foreign import Broken, ForeignRecord


def read_hook_lines(file: BinaryIO, source: str) -> Iterator[ForeignRecord]:
    """Read the records of a capture one by one; raises `OSError` only."""
    del file
    yield Broken(source, "this kind cannot be read yet", 0)
