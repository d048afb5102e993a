"""Where capture puts its records: the one door from a device to the evidence."""

from __future__ import annotations

from typing import Protocol

from analyzer.model.evidence import Blob, Record


class EvidenceSink(Protocol):
    """Takes records in the order they come; thread-safe; raises `OSError` when evidence cannot be written."""

    def append(self, record: Record) -> None:
        """Write one record to the file of its kind."""

    def keep(self, data: bytes, suffix: str = "") -> Blob:
        """Keep bytes beside the records, named by their content."""
