from __future__ import annotations

from analyzer.cli.settling import settle


def test_verbose_says_where_everything_is_and_hides_the_password(capsys, tmp_path):
    settle(tmp_path / "here", "postgresql://me:secret@host/db", verbose=False)
    assert capsys.readouterr().err == ""
    settle(tmp_path / "here", "postgresql://me:secret@host/db", verbose=True)
    said = capsys.readouterr().err
    assert str(tmp_path / "here" / "sessions") in said
    assert "host/db" in said
    assert "secret" not in said
    assert not (tmp_path / "here").exists()
