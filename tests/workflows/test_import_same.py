from __future__ import annotations

from dataclasses import replace

from analyzer.codec.foreign import Broken, stamp
from analyzer.model.evidence import Mark
from analyzer.model.vocabulary import MarkKind
from analyzer.workflows.import_same import SameFiles

MARK = Mark(1, "hook_lines-1", stamp(5), MarkKind.ACCEPTED, {"button": "OK"})


def test_files_with_the_same_records_are_found_whatever_they_are_called():
    files = SameFiles()
    for name, records, same in (
        ("a", [MARK, Broken("line 2", "no JSON", 5)], ""),
        ("b", [replace(MARK, source="hook_lines-2"), Broken("line 3", "no JSON", 5)], "a"),
        ("c", [MARK], ""),
        ("d", [replace(MARK, details={"button": "No"})], ""),
        ("e", [replace(MARK, stamp=stamp(6))], ""),
        ("f", [MARK], "c"),
    ):
        for record in records:
            files.take(record)
        assert files.end(name) == same


def test_files_in_which_there_is_nothing_are_not_the_same():
    files = SameFiles()
    assert [files.end(name) for name in ("a", "b")] == ["", ""]
