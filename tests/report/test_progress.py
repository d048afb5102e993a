from __future__ import annotations

import io

from rich.console import Console

from analyzer.report.progress import EVERY_S, FileProgress


def shown(*, terminal: bool, seconds: list[float]) -> str:
    out = io.StringIO()
    clock = iter(seconds)
    console = Console(file=out, force_terminal=terminal, width=100, markup=False)
    with FileProgress(console, lambda: next(clock)) as progress:
        progress.file("big\x1b[2J.har", 200)
        progress.at(50, 3)
        progress.at(100, 7)
        progress.message("done \x1b[31m[red]")
    return out.getvalue()


def test_plain_output_says_now_and_then_how_far_it_is():
    lines = shown(terminal=False, seconds=[0, 1, EVERY_S + 1]).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("big")
    assert lines[0].endswith(".har: 50 %, 7 records")
    assert "\x1b" not in "".join(lines)
    assert lines[1].endswith("[red]")


def test_a_terminal_shows_a_bar_and_no_plain_lines():
    text = shown(terminal=True, seconds=[0, 9, 99])
    assert "50 %" not in text
    assert "7 records" in text


def test_an_empty_file_is_no_division_by_zero():
    console = Console(file=io.StringIO(), force_terminal=False)
    with FileProgress(console, iter([0.0, 100.0]).__next__) as progress:
        progress.file("empty", 0)
        progress.at(0, 0)
