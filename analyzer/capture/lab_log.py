"""What lab apps print: one bounded file, and the last lines of each process for the report of a crash."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

LARGEST_LOG: Final = 8_000_000
_TAIL: Final = 2_000


class LabLog:
    """Appends the output of all processes of a run to one file, up to `LARGEST_LOG` bytes. Thread-safe."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("wb", buffering=0)
        self._room = LARGEST_LOG
        self._tails: dict[int, bytes] = {}
        self._lock = threading.Lock()

    def write(self, pid: int, data: bytes) -> None:
        """Take what a process printed; beyond the bound, and on a full disk, only its last lines are remembered."""
        with self._lock:
            self._tails[pid] = (self._tails.get(pid, b"") + data)[-_TAIL:]
            kept = data[: self._room]
            self._room -= len(kept)
            if not kept or self._file.closed:
                return
            try:
                self._file.write(kept)
            except OSError:
                self._room = 0  # the log is for people; evidence has its own, louder, writer

    def tail(self, pid: int) -> str:
        """Give the end of what a process printed."""
        with self._lock:
            return self._tails.get(pid, b"").decode("utf-8", errors="replace").strip()

    def close(self) -> None:
        """Close the file; later output is dropped."""
        with self._lock:
            self._file.close()
