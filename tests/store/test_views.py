from __future__ import annotations

import json
import sqlite3
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from analyzer.store.database import open_database, sqlite_url
from analyzer.store.results import save
from analyzer.store.views import VIEWS
from analyzer.workflows.analyze import Lens, judge, stored
from analyzer.workflows.home import Home
from analyzer.workflows.shipped import find_session

_NUMBERS = (int, float, Decimal)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    stored(home, "shipped")
    return home


@pytest.fixture
def database(home):
    """The plain database, as the sqlite3 shell opens it: nothing of ours is needed."""
    connection = sqlite3.connect(home.workspace.database)
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


def test_every_view_is_made_and_every_column_of_it_is_described(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "analyzer.db"))
    with engine.connect() as connection:
        inspector = inspect(connection)
        assert set(inspector.get_view_names()) == {view.name for view in VIEWS}
        for view in VIEWS:
            assert [column["name"] for column in inspector.get_columns(view.name)] == list(view.columns)
            assert all(view.columns.values())
            assert view.shows.endswith(".")
    engine.dispose()


def test_the_timeline_is_told_in_order_with_its_evidence(home, database):
    document = stored(home, "shipped").document
    rows = database.execute("select * from view_timeline").fetchall()
    assert [row["what"] for row in rows] == [item.title for item in document.timeline]
    assert [row["at"] for row in rows] == [item.at for item in document.timeline]
    first = next(row for row in rows if "id.imei" in row["data_types"])
    assert (first["app"], first["phase"], first["sdk"]) == ("com.example", "initial", "com.example")
    assert first["evidence"].startswith("1-accept/events/")
    assert 0 < first["seconds"] < 60


def test_personal_data_by_sdk_and_recipients_count_what_the_document_has(home, database):
    document = stored(home, "shipped").document
    by_sdk = database.execute("select * from view_personal_data_by_sdk").fetchall()
    assert sum(row["times"] for row in by_sdk) == len(document.observations)
    before = sum(one.phase.value == "initial" for one in document.observations)
    assert sum(row["before_choice"] for row in by_sdk) == before
    received = database.execute("select * from view_recipients where party = 'third'").fetchall()
    third = [one for one in document.observations if one.recipient and one.recipient.party.value == "third"]
    assert {row["host"] for row in received} == {one.recipient.host for one in third if one.recipient}
    assert min(row["first_at"] for row in received) == min(one.at for one in third if one.at)


def test_verdicts_have_titles_in_both_languages(home, database):
    rows = database.execute("select * from view_verdicts where outcome = 'violated'").fetchall()
    document = stored(home, "shipped").document
    violated = {one.rule: len(one.evidence) for one in document.verdicts if one.outcome.value == "violated"}
    assert {row["rule"]: row["evidence_count"] for row in rows} == violated
    assert all(row["title_en"] and isinstance(json.loads(row["reasons"]), list) for row in rows)
    assert "同意" in " ".join(row["title_zh"] or "" for row in rows)


def test_views_say_the_same_on_every_kind_of_database(home, engine):
    _, analysis, info = judge(find_session(home, "shipped"), Lens())
    save(engine, info, analysis, b"{}")
    with engine.connect() as connection, sqlite3.connect(home.workspace.database) as plain:
        for view in VIEWS:
            rows = connection.execute(text(f"select * from {view.name}")).fetchall()
            expected = plain.execute(f"select * from {view.name}").fetchall()
            assert sorted(map(_comparable, rows)) == sorted(map(_comparable, expected))
    plain.close()


def _comparable(row) -> tuple[str, ...]:
    """Write lists as JSON and numbers alike."""
    return tuple(
        json.dumps(one) if isinstance(one, list) else f"{one:.6f}" if isinstance(one, _NUMBERS) else str(one)
        for one in row
    )


def test_a_database_of_before_gets_the_views_too(tmp_path):
    engine = open_database(sqlite_url(tmp_path / "analyzer.db"))
    engine.dispose()
    with sqlite3.connect(tmp_path / "analyzer.db") as connection:
        for view in VIEWS:
            connection.execute(f"drop view {view.name}")
        connection.execute("alter table flows drop column tapped")
        for table in ("decisions", "frequencies", "permissions"):
            connection.execute(f"drop table {table}")
        connection.execute("update alembic_version set version_num = '0001'")
    connection.close()
    engine = open_database(sqlite_url(tmp_path / "analyzer.db"))
    with engine.connect() as opened:
        assert len(inspect(opened).get_view_names()) == len(VIEWS)
    engine.dispose()
