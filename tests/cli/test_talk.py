from __future__ import annotations

import pytest
import typer

from analyzer.cli.talk import LANGUAGE, PLACE, headed, report, say, tell


def test_talk_goes_to_stderr_and_carries_no_control_characters(capsys):
    say("an app called \x1b[31mred\x07")
    out, err = capsys.readouterr()
    assert out == ""
    assert "\x1b" not in err
    assert "\x07" not in err
    assert "red" in err


def test_a_command_is_named_as_it_was_started_and_for_the_place_that_was_given(capsys, monkeypatch):
    monkeypatch.setenv("ANALYZER_CALLED_AS", "scripts/analyzer")
    token = PLACE.set(" --workspace /there")
    say("Next: `analyzer replay latest`, or `analyzer import f --workspace DIR`; the analyzer and `seal.json` stay.")
    PLACE.reset(token)
    assert capsys.readouterr().err == (
        "Next: `scripts/analyzer replay latest --workspace /there`, or `scripts/analyzer import f --workspace DIR`; "
        "the analyzer and `seal.json` stay.\n"
    )
    monkeypatch.delenv("ANALYZER_CALLED_AS")
    tell("run `analyzer replay` first")
    assert capsys.readouterr().out == "run `analyzer replay` first\n"


def test_talk_is_in_the_language_of_the_command(capsys):
    token = LANGUAGE.set("zh")
    say("Wrote 12 bytes to x.json.")
    say("nobody has put this into Chinese")
    tell("x is as it was sealed: every byte of 10 files, signed by this workspace's key 4a9c")
    LANGUAGE.reset(token)
    out, err = capsys.readouterr()
    assert err == "已写入 12 字节到 x.json。\nnobody has put this into Chinese\n"
    assert out == "x 与封存时一致：10 个文件的每个字节，由本工作区的密钥 4a9c 签名\n"


def test_problems_end_with_4_and_none_with_a_word(capsys):
    with pytest.raises(typer.Exit) as ending:
        report(["a is wrong", "b is wrong"], "fine")
    assert ending.value.exit_code == 4
    assert capsys.readouterr().out.splitlines() == ["a is wrong", "b is wrong"]
    report([], "fine")
    assert capsys.readouterr().err == "fine\n"


def test_the_heads_of_columns_are_in_the_language_of_the_command_and_names_of_things_stay():
    assert headed("data type", "frida") == ("data type", "frida")
    token = LANGUAGE.set("zh")
    try:
        assert headed("data type", "frida") == ("数据类型", "frida")
    finally:
        LANGUAGE.reset(token)
