from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analyzer.model.evidence import Blob, Body
from analyzer.model.vocabulary import GapKind, Strategy
from analyzer.store.flow_chunks import READER
from analyzer.store.lines import MAX_LINE
from analyzer.store.reader import blob_reader, read_session, recording_folders

MARKS = "recordings/1-accept/marks.jsonl"


def test_a_session_reads_as_it_was_written(session: Path, make: Any) -> None:
    read = read_session(session)
    assert [(item.name, item.strategy) for item in read.recordings] == [
        ("1-accept", Strategy.ACCEPT),
        ("2-refuse", Strategy.REFUSE),
    ]
    first = read.recordings[0]
    assert [tuple(line) for line in first.marks] == [(n + 1, make.mark(n, x="540", y="1200")) for n in range(3)]
    assert first.flows[0].record == make.request(1, Body(4, b"body"))
    assert not first.gaps
    assert read.info.id == session.name


def test_a_tail_torn_at_any_byte_costs_one_line_and_leaves_one_gap(session: Path, make: Any) -> None:
    path = session / MARKS
    whole = path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for size in range(start, len(whole) + 1):
        path.write_bytes(whole[:size])
        (read, _) = read_session(session).recordings
        complete = size >= len(whole) - 1
        assert [line.number for line in read.marks] == ([1, 2, 3] if complete else [1, 2])
        torn = [(line.number, line.record.kind, line.record.subject, line.record.stamp) for line in read.gaps]
        expected = [] if complete or size == start else [(0, GapKind.RECORD_TORN, "marks.jsonl:3", make.stamp(1))]
        assert torn == expected, size


def test_a_broken_line_keeps_its_number_and_says_why(session: Path, make: Any) -> None:
    path = session / MARKS
    lines = path.read_bytes().splitlines(keepends=True)
    other = (session / "recordings/1-accept/screens.jsonl").read_bytes()
    path.write_bytes(b"\n" + lines[0] + lines[1].replace(b'"seq":1', b'"seq":"1"') + other + b"\xff\x00\n" + lines[2])
    (read, _) = read_session(session).recordings
    assert [line.number for line in read.marks] == [2, 6]
    gaps = [line.record for line in read.gaps]
    assert [(gap.seq, gap.kind) for gap in gaps] == [
        (1, GapKind.RECORD_TORN),
        (3, GapKind.RECORD_INVALID),
        (4, GapKind.RECORD_INVALID),
        (5, GapKind.RECORD_TORN),
    ]
    assert {gap.source for gap in gaps} == {READER}
    assert "Screen does not belong into marks.jsonl" in gaps[2].why
    assert (gaps[0].stamp.mono_us, gaps[1].stamp) == (0, make.stamp(0))


def test_an_endless_line_is_a_gap_and_not_a_full_memory(session: Path) -> None:
    with (session / MARKS).open("r+b") as file:
        file.seek(0, 2)
        file.truncate(file.tell() + MAX_LINE + 1)
    (read, _) = read_session(session).recordings
    assert [(line.record.kind, line.record.why) for line in read.gaps] == [
        (GapKind.RECORD_INVALID, "the line is too long")
    ]


def test_recordings_come_in_the_order_of_their_numbers_and_nothing_else_does(session: Path) -> None:
    for name in ("10-accept", "3-dance", "x", "0-accept"):
        (session / "recordings" / name).mkdir()
        (session / "recordings" / name / "marks.jsonl").touch()
    (session / "recordings" / "11-accept").mkdir()
    (session / "recordings" / "9-accept").symlink_to(session / "recordings" / "1-accept")
    assert [folder.name for folder in recording_folders(session)] == ["1-accept", "2-refuse", "10-accept"]


def test_a_blob_is_read_only_with_its_digest_and_from_its_place(session: Path) -> None:
    blob = read_session(session).recordings[0].screens[0].record.hierarchy
    assert blob
    read = blob_reader(session)
    assert read("1-accept", blob) == b"<hierarchy/>"
    wrong = [
        ("1-accept", replace(blob, size=blob.size + 1)),
        ("1-accept", replace(blob, size=-1)),
        ("1-accept", replace(blob, size=2**62)),
        ("1-accept", replace(blob, sha256="00" * 32)),
        ("1-accept", replace(blob, path="../../manifest.json")),
        ("1-accept", replace(blob, path=f"bodies/{'0' * 64}")),
        ("../1-accept", blob),
        ("3-accept", blob),
    ]
    for recording, other in wrong:
        with pytest.raises(KeyError):
            read(recording, other)


def test_a_blob_is_not_read_through_a_link(session: Path, tmp_path: Path) -> None:
    blob: Blob | None = read_session(session).recordings[0].screens[0].record.hierarchy
    assert blob
    folder = session / "recordings/1-accept/screens"
    folder.rename(tmp_path / "screens")
    folder.symlink_to(tmp_path / "screens")
    with pytest.raises(KeyError):
        blob_reader(session)("1-accept", blob)
