from __future__ import annotations

import pytest
import typer

from analyzer.cli.talk import report, say


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
