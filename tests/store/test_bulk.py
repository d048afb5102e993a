from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.dialects import postgresql

from analyzer.store.bulk import document_pieces, insert_rows
from analyzer.store.database import writing
from analyzer.store.results import document, save
from analyzer.store.rows import result_rows
from analyzer.store.schema import RESULT_TABLES
from analyzer.store.workspace import Workspace


def test_what_is_written_in_bulk_is_what_sqlalchemy_writes(engine: Engine, workspace: Workspace, make: Any) -> None:
    info, analysis = make.info(workspace), make.analysis(3)
    save(engine, info, analysis, b"{}")
    with engine.connect() as connection:
        bulk = {table.name: connection.execute(select(table)).all() for table in RESULT_TABLES}
    with writing(engine) as connection:
        for table in RESULT_TABLES:
            connection.execute(table.delete())
        for table, rows in result_rows(info.id, analysis):
            connection.execute(table.insert(), [dict(zip(table.columns.keys(), row, strict=True)) for row in rows])
    with engine.connect() as connection:
        assert {table.name: connection.execute(select(table)).all() for table in RESULT_TABLES} == bulk
    assert all(bulk.values())


def test_another_database_gets_plain_values_by_name(make: Any) -> None:
    told: dict[str, list[dict[str, Any]]] = {}

    class Other(Connection):
        dialect = postgresql.dialect()

        def __init__(self) -> None:
            """Connect to nothing."""

        def execute(self, statement: Any, parameters: Any = None, **_: Any) -> Any:
            told[statement.table.name] = parameters

    for table, rows in result_rows("s", make.analysis()):
        insert_rows(Other(), table, rows)
    assert told.keys() == {table.name for table in RESULT_TABLES}
    (seen,) = told["observations"]
    assert (type(seen["channel"]), seen["encodings"], seen["place"]) == (str, ["gzip", "base64"], "body")


@pytest.mark.parametrize("size", [0, 1, (1 << 20) + 1])
def test_a_document_of_any_size_comes_back_byte_for_byte(
    engine: Engine, workspace: Workspace, make: Any, size: int
) -> None:
    data = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    info = make.info(workspace)
    save(engine, info, make.analysis(), BytesIO(data))
    assert document(engine, info.id) == data


def test_no_database_is_asked_for_more_than_a_piece_at_once(engine: Engine, workspace: Workspace, make: Any) -> None:
    data = bytes(range(256)) * (3 << 12) + b"end"
    info = make.info(workspace)
    save(engine, info, make.analysis(), BytesIO(data))
    with engine.connect() as connection:
        pieces = list(document_pieces(connection, info.id))
    assert list(map(len, pieces)) == [1 << 20] * 3 + [3]
    assert b"".join(pieces) == data


def test_pieces_of_a_document_that_is_replaced_meanwhile_are_those_of_the_first(
    engine: Engine, workspace: Workspace, make: Any
) -> None:
    info, size = make.info(workspace), (1 << 20) + 1
    save(engine, info, make.analysis(), b"a" * size)
    with engine.connect() as connection:
        pieces = document_pieces(connection, info.id)
        first = next(pieces)
        save(engine, info, make.analysis(), b"b" * size)
        assert first + b"".join(pieces) == b"a" * size
    assert document(engine, info.id) == b"b" * size


def test_nothing_is_left_of_what_was_on_its_way(engine: Engine, workspace: Workspace, make: Any) -> None:
    if engine.dialect.name == "sqlite":
        return
    save(engine, make.info(workspace), make.analysis(), b"{}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_largeobject_metadata")).scalar_one() == 0
