"""Write a result as one CSV table that no spreadsheet program executes."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from analyzer.report.document import ResultDocument
from analyzer.report.document_results import (
    DecisionEntry,
    FrequencyEntry,
    ObservationEntry,
    PermissionEntry,
    TimelineItem,
    VerdictEntry,
)
from analyzer.report.instants import rfc3339
from analyzer.report.labels import title
from analyzer.report.summary import decisions_by_rule, first_us, instants
from analyzer.report.text import shown

COLUMNS: Final = (
    "row",
    "at",
    "at_us",
    "recording",
    "source",
    "line",
    "kind",
    "phase",
    "app_state",
    "title",
    "data_types",
    "sdk",
    "recipient",
    "party",
    "channel",
    "where",
    "path",
    "encodings",
    "chain",
    "value",
    "method",
    "tier",
    "confidence",
    "observations",
    "rule",
    "pack",
    "clause",
    "outcome",
    "reasons",
    "analyst_outcome",
    "analyst",
    "analyst_at",
    "analyst_why",
    "reads",
    "reads_in_background",
    "reads_silent",
    "most_in_window",
    "limit",
    "window_us",
    "over",
    "complete",
    "step_us",
    "curve",
    "declared",
    "asked",
    "granted",
    "use_seen",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CELL: Final = 2000


def csv_pieces(document: ResultDocument) -> Iterator[bytes]:
    """Write a row per timeline entry, then per observation, verdict, frequency and permission.

    UTF-8 with a byte order mark, so that spreadsheet programs read Chinese.
    """
    yield codecs.BOM_UTF8
    yield from table_pieces(COLUMNS, _rows(document))


def table_pieces(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """Write a table of safe cells, the names of its columns first; columns that a row lacks stay empty."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: cell(text) for name, text in row.items()})
        yield out.getvalue().encode("utf-8", "backslashreplace")
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def cell(text: str) -> str:
    """Give a cell that is text to every spreadsheet program: no controls, and no first character that computes."""
    visible = shown(text, _CELL)
    return f"'{visible}" if text.lstrip(" ").startswith(_FORMULA) else visible


def _rows(document: ResultDocument) -> Iterator[dict[str, str]]:
    yield from map(_timeline_row, document.timeline)
    yield from map(_observation_row, document.observations)
    decisions = decisions_by_rule(document)
    known = instants(document)
    for verdict in document.verdicts:
        yield _verdict_row(verdict, decisions.get(verdict.rule), first_us(verdict.evidence, known))
    yield from map(_frequency_row, document.frequencies)
    yield from map(_permission_row, document.permissions)


def _timeline_row(item: TimelineItem) -> dict[str, str]:
    return {
        "row": "timeline",
        "at": item.at or "",
        "at_us": str(item.at_us),
        "recording": item.recording,
        "source": item.ref.source if item.ref else "",
        "line": str(item.ref.line) if item.ref else "",
        "kind": item.kind,
        "phase": item.phase,
        "app_state": item.app_state,
        "title": item.title,
        "data_types": " ".join(item.data_types),
        "sdk": item.sdk,
        "recipient": item.recipient,
        "observations": " ".join(item.observations),
    }


def _observation_row(seen: ObservationEntry) -> dict[str, str]:
    return {
        "row": "observation",
        "at": seen.at or "",
        "at_us": str(seen.at_us),
        "recording": seen.ref.recording,
        "source": seen.ref.source,
        "line": str(seen.ref.line),
        "phase": seen.phase,
        "app_state": seen.app_state,
        "data_types": seen.data_type,
        "sdk": seen.sdk.id if seen.sdk else "",
        "recipient": seen.recipient.host if seen.recipient else "",
        "party": seen.recipient.party if seen.recipient else "",
        "channel": seen.channel,
        "where": seen.where,
        "path": seen.path,
        "encodings": " ".join(seen.encodings),
        "chain": " › ".join(seen.chain),
        "value": seen.value,
        "method": seen.method,
        "tier": seen.tier,
        "confidence": f"{seen.confidence:.3f}",
        "observations": seen.id,
    }


def _verdict_row(verdict: VerdictEntry, decision: DecisionEntry | None, first: int | None) -> dict[str, str]:
    """Give the row of a verdict at the instant of its first evidence, with the newest decision of an analyst beside it.

    Without evidence it has no instant, and no confidence: that of the rule's text alone says nothing of the app.
    """
    row = {
        "row": "verdict",
        "at": "" if first is None else rfc3339(first) or "",
        "at_us": "" if first is None else str(first),
        "title": title(verdict.title),
        "tier": verdict.tier or "",
        "confidence": f"{verdict.confidence:.3f}" if verdict.evidence else "",
        "observations": " ".join(verdict.evidence),
        "rule": verdict.rule,
        "pack": verdict.pack,
        "clause": verdict.clause,
        "outcome": verdict.outcome,
        "reasons": "; ".join(verdict.reasons),
    }
    if decision:
        row |= {
            "analyst_outcome": decision.outcome,
            "analyst": decision.operator,
            "analyst_at": decision.at or "",
            "analyst_why": decision.why,
        }
    return row


def _frequency_row(one: FrequencyEntry) -> dict[str, str]:
    """Give the row of how often one party read one type of data; the curve starts at the row's time."""
    return {
        "row": "frequency",
        "at": rfc3339(one.start_us) or "",
        "at_us": str(one.start_us),
        "recording": one.recording,
        "data_types": one.data_type,
        "sdk": one.sdk,
        "reads": str(one.reads),
        "reads_in_background": str(one.background),
        "reads_silent": str(one.silent),
        "most_in_window": str(one.most),
        "limit": f"{one.limit:g}",
        "window_us": str(one.window_us),
        "over": _answer(one.over),
        "complete": _answer(one.complete),
        "step_us": str(one.step_us),
        "curve": " ".join(map(str, one.curve)),
    }


def _permission_row(one: PermissionEntry) -> dict[str, str]:
    """Give the row of a permission and its use; what is not known is left empty."""
    return {
        "row": "permission",
        "title": one.permission,
        "data_types": " ".join(one.types),
        "reads": str(one.reads),
        "declared": _answer(one.declared),
        "asked": _answer(one.asked),
        "granted": _answer(one.granted),
        "use_seen": _answer(one.seen),
    }


def _answer(value: bool | None) -> str:  # noqa: FBT001 - private conversion
    return "" if value is None else "true" if value else "false"
