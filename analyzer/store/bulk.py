"""Writes much at once: many rows, and a document of any size."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any, BinaryIO, Final

from sqlalchemy import JSON, Connection, Table, func, select, text

from analyzer.store.schema import DOCUMENTS

_PIECE: Final = 1 << 20
_ROOM: Final = text("INSERT INTO documents (session_id, run_id, data) VALUES (:session, :run, zeroblob(:size))")
_PUT: Final = text("SELECT lo_put(:number, :at, :piece)")
_TAKE: Final = text("INSERT INTO documents (session_id, run_id, data) VALUES (:session, :run, lo_get(:number))")
_ONE_STATE: Final = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def insert_document(connection: Connection, session_id: str, run_id: str, file: BinaryIO) -> None:
    """Insert what stands in a file as the document of a session, piece by piece."""
    if connection.dialect.name != "sqlite":
        file.seek(0)
        number = connection.execute(text("SELECT lo_create(0)")).scalar_one()
        for at, piece in enumerate(iter(lambda: file.read(_PIECE), b"")):
            connection.execute(_PUT, {"number": number, "at": at * _PIECE, "piece": piece})
        connection.execute(_TAKE, {"session": session_id, "run": run_id, "number": number})
        connection.execute(text("SELECT lo_unlink(:number)"), {"number": number})
        return
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    made = connection.execute(_ROOM, {"session": session_id, "run": run_id, "size": size})
    driver: Any = connection.connection.driver_connection
    with driver.blobopen(DOCUMENTS.name, DOCUMENTS.c.data.name, made.lastrowid) as room:
        while piece := file.read(_PIECE):
            room.write(piece)


def document_pieces(connection: Connection, session_id: str) -> Generator[bytes, None, None]:
    """Give the document of a session piece by piece, all of one state; nothing where there is none.

    The connection is one on which nothing was asked yet.
    """
    its = DOCUMENTS.c.session_id == session_id
    if connection.dialect.name != "sqlite":
        connection.execute(_ONE_STATE)
        size = connection.execute(select(func.octet_length(DOCUMENTS.c.data)).where(its)).scalar() or 0
        for at in range(0, size, _PIECE):
            yield connection.execute(select(func.substring(DOCUMENTS.c.data, at + 1, _PIECE)).where(its)).scalar_one()
        return
    driver: Any = connection.connection.driver_connection
    for row in connection.execute(select(text("rowid")).select_from(DOCUMENTS).where(its)).scalars():
        with driver.blobopen(DOCUMENTS.name, DOCUMENTS.c.data.name, row, readonly=True) as room:
            while piece := room.read(_PIECE):
                yield piece


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows that hold a value for every column in its order; lists and trees go into columns of JSON.

    SQLite gets them as they are: on the way through SQLAlchemy's types most of the time would pass.
    """
    if connection.dialect.name != "sqlite":
        names = table.columns.keys()
        connection.execute(table.insert(), [dict(zip(names, map(_plain, row), strict=True)) for row in rows])
        return
    trees = [at for at, column in enumerate(table.columns) if isinstance(column.type, JSON)]
    statement = str(table.insert().compile(dialect=connection.dialect))
    connection.exec_driver_sql(statement, list(_spelled(rows, trees)) if trees else list(rows))


def _spelled(rows: Iterable[tuple[Any, ...]], trees: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    for row in rows:
        cells = list(row)
        for at in trees:
            cells[at] = _json(cells[at])
        yield tuple(cells)


def _json(tree: Any) -> str:
    if isinstance(tree, list):
        if not tree:
            return "[]"
        if all(type(item) is str for item in tree):
            return _texts(tuple(tree))
    return json.dumps(tree)


@lru_cache(maxsize=4096)
def _texts(texts: tuple[str, ...]) -> str:
    return json.dumps(texts)


def _plain(cell: Any) -> Any:
    return cell.value if isinstance(cell, Enum) else cell
