"""Writes many rows at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Connection, Table


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
