"""Print plain tables and lists for people: devices, sessions, hooks, packs, checks."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analyzer.report.text import shown

_PLAIN_WIDTH: Final = 200
_GAP: Final = "  "
_BLANKS: Final = re.compile(r" +$", re.MULTILINE)
_STATES: Final = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[str]], console: Console | None = None) -> None:
    """Print a table, or one block per row where the console is too narrow for it: a name is to be copied whole.

    Every cell is foreign text and is made safe to show.
    """
    out, safe = console or stdout_console(_PLAIN_WIDTH), [[shown(cell) for cell in row] for row in rows]
    widths = [max(cell_len(row[at]) for row in (headings, *safe)) for at in range(len(headings))]
    if safe and sum(widths) + len(_GAP) * (len(widths) - 1) > out.width:
        for row in safe:
            out.print(Text(row[0], style="bold"), soft_wrap=True)
            facts = [f"{heading}: {cell}" for heading, cell in zip(headings[1:], row[1:], strict=True) if cell]
            out.print(Padding(Text(_GAP.join(facts)), (0, 0, 0, 2)))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, len(_GAP), 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in safe:
        table.add_row(*map(Text, row))
    out.print(table)


def print_checks(checks: Iterable[tuple[str, str, str, str]], console: Console | None = None) -> bool:
    """Print checks as (name, `ok | warn | fail`, sentence, remedy); say whether none failed."""
    out, fine = console or stdout_console(_PLAIN_WIDTH), True
    for name, state, sentence, remedy in checks:
        line = Text.assemble((f"{state:4} ", _STATES.get(state, "")), (f"{shown(name)}: ", "bold"), shown(sentence))
        out.print(line, soft_wrap=True)
        if remedy and state != "ok":
            out.print(Text(f"     → {shown(remedy)}"), soft_wrap=True)
        fine = fine and state != "fail"
    return fine


class Paper(Console):
    """Prints what it is given letter by letter, without blanks at the ends of lines where there is no terminal.

    That nobody reads on is `BrokenPipeError`, and no end by itself.
    """

    def __init__(self, width: int | None = None) -> None:
        super().__init__(markup=False, highlight=False, emoji=False, width=width)

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does."""
        if self.is_terminal:
            super().print(*objects, **options)
            return
        with self.capture() as printed:
            super().print(*objects, **options)
        try:
            self.file.write(_BLANKS.sub("", printed.get()))
            self.file.flush()
        except BrokenPipeError:
            self.on_broken_pipe()

    def on_broken_pipe(self) -> None:
        """Let go of what was not printed, and say so."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise BrokenPipeError


def stdout_console(width: int) -> Console:
    """Give stdout as wide as its terminal; without one as COLUMNS says, or else `width`."""
    terminal = Paper()
    return terminal if terminal.is_terminal or os.environ.get("COLUMNS", "").isdigit() else Paper(width)
