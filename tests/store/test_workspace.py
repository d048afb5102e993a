from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analyzer.store.problems import SessionNotFound
from analyzer.store.session import SessionWriter
from analyzer.store.workspace import Workspace, is_session_id


def add(workspace: Workspace, make: Any, package: str = "com.example") -> str:
    with SessionWriter.create(workspace, make.info(workspace, package)) as writer:
        return writer.info.id


def test_ids_tell_time_and_package_and_are_safe_as_names(workspace: Workspace) -> None:
    assert workspace.new_id("com.example", 1_795_457_700_000_000).startswith("20261123-181500-com.example-")
    for package in ("../../etc", "a/b", "", "x" * 500, "包", "a\nb"):
        assert is_session_id(workspace.new_id(package, 0))
    for name in ("..", "20261123-181500-../x-1f3a", "20261123-181500-a-1f3a\n", "20261123-181500--1f3a"):
        assert not is_session_id(name)


def test_a_session_is_found_by_id_start_part_or_latest(workspace: Workspace, make: Any) -> None:
    first, second = add(workspace, make, "com.first"), add(workspace, make, "com.second")
    assert workspace.sessions() == [first, second]
    for word, expected in ((first, first), ("latest", second), ("com.sec", second), (first[-4:], first)):
        assert workspace.find(word).name == expected


def test_an_ambiguous_or_unknown_word_lists_the_candidates(workspace: Workspace, make: Any) -> None:
    ids = [add(workspace, make, f"com.app{number}") for number in range(7)]
    with pytest.raises(SessionNotFound, match=r"may mean .*com.app6.* 2 more.*give more of the id"):
        workspace.find("2026")
    for word in ("nothing", ""):
        with pytest.raises(SessionNotFound, match=f"{ids[6]}, {ids[5]}, .* 2 more"):
            workspace.find(word)


def test_what_is_no_session_is_not_listed(workspace: Workspace, make: Any, tmp_path: Path) -> None:
    only = add(workspace, make)
    (workspace.sessions_folder / "notes.txt").write_text("x")
    (workspace.sessions_folder / ".new-1").mkdir()
    (workspace.sessions_folder / "20200101-000000-x-0000").symlink_to(tmp_path)
    assert workspace.sessions() == [only]


def test_a_deleted_session_is_gone_and_only_a_whole_id_deletes(workspace: Workspace, make: Any) -> None:
    only = add(workspace, make)
    for word in ("latest", only[:-1], "../keys", "", "."):
        with pytest.raises(SessionNotFound):
            workspace.delete(word)
    workspace.delete(only)
    assert list(workspace.sessions_folder.iterdir()) == []
