from __future__ import annotations

import stat

from sqlalchemy import inspect

from analyzer.workflows.home import Home


def test_the_database_is_made_in_the_workspace_at_first_use(tmp_path):
    home = Home(tmp_path / "here")
    assert not (tmp_path / "here").exists()
    with home.results() as engine:
        assert "verdicts" in inspect(engine).get_table_names()
    assert home.workspace.database.exists()


def test_another_database_is_used_where_its_url_is_given(tmp_path):
    home = Home(tmp_path / "here", f"sqlite:///{tmp_path / 'there.db'}")
    with home.results():
        pass
    assert (tmp_path / "there.db").exists()
    assert not home.workspace.database.exists()


def test_folders_are_private(tmp_path):
    assert Home(tmp_path).folder("a", "b").stat().st_mode & 0o777 == 0o700


def test_the_places_are_told_without_the_password(tmp_path):
    places = "\n".join(Home(tmp_path, "postgresql://me:secret@host/db").places())
    assert str(tmp_path / "sessions") in places
    assert "host/db" in places
    assert "secret" not in places


def test_every_folder_on_the_way_is_its_owners_alone(tmp_path):
    made = Home(tmp_path / "w").folder("one", "two", "three")
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (made, made.parent, made.parent.parent)} == {0o700}
