"""The verdicts as rows of a terminal: a table where there is room for one, one block under the other where not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analyzer.model.vocabulary import Outcome
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import DecisionEntry, VerdictEntry
from analyzer.report.labels import Language, counted, entitled, joined, label, title
from analyzer.report.sentences import reasoned
from analyzer.report.summary import by_instrument, by_severity, decisions_by_rule, first_us, instants, since_start
from analyzer.report.text import shown

ROOMY: Final = 140
"""From so many columns on a table of the verdicts has room for its words."""

STYLES: Final = {
    Outcome.VIOLATED: "bold red",
    Outcome.SUSPECTED: "yellow",
    Outcome.NOT_OBSERVED: "blue",
    Outcome.INCONCLUSIVE: "magenta",
    Outcome.NOT_TESTED: "dim",
    Outcome.NOT_DECIDABLE: "dim",
}
_CELL: Final = 120
_REASON: Final = 300
_INDENT: Final = (0, 0, 0, 2)
_SPACIOUS: Final = 160
"""From so many columns on a tier stands in one line."""
_WHOLE: Final = frozenset({"outcome", "rule", "evidence", "first"})


def print_instruments(document: ResultDocument, out: Console, language: Language) -> None:
    """Print one line per instrument (rule pack): its outcomes counted, and what the met ones rest on."""
    for one in by_instrument(document):
        line = Text(entitled(shown(one.pack, _CELL), "", language), style="bold")
        for position, (outcome, count) in enumerate(one.outcomes):
            line.append(joined(("", ""), language) if position else "", style="default")
            line.append(f"{label('outcome', outcome, language)} {count}", style=f"not bold {STYLES[Outcome(outcome)]}")
        out.print(line)
        first = None if one.first_us is None else since_start(document, one.first_us)
        if facts := _facts(one.evidence, first, label("tier", one.tier, language) if one.tier else "", language):
            out.print(Padding(Text(facts), _INDENT))


def print_rows(document: ResultDocument, out: Console, language: Language) -> None:
    """Print a row per verdict, the gravest first, with the analyst's decision beside the tool's outcome."""
    if out.width >= ROOMY:
        out.print(_table(document, language, out.width))
        return
    out.print(Text(label("heading", "verdicts", language), style="bold"))
    for row in _rows(document, language):
        out.print(*row.block(), sep="\n")


class _Row:
    """What is told of one verdict."""

    def __init__(
        self, verdict: VerdictEntry, first: str | None, decision: DecisionEntry | None, language: Language
    ) -> None:
        self.outcome = Text(label("outcome", verdict.outcome, language), style=STYLES[verdict.outcome])
        self.rule = shown(verdict.rule, _CELL)
        self.clause = shown(f"{verdict.clause} {title(verdict.title, language)}".strip(), _CELL)
        self.evidence, self.first = len(verdict.evidence), first
        self.tier = label("tier", verdict.tier, language) if verdict.tier else ""
        self.reasons = shown(reasoned(verdict.reasons, language), _REASON)
        self.decision = decision_line(decision, language) if decision else ""
        self._language = language

    def cells(self) -> tuple[Text, ...]:
        """Give the cells of the table; a decision stands under the reasons."""
        why = "\n".join(filter(None, (self.reasons, self.decision)))
        figures = (str(self.evidence or ""), self.first or "", self.tier, why)
        return self.outcome, Text(self.rule), Text(self.clause), *map(Text, figures)

    def block(self) -> Iterator[RenderableType]:
        """Give the lines where there is no room for a table."""
        yield Text.assemble(self.outcome, ("  " + self.rule, "bold"), "  " + self.clause)
        for line in (_facts(self.evidence, self.first, self.tier, self._language), self.reasons, self.decision):
            if line:
                yield Padding(Text(line), _INDENT)


def decision_line(decision: DecisionEntry, language: Language) -> str:
    """Tell an analyst's decision in one line: outcome, who, when, why."""
    who = ", ".join(filter(None, (shown(decision.operator, _CELL), (decision.at or "")[:10])))
    outcome = label("outcome", decision.outcome, language)
    by = f" ({who})" if who else ""
    said = entitled(f"{outcome}{by}", shown(decision.why, _REASON), language)
    return entitled(label("heading", "analysts", language), said, language)


def _facts(evidence: int, first: str | None, tier: str, language: Language) -> str:
    if not evidence:
        return ""
    since = f"{label('heading', 'since', language)} {first}" if first else ""
    return joined(filter(None, (counted("evidence", evidence, language), since, tier)), language)


def _rows(document: ResultDocument, language: Language) -> Iterator[_Row]:
    known, decisions = instants(document), decisions_by_rule(document)
    for verdict in by_severity(document):
        at_us = first_us(verdict.evidence, known)
        first = None if at_us is None else since_start(document, at_us)
        yield _Row(verdict, first, decisions.get(verdict.rule), language)


def _table(document: ResultDocument, language: Language, room: int) -> Table:
    widths = {"clause": 30, "tier": 12 if room < _SPACIOUS else 21}
    table = Table(title=label("heading", "verdicts", language), title_justify="left")
    for name in ("outcome", "rule", "clause", "evidence", "first", "tier", "reasons"):
        table.add_column(
            label("heading", name, language),
            justify="right" if name in {"evidence", "first"} else "left",
            overflow="fold",
            no_wrap=name in _WHOLE,
            width=widths.get(name),  # only the reasons give way, so that the table is never wider than its page
        )
    for row in _rows(document, language):
        table.add_row(*row.cells())
    return table
