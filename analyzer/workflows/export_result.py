"""Export the result of a session: the document itself, or what other tools read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from analyzer.analysis.redact import Redactor
from analyzer.report.case_uco import case_pieces
from analyzer.report.csv import csv_pieces
from analyzer.report.document import ResultDocument, to_pieces
from analyzer.report.html import html_pieces
from analyzer.report.markdown import markdown_bytes
from analyzer.report.perfetto import perfetto_pieces
from analyzer.report.redacted_flow import FlowRedactor
from analyzer.report.seen import by_flow
from analyzer.report.timesketch import timesketch_csv, timesketch_jsonl
from analyzer.store.reader import blob_reader
from analyzer.workflows.analyze import Result, stored
from analyzer.workflows.covering import Hides
from analyzer.workflows.decisions import decided, decisions
from analyzer.workflows.exhibits import Copier, exhibits
from analyzer.workflows.home import Home
from analyzer.workflows.redaction import redacted, redactor
from analyzer.workflows.traffic import open_encoded

Language: TypeAlias = Literal["en", "zh"]
Writer: TypeAlias = Callable[[ResultDocument, Language], Iterable[bytes]]

WRITERS: Final[Mapping[str, Writer]] = MappingProxyType(
    {
        "json": lambda document, _: to_pieces(document),
        "html": html_pieces,
        "csv": lambda document, _: csv_pieces(document),
        "timesketch": lambda document, _: timesketch_jsonl(document),
        "perfetto": lambda document, _: perfetto_pieces(document),
        "markdown": lambda document, language: [markdown_bytes(document, language)],
        "case": lambda document, _: case_pieces(document),
    }
)
"""How each format is written of the document alone; the page shows the evidence itself too."""


def export_result(
    home: Home, word: str, format_: str, language: Language, *, table: bool = False, redact: bool = False
) -> Iterable[bytes]:
    """Write a session's newest result in one of the formats, in pieces; a `table` for Timesketch if asked.

    With `redact` a copy is written in which names stand for personal values.
    """
    result = stored(home, word)
    if format_ == "json" and not redact and not decisions(home, result.path.name):
        return result.pieces()
    document = decided(home, result.document)
    names = redactor(home.workspace, result) if redact else None
    document = redacted(home.workspace, document, names) if names else document
    if format_ == "html":
        return html_pieces(document, language, exhibits(result.path, document, _copier(result, names), _hides(names)))
    if format_ == "timesketch" and table:
        return timesketch_csv(document)
    return WRITERS[format_](document, language)


def _hides(names: Redactor | None) -> Hides | None:
    if names is None:
        return None
    return lambda text: names.text(text) != text or bool(names.names(text.encode("utf-8", "replace")))


def _copier(result: Result, names: Redactor | None) -> Copier | None:
    if names is None:
        return None
    seen = by_flow(result.document)
    copies = FlowRedactor(names, blob_reader(result.path), open_encoded)
    return lambda flow: copies.flow(flow, seen.get(flow.index, ()))
