from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest

from analyzer.workflows.laid_down import lay_down


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_what_is_laid_down_is_read_in_any_part_and_has_no_name(tmp_path: Path) -> None:
    laid = lay_down(tmp_path, [b"abc", b"", b"defg"])
    assert (laid.size, laid.read(0, laid.size), laid.read(2, 5), laid.read(5, 99)) == (7, b"abcdefg", b"cde", b"fg")
    assert not list(tmp_path.iterdir())


def test_the_file_is_closed_with_the_last_who_refers_to_it(tmp_path: Path) -> None:
    gc.collect()
    before = open_files()
    laid = lay_down(tmp_path, [b"abc"])
    assert open_files() == before + 1
    del laid
    assert open_files() == before


def test_a_file_that_became_shorter_is_no_shorter_result(tmp_path: Path) -> None:
    laid = lay_down(tmp_path, [b"abcdef"])
    os.truncate(laid._descriptor, 3)
    with pytest.raises(OSError, match="became shorter"):
        laid.read(0, 6)
