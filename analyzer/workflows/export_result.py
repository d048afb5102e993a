"""Export the result of a session: the document itself, or what other tools read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from analyzer.analysis.redact import Redactor
from analyzer.report.case_uco import case_bytes
from analyzer.report.csv import csv_bytes
from analyzer.report.document import ResultDocument, to_bytes
from analyzer.report.html import write_html
from analyzer.report.markdown import markdown_bytes
from analyzer.report.perfetto import perfetto_bytes
from analyzer.report.redacted import redact_document
from analyzer.report.redacted_flow import FlowRedactor
from analyzer.report.timesketch import timesketch_csv, timesketch_jsonl
from analyzer.store.reader import blob_reader
from analyzer.workflows.analyze import Result, stored
from analyzer.workflows.covering import Hides
from analyzer.workflows.decisions import decided, decisions
from analyzer.workflows.exhibits import Copier, exhibits
from analyzer.workflows.home import Home
from analyzer.workflows.redaction import redactor
from analyzer.workflows.traffic import by_flow, open_encoded

Language: TypeAlias = Literal["en", "zh"]
Writer: TypeAlias = Callable[[ResultDocument, Language], bytes]

WRITERS: Final[Mapping[str, Writer]] = MappingProxyType(
    {
        "json": lambda document, _: to_bytes(document),
        "html": write_html,
        "csv": lambda document, _: csv_bytes(document),
        "timesketch": lambda document, _: timesketch_jsonl(document),
        "perfetto": lambda document, _: perfetto_bytes(document),
        "markdown": markdown_bytes,
        "case": lambda document, _: case_bytes(document),
    }
)
"""How each format is written of the document alone; the page shows the evidence itself too."""


def export_result(
    home: Home, word: str, format_: str, language: Language, *, table: bool = False, redact: bool = False
) -> bytes:
    """Write a session's newest result in one of the formats; a timeline for Timesketch as a `table` if asked.

    With `redact` a copy is written in which names stand for personal values.
    """
    result = stored(home, word)
    if format_ == "json" and not redact and not decisions(home, result.path.name):
        return result.data
    document = decided(home, result.document)
    names = redactor(home.workspace, result) if redact else None
    document = redact_document(document, names) if names else document
    if format_ == "html":
        return write_html(document, language, exhibits(result.path, document, _copier(result, names), _hides(names)))
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
