from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from analyzer.report.console import print_verdicts
from analyzer.report.document import ResultDocument

FOREIGN_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printed(document: ResultDocument, *, terminal: bool = False, width: int = 160) -> str:
    out = io.StringIO()
    colours = "truecolor" if terminal else "auto"
    print_verdicts(document, Console(file=out, force_terminal=terminal, width=width, color_system=colours))
    return out.getvalue()


def test_the_table_tells_outcome_rule_evidence_and_first_instant(document: ResultDocument) -> None:
    line = next(line for line in printed(document).splitlines() if "cn.191.3.1 " in line)
    assert re.search(r"violated.*cn\.191\.3\.1 .* 2 .*\+0\.100 s.*sent to a third party", line)


def test_reasons_stand_beside_what_is_inconclusive(document: ResultDocument) -> None:
    line = next(line for line in printed(document).splitlines() if "inconclusive " in line and "cn.191.3" in line)
    assert "traffic to Example stayed unread" in line


def test_coverage_and_gaps_are_never_left_out(document: ResultDocument) -> None:
    text = printed(document)
    assert "1/2 hooks armed" in text
    assert "pinned.example" in text
    assert "tls refused 1" in text


def test_what_several_recordings_had_in_view_is_told_of_each_and_not_added_up(document: ResultDocument) -> None:
    (first,) = document.recordings
    hooks = document.coverage.hooks
    others = tuple(hook.model_copy(update={"recording": "2-refuse", "proven": 0}) for hook in hooks)
    two = document.model_copy(
        update={
            "recordings": (first, first.model_copy(update={"name": "2-refuse"})),
            "coverage": document.coverage.model_copy(update={"hooks": hooks + others}),
        }
    )
    text = printed(two)
    assert "Coverage 1-accept: 1/2 hooks armed, 1 proven, 1 connection read, 1 connection not read" in text
    assert "Coverage 2-refuse: 1/2 hooks armed, 0 proven, 0 connections read" in text
    assert "2/4" not in text


def test_one_of_a_kind_is_told_in_the_singular(document: ResultDocument) -> None:
    assert "1 connection read, 1 connection not read, 1 screen not readable" in printed(document)


def test_a_host_stays_whole_where_there_is_room_for_it_alone(document: ResultDocument) -> None:
    seen = document.observations[1]
    assert seen.recipient
    long = seen.recipient.model_copy(update={"host": "collect.of-a-very-long-name.example", "company": ""})
    sent = seen.model_copy(update={"recipient": long})
    assert long.host in printed(document.model_copy(update={"observations": (sent,)}), width=80)


def test_nothing_but_a_terminal_gets_colours(document: ResultDocument) -> None:
    assert "\x1b" not in printed(document)
    assert "\x1b[1;31m" in printed(document, terminal=True)


def test_no_color_is_respected(document: ResultDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", printed(document, terminal=True))


def test_foreign_text_cannot_drive_the_terminal(hostile_document: ResultDocument) -> None:
    text = printed(hostile_document)
    assert not FOREIGN_CONTROL.search(text)
    assert len(text) < 30_000


def test_foreign_markup_is_printed_as_it_is(document: ResultDocument) -> None:
    app = document.session.app.model_copy(update={"label": "[bold red]x[/bold red]"})
    named = document.model_copy(update={"session": document.session.model_copy(update={"app": app})})
    assert "[bold red]x[/bold red]" in printed(named)


def test_the_plain_page_goes_to_stdout(document: ResultDocument, capsys: pytest.CaptureFixture[str]) -> None:
    print_verdicts(document, language="zh")
    captured = capsys.readouterr()
    assert "逐条结论" in captured.out
    assert captured.err == ""
