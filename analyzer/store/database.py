"""Opening the database: SQLite in the workspace, or another by URL; migrated on the way."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import AbstractContextManager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from analyzer.store.files import FILE_MODE, make_folder
from analyzer.store.problems import DatabaseUnusable
from analyzer.store.schema import METADATA

BUSY_SECONDS: Final = 30
"""How long a writer waits for another analyzer in the same workspace."""

_SERVER_ADVICE: Final = "is the server running, and may this user write there? The evidence is not affected"
_ADVICE: Final = "delete the database; `analyzer replay` of each session fills a new one"
_FULL_ADVICE: Final = "free some space; the evidence is kept, and `analyzer replay` of the session judges it then"
_AGAIN_S: Final = 0.02
_DRIVER_ADVICE: Final = "`pip install 'psycopg[binary]'` (or analyzer[postgresql]), or leave --database away"
_MIGRATING: Final = 0x616E616C
"""The lock under which one analyzer at a time makes the tables of a PostgreSQL database."""

_WRITING: Final = "analyzer_writing"
_REVISIONS: Final = "alembic_version"
_MIGRATIONS: Final = Path(__file__).parent / "migrations"


def open_database(url: str) -> Engine:
    """Open a database by its SQLAlchemy URL and bring its tables up to date; dispose of the engine when done.

    A SQLite file is made for the owner alone (0600). Raises `DatabaseUnusable` that says what to do.
    """
    target = _driven(url)
    sqlite = target.get_backend_name() == "sqlite"
    if sqlite and target.database:
        _make_private(Path(target.database))
    try:
        engine = create_engine(target, connect_args={"timeout": BUSY_SECONDS} if sqlite else {})
    except (ModuleNotFoundError, NoSuchModuleError) as problem:
        raise DatabaseUnusable(f"{target.drivername} is not installed: {_DRIVER_ADVICE}") from problem
    if sqlite:
        event.listen(engine, "connect", _configure)
        event.listen(engine, "begin", _begin)
    try:
        with writing(engine) as connection:
            if target.get_backend_name() == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
            migrate(connection)
    except DatabaseError as problem:
        engine.dispose()
        full = getattr(problem.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        advice = _FULL_ADVICE if full else _ADVICE if sqlite else _SERVER_ADVICE
        raise DatabaseUnusable(f"{shown_url(url)} cannot be used ({said(problem)}): {advice}") from problem
    except BaseException:
        engine.dispose()
        raise
    return engine


def _driven(url: str) -> URL:
    """Read a URL; one that only says `postgresql` means the driver that we know. Raises `DatabaseUnusable`."""
    try:
        target = make_url(url)
    except ArgumentError as problem:
        raise DatabaseUnusable("--database is no URL of a database: write postgresql://USER@HOST/NAME") from problem
    return target.set(drivername="postgresql+psycopg") if target.drivername in {"postgresql", "postgres"} else target


def said(problem: DatabaseError) -> str:
    """Give what the database says of a problem, in one line."""
    return " ".join(str(problem.orig).split())


def shown_url(url: str) -> str:
    """Give a URL as it may be shown: without its password, and without its parameters, which may hold one too."""
    try:
        return make_url(url).set(query={}).render_as_string(hide_password=True)
    except ArgumentError:
        return "an address that cannot be read"


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """Begin a transaction that will write; it waits for other writers at once, so it never fails half-way."""
    return engine.execution_options(**{_WRITING: True}).begin()


def sqlite_url(path: Path) -> str:
    """Give the URL of a SQLite file."""
    return f"sqlite:///{path.absolute()}"


def migrate(connection: Connection) -> None:
    """Run the migrations that a database lacks; raises `DatabaseUnusable` for one of a newer analyzer."""
    if revision(connection) == newest_revision():
        return
    # Half a second, which only a new or an old database is worth.
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    scripts = ScriptDirectory(str(_MIGRATIONS))
    current = revision(connection)
    if current and current not in {script.revision for script in scripts.walk_revisions()}:
        other = _ADVICE if connection.dialect.name == "sqlite" else "name another one with --database"
        raise DatabaseUnusable(f"the database was made by a newer analyzer: update this one, or {other}")

    def upgrade(revision: Any, _: object) -> Any:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - what alembic.command.upgrade itself does

    with EnvironmentContext(Config(), scripts, fn=upgrade) as environment:
        environment.configure(connection=connection, target_metadata=METADATA)
        environment.run_migrations()


def newest_revision() -> str:
    """Give the revision that this program's migrations lead to: the number in the name of the last one's file."""
    return max(path.stem[1:].partition("_")[0] for path in (_MIGRATIONS / "versions").glob("v*.py"))


def revision(connection: Connection) -> str:
    """Give the number of the migration that a database came to; empty where it has no tables."""
    if not inspect(connection).has_table(_REVISIONS):
        return ""
    return "".join(connection.execute(text(f"SELECT version_num FROM {_REVISIONS}")).scalars())  # noqa: S608 - a constant


def _make_private(path: Path) -> None:
    try:
        make_folder(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, FILE_MODE))
    except OSError as problem:
        advice = "choose another with --database"
        raise DatabaseUnusable(f"{path} cannot be opened ({problem.strerror}): {advice}") from problem


def _configure(connection: SqliteConnection, _: object) -> None:
    # The driver's own transactions begin too late for a consistent read; `_begin` opens ours.
    connection.isolation_level = None
    # Documents are large, and rows come by the ten thousand; the size of pages counts only while a file is made.
    connection.execute("PRAGMA page_size = 16384")
    connection.execute("PRAGMA cache_size = -16000")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: SqliteConnection) -> None:
    """Switch the journal; of two that make one database at once, SQLite lets the second fail instead of waiting."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > end:
                raise
            time.sleep(_AGAIN_S)
        else:
            return


def _begin(connection: Connection) -> None:
    # A reader that turns writer later would fail instead of waiting.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITING) else "BEGIN")
