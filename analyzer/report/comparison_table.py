"""Print a comparison on a terminal, or plainly anywhere else."""

from __future__ import annotations

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analyzer.model.comparison import Comparison, Difference, Side, Standing
from analyzer.model.vocabulary import Change, Channel, Subject
from analyzer.report.comparison import changes
from analyzer.report.instants import elapsed
from analyzer.report.labels import Language, entitled, joined, label, title
from analyzer.report.sentences import reasoned, told
from analyzer.report.tables import stdout_console
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
_NARROW: Final = 110
"""Columns below which a table would break words: what it says stands one below the other then."""


def print_comparison(comparison: Comparison, console: Console | None = None, language: Language = "en") -> None:
    """Print what makes the two hard to compare, then a table per kind of thing; what is unchanged is only counted."""
    out = console or stdout_console(_PLAIN)
    for heading, side in (("before", comparison.before), ("after", comparison.after)):
        out.print(_text(entitled(label("heading", heading, language), _named(side), language), "bold"))
    for warning in comparison.warnings:
        loud = warning.startswith("THESE ARE DIFFERENT APPS")
        out.print(_text(f"! {told(warning, language)}", "bold red" if loud else "magenta", limit=400))
    for subject in Subject:
        counted = changes(comparison, subject)
        if counted:
            sums = joined(
                (f"{count} {label('change', change, language)}" for change, count in counted.items()), language
            )
            out.print(_text(entitled(label("subject", subject, language), sums, language), "bold"))
        rows = [one for one in comparison.differences if one.subject is subject and one.change is not Change.UNCHANGED]
        if rows and out.width < _NARROW:
            for one in rows:
                out.print(*_lines(one, language), sep="\n")
        elif rows:
            out.print(_table(rows, language))


def _text(foreign: str, style: str = "", limit: int = _CELL) -> Text:
    return Text(shown(foreign, limit), style=style)


def _named(side: Side) -> str:
    return f"{side.package} {side.version}".strip() + f" ({side.session})"


def _table(rows: list[Difference], language: Language) -> Table:
    table = Table()
    for name in ("change", "subject", "before", "after", "reasons"):
        table.add_column(label("heading", name, language), overflow="fold", no_wrap=name == "change")
    for one in rows:
        table.add_row(
            Text(label("change", one.change, language), style=_STYLES[one.change]),
            _text(_name(one, language)),
            _text(_standing(one.before, language)),
            _text(_standing(one.after, language)),
            _text(reasoned(one.reasons, language), limit=400),
        )
    return table


def _lines(one: Difference, language: Language) -> list[Text]:
    """Give what a row says as lines, for a narrow terminal: words wrap there and are not cut."""
    first = Text(label("change", one.change, language), style=_STYLES[one.change])
    lines = [Text.assemble("  ", first, "  ", _text(_name(one, language)))]
    both = f"{_standing(one.before, language)} → {_standing(one.after, language)}"
    reasons = [told(reason, language) for reason in one.reasons]
    return [*lines, *(Text.assemble("      ", _text(words, limit=400)) for words in (both, *reasons))]


def _name(one: Difference, language: Language) -> str:
    if one.phase is not None and one.channel is not None:
        arrow = "→" if one.channel is Channel.NETWORK else "←"
        return f"{one.data_type} {arrow} {one.who} ({label('phase', one.phase, language)})"
    return f"{one.name}  {one.clause} {title(one.title, language)}".strip() if one.clause else one.name


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
