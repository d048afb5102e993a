from __future__ import annotations

import io
import os
import subprocess
import sys

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from analyzer.report.tables import Paper, print_checks, print_rows, stdout_console


def _printed(job):
    out = io.StringIO()
    console = Console(file=out, width=120, markup=False, highlight=False, emoji=False)
    returned = job(console)
    return returned, out.getvalue()


def test_a_table_shows_every_row_under_its_headings():
    _, text = _printed(lambda console: print_rows(("serial", "kind"), [("lab", "embedded")], console))
    assert text.split() == ["serial", "kind", "lab", "embedded"]


def test_names_stay_whole_in_a_console_that_is_too_narrow_for_the_table():
    out = io.StringIO()
    name = "20261123-200703-com.example.of.a.long.name-f67b"
    print_rows(("session", "app", "sealed"), [(name, "com.example.of.a.long.name", "yes")], Console(file=out, width=60))
    assert out.getvalue().splitlines()[0] == name
    assert "app: com.example.of.a.long.name  sealed: yes" in out.getvalue()
    assert max(map(len, out.getvalue().splitlines())) <= 60


def test_a_cell_cannot_command_the_terminal_or_use_markup():
    _, text = _printed(lambda console: print_rows(("app",), [("\x1b[2J[bold]x[/bold]\u202e",)], console))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in text


def test_checks_print_the_remedy_of_what_is_not_in_order():
    checks = [("python", "ok", "3.13", "never shown"), ("adb", "warn", "no adb", "install it")]
    fine, text = _printed(lambda console: print_checks(checks, console))
    assert fine
    assert "→ install it" in text
    assert "never shown" not in text


def test_a_failed_check_is_told_apart():
    fine, _ = _printed(lambda console: print_checks([("jvm", "fail", "no", "yes")], console))
    assert not fine


def test_without_a_terminal_the_page_is_as_wide_as_columns_says(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    assert stdout_console(160).width == 160
    monkeypatch.setenv("COLUMNS", "80")
    assert stdout_console(160).width == 80


def test_without_a_terminal_no_line_ends_in_blanks(capsys):
    paper = Paper(40)
    print_rows(("session", "app"), [("a", "b"), ("a long one", "a longer one")], paper)
    paper.print(Padding(Text("x"), (0, 0, 0, 2)))
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["session     app", "a           b", "a long one  a longer one", "  x"]


def test_that_nobody_reads_on_is_a_broken_pipe_and_no_end_by_itself():
    reads, writes = os.pipe()
    os.close(reads)
    code = (
        "import sys\nfrom analyzer.report.tables import Paper\n"
        "try:\n    Paper().print('a')\nexcept BrokenPipeError:\n    sys.exit(7)"
    )
    with os.fdopen(writes, "wb") as out:
        assert subprocess.run([sys.executable, "-c", code], stdout=out, check=False).returncode == 7
