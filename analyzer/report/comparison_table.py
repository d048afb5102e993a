"""Print a comparison on a terminal, or plainly anywhere else."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyzer.model.comparison import Comparison, Difference, Side, Standing
from analyzer.model.vocabulary import Change, Subject
from analyzer.report.comparison import changes
from analyzer.report.instants import elapsed
from analyzer.report.labels import Language, label, title
from analyzer.report.sentences import told
from analyzer.report.text import shown

_STYLES: Final = {
    Change.NEW: "bold red",
    Change.STILL_THERE: "yellow",
    Change.MOVED: "yellow",
    Change.INCONCLUSIVE: "magenta",
    Change.NO_LONGER_TESTABLE: "magenta",
    Change.FIXED: "blue",
    Change.NOW_TESTED: "dim",
    Change.UNCHANGED: "dim",
}
_CELL: Final = 120
_PLAIN: Final = 160


def print_comparison(comparison: Comparison, console: Console | None = None, language: Language = "en") -> None:
    """Print what makes the two hard to compare, then a table per kind of thing; what is unchanged is only counted."""
    out = console or _stdout()
    for heading, side in (("before", comparison.before), ("after", comparison.after)):
        out.print(_text(f"{label('heading', heading, language)}: {_named(side)}", "bold"))
    for warning in comparison.warnings:
        out.print(_text(f"! {told(warning, language)}", "magenta", limit=400))
    for subject in Subject:
        counted = changes(comparison, subject)
        if counted:
            sums = ", ".join(f"{count} {label('change', change, language)}" for change, count in counted.items())
            out.print(_text(f"{label('subject', subject, language)}: {sums}", "bold"))
        rows = [one for one in comparison.differences if one.subject is subject and one.change is not Change.UNCHANGED]
        if rows:
            out.print(_table(rows, language))


def _stdout() -> Console:
    terminal = Console(markup=False, highlight=False, emoji=False)
    return terminal if terminal.is_terminal else Console(markup=False, highlight=False, emoji=False, width=_PLAIN)


def _text(foreign: str, style: str = "", limit: int = _CELL) -> Text:
    return Text(shown(foreign, limit), style=style)


def _named(side: Side) -> str:
    return f"{side.package} {side.version}".strip() + f" ({side.session})"


def _table(rows: list[Difference], language: Language) -> Table:
    table = Table()
    for name in ("change", "subject", "before", "after", "reasons"):
        table.add_column(label("heading", name, language), overflow="fold", no_wrap=name == "change")
    for one in rows:
        named = f"{one.name}  {one.clause} {title(one.title, language)}".strip() if one.clause else one.name
        table.add_row(
            Text(label("change", one.change, language), style=_STYLES[one.change]),
            _text(named),
            _text(_standing(one.before, language)),
            _text(_standing(one.after, language)),
            _text("; ".join(told(reason, language) for reason in one.reasons), limit=400),
        )
    return table


def _standing(one: Standing | None, language: Language) -> str:
    if one is None:
        return "–"
    words = [label("outcome", one.outcome, language)] if one.outcome else []
    if one.tier:
        words.append(label("tier", one.tier, language))
    if one.count:
        words.append(f"×{one.count}")
    if one.first_us is not None:
        words.append(elapsed(one.first_us, 0))
    return " ".join(words)
