from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from analyzer.store.database import open_database, sqlite_url
from analyzer.store.schema import METADATA, RESULT_TABLES


def test_the_migrations_make_exactly_these_tables_and_indexes(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "analyzer.db"))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        indexes = {index["name"] for index in inspect(connection).get_indexes("observations")}
    engine.dispose()
    assert "ix_observations_data_type_phase" in indexes


def test_every_table_and_every_column_says_what_it_holds() -> None:
    bare = [
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if not column.comment and column.name != "session_id"
    ]
    assert not bare
    assert all(table.comment for table in METADATA.tables.values())


def test_rows_go_with_their_session() -> None:
    for table in RESULT_TABLES:
        (foreign_key,) = table.c.session_id.foreign_keys
        assert foreign_key.target_fullname == "sessions.id"
        assert foreign_key.ondelete == "CASCADE"


def test_the_tables_can_be_made_on_postgresql_too() -> None:
    statements = [str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in METADATA.sorted_tables]
    assert len(statements) == len(METADATA.tables)
    assert any("data BYTEA NOT NULL" in statement for statement in statements)
    assert not any("BLOB" in statement for statement in statements)
