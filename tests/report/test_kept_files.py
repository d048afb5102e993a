from __future__ import annotations

import io

import pytest
from rich.console import Console

from analyzer.model.vocabulary import MarkKind, Source
from analyzer.report.console import print_verdicts
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import MarkEntry, RefEntry
from analyzer.report.html import write_html
from analyzer.report.kept_files import kept_files
from analyzer.report.markdown import markdown_bytes
from analyzer.report.summary import start_us


def mark(document: ResultDocument, kind: MarkKind, line: int, **details: str) -> MarkEntry:
    ref = RefEntry(recording="1-accept", source=Source.MARKS, line=line)
    at_us = start_us(document) + line * 100_000
    return MarkEntry(id=f"1-accept/marks/{line}", ref=ref, kind=kind, at_us=at_us, at=None, details=details)


@pytest.fixture
def kept(document: ResultDocument) -> ResultDocument:
    marks = (
        mark(document, MarkKind.FILE_BEGUN, 5, what="packets", file="packets.pcap"),
        mark(document, MarkKind.FILE_ENDED, 9, what="packets", file="packets.pcap", packets="11", bytes="2500000"),
        mark(document, MarkKind.FILE_BEGUN, 7, what="packets", file="<b>cut</b>.pcap"),
    )
    return document.model_copy(update={"marks": (*document.marks, *marks)})


def redacted(document: ResultDocument) -> ResultDocument:
    return document.model_copy(update={"session": document.session.model_copy(update={"redaction": "replaced"})})


def printed(document: ResultDocument) -> str:
    print_verdicts(document, Console(file=(out := io.StringIO()), width=160))
    return out.getvalue()


def test_every_file_is_named_with_its_beginning_and_what_is_known_of_its_size(kept: ResultDocument) -> None:
    assert kept_files(kept) == (
        "files",
        ("1-accept/packets.pcap (+0.500 s, 2.5 MB)", "1-accept/<b>cut</b>.pcap (+0.700 s)"),
    )


def test_reports_name_them_and_copies_without_personal_values_say_that_they_leave_them_out(
    kept: ResultDocument, document: ResultDocument
) -> None:
    for text in (printed(kept), markdown_bytes(kept).decode(), write_html(kept).decode()):
        assert "Files beside the records" in text
        assert "1-accept/packets.pcap (" in text
    assert "<b>cut" not in write_html(kept).decode()
    copy = redacted(kept)
    for text in (printed(copy), markdown_bytes(copy).decode(), write_html(copy).decode()):
        assert "Not in this copy, for personal values in them cannot be replaced" in text
    assert "Files beside" not in printed(document)
