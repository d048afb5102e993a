from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzer.store.lock import lock
from analyzer.store.problems import SessionBusy


def test_a_lock_holds_until_its_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    first, second = os.open(path, os.O_RDONLY), os.open(path, os.O_RDONLY)
    lock(first, "the file")
    with pytest.raises(SessionBusy, match="the file is still being written"):
        lock(second, "the file")
    os.close(first)
    lock(second, "the file")
    os.close(second)
