from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from analyzer.store.files import make_folder, sync_folder, write_all, write_whole


def test_folders_are_for_the_owner_alone_and_those_that_exist_stay(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    made = make_folder(tmp_path / "a" / "b")
    assert make_folder(made) == made
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, made.parent, made)]
    assert modes == [0o755, 0o700, 0o700]


@pytest.mark.parametrize("durable", [True, False])
def test_a_file_is_written_whole_and_replaces_what_was_there(tmp_path: Path, *, durable: bool) -> None:
    for data in (b"first", b"second"):
        write_whole(tmp_path / "file", data, durable=durable)
        assert (tmp_path / "file").read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken" / "deep").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken", b"data")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_every_byte_goes_through_a_pipe_that_takes_few_at_a_time() -> None:
    reading, writing = os.pipe()
    write_all(writing, bytearray(b"abc" * 1000))
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert file.read() == b"abc" * 1000


def test_only_folders_can_be_synced(tmp_path: Path) -> None:
    sync_folder(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        sync_folder(tmp_path / "file")
