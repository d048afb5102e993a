from __future__ import annotations

import json

import pytest
import typer

from analyzer.cli.options import Language
from analyzer.cli.talk import report, say, settle, show
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import Home


def test_talk_goes_to_stderr_and_carries_no_control_characters(capsys):
    say("an app called \x1b[31mred\x07")
    out, err = capsys.readouterr()
    assert out == ""
    assert "\x1b" not in err
    assert "\x07" not in err
    assert "red" in err


def test_problems_end_with_4_and_none_with_a_word(capsys):
    with pytest.raises(typer.Exit) as ending:
        report(["a is wrong", "b is wrong"], "fine")
    assert ending.value.exit_code == 4
    assert capsys.readouterr().out.splitlines() == ["a is wrong", "b is wrong"]
    report([], "fine")
    assert capsys.readouterr().err == "fine\n"


def test_verbose_says_where_everything_is_and_hides_the_password(capsys, tmp_path):
    settle(tmp_path / "here", "postgresql://me:secret@host/db", verbose=False)
    assert capsys.readouterr().err == ""
    settle(tmp_path / "here", "postgresql://me:secret@host/db", verbose=True)
    said = capsys.readouterr().err
    assert str(tmp_path / "here" / "sessions") in said
    assert "host/db" in said
    assert "secret" not in said
    assert not (tmp_path / "here").exists()


def test_a_result_is_shown_as_document_or_as_tables(capfdbinary, recorded_example, tmp_path):
    home = Home(recorded_example.copy(tmp_path / "workspace").workspace)
    result = stored(home, "latest")
    show(home, result, as_json=True, language=Language.EN)
    out, err = capfdbinary.readouterr()
    assert (json.loads(out), err) == (json.loads(recorded_example.document), b"")
    show(home, result, as_json=False, language=Language.ZH)
    out, err = capfdbinary.readouterr()
    assert b"cn.191.3.1" in out
    assert b".html" in err
