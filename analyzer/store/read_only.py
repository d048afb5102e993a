"""Results where nothing may be written: the database as it lies, or a copy of it that goes again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from analyzer.store.database import newest_revision, open_database, revision, sqlite_url
from analyzer.store.problems import DatabaseUnusable


def may_write(path: Path) -> bool:
    """Say whether a SQLite file, or a folder, may be written; for one that is missing, whether it may be made."""
    if path.is_file() and not os.access(path, os.W_OK):
        return False
    folder = next(one for one in (path, *path.parents) if one.is_dir())
    return os.access(folder, os.W_OK)


@contextmanager
def reading(path: Path) -> Iterator[Engine]:
    """Open a SQLite file that may not be written, an empty one where there is none; nothing is made beside it.

    What an analyzer that was ended left in the journal beside it counts, and tables of an earlier version are brought
    up to date: both in a copy. Raises `DatabaseUnusable`.
    """
    lying = path.is_file() and not path.with_name(f"{path.name}-wal").exists()
    engine = _as_it_lies(path)
    try:
        if lying and _is_of_today(engine):
            yield engine
            return
    finally:
        engine.dispose()
    with TemporaryDirectory(prefix="analyzer-") as folder:
        copy = Path(folder) / path.name
        try:
            for end in ("", "-wal") if path.is_file() else ():
                if (file := path.with_name(path.name + end)).is_file():
                    shutil.copyfile(file, f"{copy}{end}")
        except OSError as problem:
            raise DatabaseUnusable(f"{path} cannot be read ({problem.strerror})") from problem
        engine = open_database(sqlite_url(copy))
        try:
            yield engine
        finally:
            engine.dispose()


def _as_it_lies(path: Path) -> Engine:
    """Open a file of which SQLite is told that nobody changes it, so that it makes no files of its own beside it."""
    query = {"mode": "ro", "immutable": "1", "uri": "true"}
    engine = create_engine(URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=query))

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _is_of_today(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            return revision(connection) == newest_revision()
    except DatabaseError:
        return False
