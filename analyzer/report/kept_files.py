"""Names the files that a recording kept beside its records: they are in the session and its bundle only."""

from __future__ import annotations

from analyzer.model.vocabulary import MarkKind
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import MarkEntry
from analyzer.report.instants import elapsed
from analyzer.report.summary import start_us


def kept_files(document: ResultDocument) -> tuple[str, tuple[str, ...]]:
    """Give the heading's word and each file, with when it begins and how large it is; foreign text is not escaped.

    In a copy without personal values the list is one of what the copy leaves out.
    """
    ended = {_name(mark): mark.details for mark in document.marks if mark.kind is MarkKind.FILE_ENDED}
    start, found = start_us(document), {}
    for mark in document.marks:
        if mark.kind is MarkKind.FILE_BEGUN:
            size = ended.get(_name(mark), {}).get("bytes", "")
            large = f", {int(size) / 1_000_000:.3g} MB" if size.isdecimal() else ""
            found[_name(mark)] = f"{_name(mark)} ({elapsed(mark.at_us, start)}{large})"
    return "files_left_out" if document.session.redaction else "files", tuple(found.values())


def _name(mark: MarkEntry) -> str:
    return f"{mark.ref.recording}/{mark.details.get('file', '')}"
