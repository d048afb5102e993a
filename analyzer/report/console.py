"""Print the verdicts of a document on a terminal, or plainly anywhere else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analyzer.model.vocabulary import ClaimStatus
from analyzer.report.document import ResultDocument
from analyzer.report.kept_files import kept_files
from analyzer.report.labels import Language, counted, entitled, joined, label
from analyzer.report.sentences import told
from analyzer.report.summary import Share, by_recipient, by_sdk, first_hooks, named, watched
from analyzer.report.tables import stdout_console
from analyzer.report.text import shown
from analyzer.report.verdict_rows import print_instruments, print_rows

_CELL: Final = 120
_REASON: Final = 300
_PLAIN: Final = 160
_LISTED: Final = 12


def print_verdicts(document: ResultDocument, console: Console | None = None, language: Language = "en") -> None:
    """Print how each instrument stands, the verdict per clause, who took and received what, coverage and gaps.

    Without `console` it goes to stdout; colours appear only on a terminal and never with NO_COLOR.
    """
    out = console or stdout_console(_PLAIN)
    app = document.session.app
    out.print(_text(f"{app.label or app.package}  {app.package} {app.version_name}".strip(), "bold"))
    print_instruments(document, out, language)
    print_rows(document, out, language)
    if document.decisions:
        out.print(_decision_table(document, language))
    for heading, shares in (("sdk", by_sdk(document)), ("recipient", by_recipient(document))):
        if shares:
            out.print(_share_table(heading, shares, language))
    if document.policy is not None:
        out.print(_policy_table(document, language))
    for line in _coverage_lines(document, language):
        out.print(line)


def _text(foreign: str, style: str = "", limit: int = _CELL) -> Text:
    """Wrap foreign text so that neither the terminal nor rich's markup can read commands in it."""
    return Text(shown(foreign, limit), style=style)


def _decision_table(document: ResultDocument, language: Language) -> Table:
    table = Table(title=label("heading", "analyst", language), title_justify="left", header_style="bold", expand=False)
    for heading in ("rule", "outcome", "operator", "when", "why"):
        table.add_column(label("heading", heading, language))
    for one in document.decisions:
        table.add_row(
            *(_text(one.rule), _text(label("outcome", one.outcome, language)), _text(one.operator)),
            *(_text(one.at or ""), _text(one.why, limit=1000)),
        )
    return table


def _policy_table(document: ResultDocument, language: Language) -> Table:
    counts = Counter(claim.status for claim in document.claims)
    told_of = [f"{label('claim', status, language)} {counts[status]}" for status in ClaimStatus if counts[status]]
    name = document.policy.name if document.policy else ""
    named = entitled(label("heading", "policy", language), name, language)
    caption = _text(f"{named}{'。' if language == 'zh' else '. '}{joined(told_of, language)}", limit=_PLAIN)
    table = Table(title=caption, title_justify="left", header_style="bold", expand=False)
    for heading in ("policy_status", "data_type", "recipient", "confidence", "sentence"):
        table.add_column(label("heading", heading, language))
    open_claims = [claim for claim in document.claims if claim.status is not ClaimStatus.DECLARED]
    for claim in open_claims[:_LISTED]:
        table.add_row(
            _text(label("claim", claim.status, language)),
            _text(claim.data_type),
            _text(claim.recipient or label("heading", "the_app", language)),
            f"{claim.confidence:g}",
            _text(claim.sentence or told(claim.why, language)),
        )
    return table


def _share_table(heading: str, shares: Iterable[Share], language: Language) -> Table:
    table = Table()
    table.add_column(label("heading", heading, language), overflow="fold", no_wrap=True)  # a host is to be copied whole
    table.add_column(label("heading", "phase", language))
    table.add_column(label("heading", "data_type", language), overflow="fold")
    table.add_column(label("heading", "evidence", language), justify="right")
    table.add_column(label("heading", "tier", language))
    for share in shares:
        phase, tier = label("phase", share.phase, language), label("tier", share.tier, language)
        table.add_row(_text(named(share, language)), phase, _text(", ".join(share.data_types)), str(share.count), tier)
    return table


def _coverage_lines(document: ResultDocument, language: Language) -> list[RenderableType]:
    coverage, views = document.coverage, watched(document)
    heading = label("heading", "coverage", language)
    lines: list[RenderableType] = []
    for one in views:
        figures = [
            counted("armed", f"{one.armed}/{one.asked}", language),
            counted("proven", one.proven, language),
            counted("flows_read", one.flows_read, language),
            counted("flows_opaque", one.flows_opaque, language),
        ]
        if one.flows_tapped:
            figures.append(counted("flows_tapped", one.flows_tapped, language))
        if len(views) == 1:
            figures.append(counted("screens_unreadable", coverage.screens_unreadable, language))
        named = f"{heading} {shown(one.recording, _CELL)}" if len(views) > 1 else heading
        lines.append(Text(entitled(named, joined(figures, language), language)))
    if len(views) > 1 and coverage.screens_unreadable:
        unread = counted("screens_unreadable", coverage.screens_unreadable, language)
        lines.append(Text(entitled(heading, unread, language)))
    if coverage.opaque_hosts:
        hosts = [shown(host, _CELL) for host in coverage.opaque_hosts[:_LISTED]]
        lines.append(Text(entitled(label("heading", "flows_opaque", language), ", ".join(hosts), language)))
    if soon := first_hooks(document):
        heading = label("heading", "first_hook", language)
        lines.append(_text(entitled(heading, joined(soon[:_LISTED], language), language), limit=_REASON))
    word, files = kept_files(document)
    heading = label("heading", word, language)
    lines += [_text(entitled(heading, "; ".join(files), language), limit=_REASON)] if files else []
    return lines + _gap_lines(document, language)


def _gap_lines(document: ResultDocument, language: Language) -> list[RenderableType]:
    counts = Counter(gap.kind for gap in document.gaps)
    kinds = [
        f"{told(shown(kind, _CELL).replace('_', ' '), language)} {count}" for kind, count in sorted(counts.items())
    ]
    found = joined(kinds, language) or label("heading", "none", language)
    lines: list[RenderableType] = [Text(entitled(label("heading", "gaps", language), found, language))]
    whys = [entitled(gap.subject, told(gap.why, language), language) for gap in document.gaps[:_LISTED]]
    told_of = [_text(why, limit=_REASON) for why in whys]
    lines.extend(Padding(line, (0, 0, 0, 2)) for line in told_of)
    if len(document.gaps) > _LISTED:
        lines.append(Text(f"  {counted('more_gaps', len(document.gaps) - _LISTED, language)}"))
    return lines
