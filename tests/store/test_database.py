from __future__ import annotations

import stat
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from analyzer.store import database
from analyzer.store.database import newest_revision, open_database, shown_url, sqlite_url, writing
from analyzer.store.problems import DatabaseUnusable
from analyzer.store.results import save, summaries
from analyzer.store.workspace import Workspace


def test_a_new_database_is_for_the_owner_alone_and_opens_again(tmp_path: Path) -> None:
    path = tmp_path / "a %b" / "analyzer.db"
    for _ in range(2):
        open_database(sqlite_url(path)).dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_writer_waits_for_another_instead_of_failing(tmp_path: Path) -> None:
    engine = open_database(sqlite_url(tmp_path / "analyzer.db"))
    inside, order = threading.Event(), []

    def first() -> None:
        with writing(engine) as connection:
            connection.execute(text("SELECT 1"))
            inside.set()
            threading.Event().wait(0.2)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(60)
    with engine.connect() as reader:
        reader.execute(text("SELECT * FROM sessions"))
        order.append("reader")
    with writing(engine) as connection:
        order.append("second")
        connection.execute(text("DELETE FROM sessions"))
    thread.join()
    engine.dispose()
    assert order == ["reader", "first", "second"]


def test_two_processes_may_make_and_fill_one_database_at_once(tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from analyzer.model.evidence import AppFacts, DeviceFacts, SessionInfo\n"
        "from analyzer.model.results import Analysis\n"
        "from analyzer.model.vocabulary import SessionKind\n"
        "from analyzer.store.database import open_database, sqlite_url\n"
        "from analyzer.store.results import save\n"
        "engine = open_database(sqlite_url(Path(sys.argv[1])))\n"
        "for n in range(20):\n"
        "    name, app, device = f'{sys.argv[2]}-{n}', AppFacts('p'), DeviceFacts('l', 'lab')\n"
        "    info = SessionInfo(name, SessionKind.RECORDED, n, app, device, '1')\n"
        "    save(engine, info, Analysis('r'), b'{}')\n"
    )
    path = tmp_path / "analyzer.db"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script, str(path)]
    processes = [subprocess.Popen([*command, name], cwd=root) for name in ("a", "b")]
    assert [process.wait(60) for process in processes] == [0, 0]
    engine = open_database(sqlite_url(path))
    assert len(summaries(engine)) == 40
    engine.dispose()


def test_a_file_that_is_no_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "analyzer.db").write_bytes(b"no database" * 1000)
    with pytest.raises(DatabaseUnusable, match="delete the database"):
        open_database(sqlite_url(tmp_path / "analyzer.db"))


def test_a_folder_in_place_of_the_database_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="choose another"):
        open_database(sqlite_url(tmp_path))


def test_a_database_of_a_newer_analyzer_is_refused(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "analyzer.db")
    engine = open_database(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseUnusable, match="newer analyzer"):
        open_database(url)


def test_a_deleted_database_is_simply_made_again(workspace: Workspace, make: Any) -> None:
    for _ in range(2):
        engine = open_database(sqlite_url(workspace.database))
        save(engine, make.info(workspace), make.analysis(), b"{}")
        assert len(summaries(engine)) == 1
        engine.dispose()
        workspace.database.unlink()


def test_a_plain_postgresql_address_is_enough_and_two_may_make_it_at_once(postgresql: str) -> None:
    problems: list[Exception] = []

    def make() -> None:
        try:
            open_database(postgresql).dispose()
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is told
            problems.append(problem)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    engine = open_database(postgresql)
    assert summaries(engine) == []
    engine.dispose()


def test_a_server_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="cannot be used"):
        open_database(f"postgresql://nobody@/none?host={tmp_path}")


def test_what_a_server_says_in_several_lines_becomes_one(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable) as problem:
        open_database(f"postgresql://nobody@/none?host={tmp_path}")
    assert not {"\n", "\t"} & set(str(problem.value))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no url", "is no URL"),
        ("mysql://a/b", "is not installed"),
        ("postgresql+bad://a/b", "is not installed"),
    ],
)
def test_an_address_that_we_cannot_use_is_no_internal_error(url: str, said: str) -> None:
    with pytest.raises(DatabaseUnusable, match=said):
        open_database(url)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense:s3cret",
        "mysql://a:s3cret@h/b",
        "postgresql+bad://a:s3cret@h/b",
        "postgresql://a:s3cret@127.0.0.1:1/b",
        "postgresql://a@127.0.0.1:1/b?password=s3cret",
        "postgresql://a:s3cret@[bad/b",
    ],
)
def test_no_sentence_shows_the_password(url: str) -> None:
    with pytest.raises(DatabaseUnusable) as problem:
        open_database(url)
    assert "s3cret" not in str(problem.value)
    assert "s3cret" not in shown_url(url)


def test_the_newest_revision_is_the_head_of_the_migrations() -> None:
    assert newest_revision() == ScriptDirectory(str(Path(database.__file__).parent / "migrations")).get_current_head()


def test_a_database_that_is_up_to_date_is_opened_without_the_library_of_migrations(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "analyzer.db")
    open_database(url).dispose()
    script = (
        "import sys\nfrom analyzer.store.database import open_database\n"
        f"open_database({url!r}).dispose()\nassert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parents[2], check=True)
