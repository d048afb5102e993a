from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from analyzer.store.database import open_database, sqlite_url
from analyzer.store.read_only import may_write, reading
from analyzer.store.results import document, save, summaries
from analyzer.store.workspace import Workspace


def _made(path: Path, workspace: Workspace, make: Any) -> str:
    info = make.info(workspace)
    engine: Engine = open_database(sqlite_url(path))
    save(engine, info, make.analysis(), b"{}")
    engine.dispose()
    return str(info.id)


def test_a_database_is_read_as_it_lies_and_nothing_is_made_beside_it(
    tmp_path: Path, workspace: Workspace, make: Any
) -> None:
    path = tmp_path / "a b#1" / "results.db"
    session = _made(path, workspace, make)
    before = path.read_bytes()
    with reading(path) as engine:
        assert document(engine, session) == b"{}"
        assert [one.session_id for one in summaries(engine)] == [session]
        assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == before


def test_where_there_is_none_it_is_empty_and_none_is_made(tmp_path: Path) -> None:
    with reading(tmp_path / "none.db") as engine:
        assert summaries(engine) == []
    assert not list(tmp_path.iterdir())


def test_what_is_missing_may_be_written_where_it_may_be_made(tmp_path: Path) -> None:
    assert may_write(tmp_path / "a" / "b" / "c.db")
    assert may_write(tmp_path)
