"""Names the files that a recording kept beside its records: they are in the session and its bundle only."""

from __future__ import annotations

from typing import Final

from analyzer.model.vocabulary import MarkKind
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import MarkEntry
from analyzer.report.instants import elapsed
from analyzer.report.summary import start_us

_VIDEO: Final = "video"
"""What a file is that can be looked at only once it was ended; one without an end was not fetched."""


def kept_files(document: ResultDocument) -> tuple[str, tuple[str, ...]]:
    """Give the heading's word and each file, with when it begins and how large it is; foreign text is not escaped.

    In a copy without personal values the list is one of what the copy leaves out.
    """
    ended = _ended(document)
    start, found = start_us(document), {}
    for mark in document.marks:
        if mark.kind is MarkKind.FILE_BEGUN and (_name(mark) in ended or mark.details.get("what") != _VIDEO):
            size = ended[_name(mark)].details.get("bytes", "") if _name(mark) in ended else ""
            large = f", {int(size) / 1_000_000:.3g} MB" if size.isdecimal() else ""
            found[_name(mark)] = f"{_name(mark)} ({elapsed(mark.at_us, start)}{large})"
    return "files_left_out" if document.session.redaction else "files", tuple(found.values())


def in_video(document: ResultDocument, at_us: int) -> str:
    """Give the video that shows an instant, with about how far into it; empty where none does."""
    ended = _ended(document)
    for mark in reversed(document.marks):
        end = ended.get(_name(mark))
        if mark.kind is not MarkKind.FILE_BEGUN or mark.details.get("what") != _VIDEO or end is None:
            continue
        if mark.at_us <= at_us <= end.at_us:
            minutes, seconds = divmod((at_us - mark.at_us) // 1_000_000, 60)
            return f"{mark.details.get('file', '')} ≈{minutes}:{seconds:02}"
    return ""


def _ended(document: ResultDocument) -> dict[str, MarkEntry]:
    return {_name(mark): mark for mark in document.marks if mark.kind is MarkKind.FILE_ENDED}


def _name(mark: MarkEntry) -> str:
    return f"{mark.ref.recording}/{mark.details.get('file', '')}"
