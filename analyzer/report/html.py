"""Write the document as one HTML file that needs no network, runs no script and can be printed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, TypeVar

from jinja2 import DictLoader, Environment, StrictUndefined

from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import RecordingEntry
from analyzer.report.document_results import ObservationEntry, VerdictEntry
from analyzer.report.instants import elapsed
from analyzer.report.labels import Language, label, title
from analyzer.report.summary import (
    by_recipient,
    by_sdk,
    by_severity,
    first_us,
    hook_counts,
    instants,
    start_us,
    strongest,
    tally,
)
from analyzer.report.text import shown

ROWS: Final = 5000
"""How many rows of one table the page shows; the page says when there are more."""

_VERDICT_EVIDENCE: Final = 20
_BAND_SPANS: Final = 500
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Band:
    """One stretch of the phases band: left edge and width in percent of the recording."""

    phase: str
    app_state: str
    left: float
    width: float
    start: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class VerdictCard:
    """What the first screen says of one verdict."""

    verdict: VerdictEntry
    title: str
    first: str
    strongest: ObservationEntry | None
    evidence: tuple[ObservationEntry, ...]


def write_html(document: ResultDocument, language: Language = "en") -> bytes:
    """Give the report page as UTF-8 bytes; a pure function of the document."""
    style = _data("report.css")
    page = (
        _environment(document, language)
        .get_template("report")
        .render(
            document=document,
            language=language,
            style=style,
            style_hash=_csp_hash(style),
            cards=_cards(document, language),
            tally=tally(document),
            bands={recording.name: _bands(document, recording) for recording in document.recordings},
            sdks=by_sdk(document),
            recipients=by_recipient(document),
            hooks=hook_counts(document),
            limit=ROWS,
        )
    )
    return page.encode("utf-8")


def _environment(document: ResultDocument, language: Language) -> Environment:
    environment = Environment(
        loader=DictLoader({"report": _data("report.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    start = start_us(document)
    environment.filters["since"] = lambda at_us: elapsed(at_us, start)
    environment.globals["word"] = lambda table, name: label(table, name, language)
    environment.globals["head"] = lambda name: label("heading", name, language)
    environment.globals["rows"] = _rows
    return environment


def _visible(value: object) -> object:
    """Spell out control and bidi characters of every plain text that the template prints; markup is left alone."""
    return shown(value) if type(value) is str else value


def _rows(entries: Sequence[_T]) -> Sequence[_T]:
    return entries[:ROWS]


def _data(name: str) -> str:
    return files("analyzer.report").joinpath("data", name).read_text("utf-8")


def _csp_hash(style: str) -> str:
    digest = hashlib.sha256(style.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def _cards(document: ResultDocument, language: Language) -> list[VerdictCard]:
    known, start = instants(document), start_us(document)
    observations = {seen.id: seen for seen in document.observations}
    cards = []
    for verdict in by_severity(document):
        at_us = first_us(verdict.evidence, known)
        named = tuple(observations[name] for name in verdict.evidence if name in observations)
        cards.append(
            VerdictCard(
                verdict=verdict,
                title=title(verdict.title, language),
                first="" if at_us is None else elapsed(at_us, start),
                strongest=strongest(verdict, observations),
                evidence=named[:_VERDICT_EVIDENCE],
            )
        )
    return cards


def _bands(document: ResultDocument, recording: RecordingEntry) -> list[Band]:
    if recording.start_us is None or recording.end_us is None:
        return []
    length = max(1, recording.end_us - recording.start_us)
    spans = [span for span in document.phases if span.recording == recording.name][:_BAND_SPANS]
    return [
        Band(
            phase=span.phase,
            app_state=span.app_state,
            left=round(100 * (span.start_us - recording.start_us) / length, 3),
            width=round(100 * (span.end_us - span.start_us) / length, 3),
            start=elapsed(span.start_us, recording.start_us),
            reasoning=span.reasoning,
        )
        for span in spans
    ]
