"""Print plain tables and lists for people: devices, sessions, hooks, packs, checks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyzer.report.text import shown

_PLAIN_WIDTH: Final = 200
_STATES: Final = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def print_rows(headings: Sequence[str], rows: Iterable[Sequence[str]], console: Console | None = None) -> None:
    """Print a table; every cell is foreign text and is made safe to show."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(cell)) for cell in row))
    (console or _stdout()).print(table)


def print_checks(checks: Iterable[tuple[str, str, str, str]], console: Console | None = None) -> bool:
    """Print checks as (name, `ok | warn | fail`, sentence, remedy); say whether none failed."""
    out, fine = console or _stdout(), True
    for name, state, sentence, remedy in checks:
        line = Text.assemble((f"{state:4} ", _STATES.get(state, "")), (f"{shown(name)}: ", "bold"), shown(sentence))
        out.print(line, soft_wrap=True)
        if remedy and state != "ok":
            out.print(Text(f"     → {shown(remedy)}"), soft_wrap=True)
        fine = fine and state != "fail"
    return fine


def _stdout() -> Console:
    terminal = Console(markup=False, highlight=False, emoji=False)
    if terminal.is_terminal:
        return terminal
    return Console(markup=False, highlight=False, emoji=False, width=_PLAIN_WIDTH)
