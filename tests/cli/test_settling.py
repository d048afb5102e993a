from __future__ import annotations

from analyzer.cli.settling import settle, tell_shipped
from analyzer.workflows.home import Home
from analyzer.workflows.shipped import find_session


def test_verbose_says_where_everything_is_and_hides_the_password(capsys, tmp_path):
    settle(tmp_path / "here", "postgresql://me:secret@host/db", verbose=False)
    assert capsys.readouterr().err == ""
    settle(tmp_path / "here", "postgresql://me:secret@host/db", verbose=True)
    said = capsys.readouterr().err
    assert str(tmp_path / "here" / "sessions") in said
    assert "host/db" in said
    assert "secret" not in said
    assert not (tmp_path / "here").exists()


def test_where_the_shipped_recording_goes_is_said_once_and_of_no_other_session(capsys, tmp_path):
    home = Home(tmp_path / "here")
    tell_shipped(home, "latest", "20261123")
    assert capsys.readouterr().err == ""
    tell_shipped(home, "latest", "shipped")
    assert str(tmp_path / "here") in capsys.readouterr().err
    find_session(home, "shipped")
    tell_shipped(home, "shipped")
    assert capsys.readouterr().err == ""
