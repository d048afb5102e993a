"""Results in files without a name: on the disk while they are used, and gone with whoever uses them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO
from weakref import finalize


class LaidDown:
    """The bytes of a file; it is closed when nobody refers to it any more."""

    def __init__(self, file: BinaryIO) -> None:
        """Take what was written to a file; the file may be closed afterwards."""
        file.flush()
        self._descriptor = os.dup(file.fileno())
        self.size = os.fstat(self._descriptor).st_size
        finalize(self, os.close, self._descriptor)

    def read(self, start: int, end: int, /) -> bytes:
        """Give the bytes from `start` on and before `end`; raises `OSError`."""
        data = os.pread(self._descriptor, end - start, start)
        if len(data) < min(end, self.size) - start:
            raise OSError("a file of the workspace became shorter while it was read")
        return data


def lay_down(folder: Path, pieces: Iterable[bytes]) -> LaidDown:
    """Write pieces to a file without a name in a folder."""
    with TemporaryFile(dir=folder) as file:
        file.writelines(pieces)
        return LaidDown(file)
