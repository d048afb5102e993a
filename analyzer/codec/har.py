"""Reads HAR 1.2 in every dialect, whole or damaged, one entry at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from analyzer.codec.foreign import UNREADABLE, Broken, ForeignRecord
from analyzer.codec.foreign_stream import PlainStream
from analyzer.codec.har_entry import HarEntries
from analyzer.codec.har_scan import scan_entries


def read_har(file: BinaryIO, source: str) -> Iterator[ForeignRecord]:
    """Read the entries of a HAR: compressed or not, in any Unicode encoding, with or without its outer objects.

    An entry that cannot be read is `Broken`, named by its place (`log.entries[3]`), and so is the end of a file that
    was cut off. An entry without a time of its own gets that of the one before. Raises `OSError` only.
    """
    entries = HarEntries(source)
    for number, element in enumerate(scan_entries(PlainStream(file, text=True)), 1):
        if element.why:
            yield Broken(element.place, element.why, entries.times.last)
            continue
        try:
            records = entries.records(element.value, number)
        except UNREADABLE as problem:
            yield Broken(element.place, str(problem)[:200], entries.times.last)
        else:
            yield from records
    yield from entries.tunnels()
