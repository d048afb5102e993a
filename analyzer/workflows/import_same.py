"""Finds files of an import that hold the same records, whatever their compression, line ends or layout."""

from __future__ import annotations

from dataclasses import fields
from hashlib import sha256
from typing import Final

from analyzer.codec.foreign import ForeignRecord

_FILE: Final = frozenset({"source", "flow", "place"})
"""What a record says of the file that it stands in, not of what happened."""


class SameFiles:
    """Takes the records of one file after the other."""

    def __init__(self) -> None:
        self._known: dict[bytes, str] = {}
        self._digest = sha256()
        self._records = 0

    def take(self, record: ForeignRecord) -> None:
        """Take one record of the file that is being read."""
        told = [getattr(record, field.name) for field in fields(record) if field.name not in _FILE]
        self._digest.update(repr((type(record).__name__, told)).encode("utf-8", "backslashreplace"))
        self._records += 1

    def end(self, name: str) -> str:
        """End the file of that name; gives the name of an earlier one with the same records, else nothing."""
        digest, records = self._digest.digest(), self._records
        self._digest, self._records = sha256(), 0
        earlier = self._known.setdefault(digest, name) if records else name
        return "" if earlier is name else earlier
