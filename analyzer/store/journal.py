"""One append-only file of chained records."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from analyzer.store.chain import genesis, join, link, split
from analyzer.store.files import FILE_MODE, write_all
from analyzer.store.lines import read_lines
from analyzer.store.lock import lock

_OPEN: Final = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW


class Journal:
    """Appends payloads to one file, each chained to the one before; not thread-safe.

    One process at a time: a second writer is refused with `SessionBusy`. A file that exists is continued; a torn last
    line is ended, never changed, and the chain goes on from the last whole line.
    """

    def __init__(self, path: Path, session_id: str, recording: str) -> None:
        self._pending = bytearray()
        self._descriptor = os.open(path, _OPEN, FILE_MODE)
        try:
            lock(self._descriptor, str(path))
            self._head = self._resume(path, genesis(session_id, recording, path.name))
        except BaseException:
            os.close(self._descriptor)
            raise

    def add(self, payload: bytes) -> int:
        """Chain a payload and hold it; give the number of bytes that wait for `take`."""
        self._head = link(self._head, payload)
        self._pending += join(payload, self._head)
        return len(self._pending)

    def take(self) -> bytearray:
        """Give the lines that wait and forget them."""
        pending, self._pending = self._pending, bytearray()
        return pending

    def write(self, lines: bytearray) -> None:
        """Hand lines to the operating system; raises `OSError`."""
        if lines:
            write_all(self._descriptor, lines)

    def close(self) -> None:
        """Make what was written durable and let go of the file."""
        try:
            os.fsync(self._descriptor)
        finally:
            os.close(self._descriptor)

    def _resume(self, path: Path, head: str) -> str:
        ended = True
        with path.open("rb") as file:
            for line in read_lines(file):
                ended = line.ended
                parts = split(line.data)
                head = parts[1] if parts else head
        if not ended:
            self._pending += b"\n"
        return head
