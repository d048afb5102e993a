"""A workspace that may only be read, and files that may not be read at all."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from unprivileged import unprivileged

READS = {
    "list": (["sessions", "list"], "com.example"),
    "verify": (["verify", "latest"], "the same result, byte for byte"),
    "redacted": (["export", "latest", "--format", "csv", "--redact", "-o", "{out}"], "Wrote"),
    "page": (["export", "latest", "--format", "html", "-o", "{out}"], "Wrote"),
}


def _close(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


def _open(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o200)


def _all(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in (folder, *folder.rglob("*"))}


@pytest.fixture(scope="module")
def kept(recorded_example, tmp_path_factory):
    """A workspace of which nothing may be written."""
    folder = tmp_path_factory.mktemp("kept") / "workspace"
    shutil.copytree(recorded_example.workspace, folder)
    _close(folder)
    yield folder
    _open(folder)


@pytest.mark.parametrize("name", READS)
def test_what_only_reads_works_where_nothing_may_be_written_and_leaves_nothing(kept, tmp_path, name):
    before, (words, expected) = _all(kept), READS[name]
    said = unprivileged(*(word.format(out=tmp_path / "out") for word in words), "--workspace", kept)
    assert (said.returncode, expected in said.stdout + said.stderr) == (0, True), said.stderr
    assert _all(kept) == before


def test_what_is_exported_is_what_was_kept(kept, recorded_example):
    said = unprivileged("export", "latest", "--format", "json", "--workspace", kept)
    assert said.stdout.encode() == recorded_example.document


@pytest.mark.parametrize("words", [["replay", "latest"], ["decide", "latest", "cn.191.3.1", "--outcome", "suspected",
                                                         "--why", "x"]])  # fmt: skip
def test_what_is_to_be_kept_is_refused_where_nothing_may_be_written(kept, words):
    before = _all(kept)
    said = unprivileged(*words, "--workspace", kept)
    assert said.returncode == 3
    assert "Permission denied" in said.stderr
    assert _all(kept) == before


def test_a_replay_keeps_its_result_in_another_database(kept, tmp_path):
    said = unprivileged("replay", "latest", "--workspace", kept, "--database", f"sqlite:///{tmp_path / 'other.db'}")
    assert said.returncode == 0, said.stderr
    assert "no report is kept there" in said.stderr
    with closing(sqlite3.connect(tmp_path / "other.db")) as database:
        assert database.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


@pytest.mark.parametrize("left", ["nothing", "journal", "earlier"])
def test_a_database_that_is_missing_was_left_open_or_is_an_earlier_one_is_read_as_well(
    recorded_example, tmp_path, left
):
    folder = recorded_example.copy(tmp_path / "workspace").workspace
    file = folder / "analyzer.db"
    if left == "nothing":
        for end in ("", "-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
    elif left == "journal":
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("UPDATE sessions SET case_name = 'in the journal'")
            database.commit()
            shutil.copyfile(f"{file}-wal", tmp_path / "wal")
            shutil.copyfile(file, tmp_path / "db")
        shutil.copyfile(tmp_path / "db", file)
        shutil.copyfile(tmp_path / "wal", f"{file}-wal")
    else:
        with closing(sqlite3.connect(file)) as database:
            database.execute("UPDATE alembic_version SET version_num = '0005'")
            database.commit()
    _close(folder)
    before = _all(folder)
    listed = unprivileged("sessions", "list", "--workspace", folder)
    shown = unprivileged("sessions", "show", "latest", "--json", "--workspace", folder)
    assert (listed.returncode, shown.returncode) == (0, 0), listed.stderr + shown.stderr
    assert ("not analysed" in listed.stdout) == (left == "nothing")
    assert shown.stdout.encode() == recorded_example.document
    assert _all(folder) == before
    _open(folder)


OPTIONS = ["--marks", "--persona", "FILE"]


@pytest.mark.parametrize("option", OPTIONS)
def test_a_file_that_an_import_may_not_read_is_a_wrong_word(tmp_path, option):
    closed, other = tmp_path / "closed", tmp_path / "events.jsonl"
    for file in (closed, other):
        file.write_text('{"time": 1700000000, "api": "a.B.c()", "result": "x"}\n')
    closed.chmod(0)
    words = [closed] if option == "FILE" else [other, option, closed]
    said = unprivileged("import", *words, "--package", "com.example", "--workspace", tmp_path / "w")
    assert (said.returncode, str(closed) in said.stderr) == (2, True), said.stderr
    assert not list((tmp_path / "w").glob("sessions/*"))


@pytest.mark.parametrize("option", ["--policy", "--key", "--tsa-ca"])
def test_a_file_that_an_option_names_and_that_may_not_be_read_is_a_wrong_word(recorded_example, tmp_path, option):
    workspace, closed = recorded_example.copy(tmp_path / "workspace").workspace, tmp_path / "closed"
    closed.write_text("x")
    closed.chmod(0)
    export = ["export", "latest", "--format", "bundle", "-o", tmp_path / "b.zip", "--tsa", "http://127.0.0.1:9"]
    words = ["replay", "latest"] if option == "--policy" else export
    said = unprivileged(*words, option, closed, "--workspace", workspace)
    assert (said.returncode, str(closed) in said.stderr) == (2, True), said.stderr
    assert not (tmp_path / "b.zip").exists()
