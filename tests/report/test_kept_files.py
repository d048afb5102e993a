from __future__ import annotations

import io

import pytest
from rich.console import Console

from analyzer.model.vocabulary import MarkKind, Source
from analyzer.report.console import print_verdicts
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import MarkEntry, RefEntry
from analyzer.report.html import write_html
from analyzer.report.kept_files import in_video, kept_files
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
        mark(document, MarkKind.FILE_BEGUN, 8, what="video", file="video-1.mp4"),
        mark(document, MarkKind.FILE_ENDED, 650, what="video", file="video-1.mp4", bytes="90000000"),
        mark(document, MarkKind.FILE_BEGUN, 660, what="video", file="video-2.mp4"),
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
        (
            "1-accept/packets.pcap (+0.500 s, 2.5 MB)",
            "1-accept/<b>cut</b>.pcap (+0.700 s)",
            "1-accept/video-1.mp4 (+0.800 s, 90 MB)",
        ),
    )


def test_an_instant_is_found_in_the_video_that_shows_it_where_one_was_fetched(kept: ResultDocument) -> None:
    start = start_us(kept)
    assert in_video(kept, start + 62_900_000) == "video-1.mp4 ≈1:02"
    assert in_video(kept, start + 700_000) == ""
    assert in_video(kept, start + 66_500_000) == "", "the second was not fetched"


def test_the_first_evidence_of_a_verdict_is_named_in_the_video(kept: ResultDocument) -> None:
    early = mark(kept, MarkKind.FILE_BEGUN, 1, what="video", file="video-1.mp4")
    begun = [one for one in kept.marks if one.details.get("file") != "video-1.mp4" or one.kind is MarkKind.FILE_ENDED]
    document = kept.model_copy(update={"marks": (early, *begun)})
    assert "+0.100 s, video-1.mp4 ≈0:00" in markdown_bytes(document).decode()
    assert "(video-1.mp4 ≈0:00)" in write_html(document).decode()


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
