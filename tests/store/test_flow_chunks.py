from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from analyzer.model.clock import Stamp
from analyzer.model.evidence import Body, Gap
from analyzer.model.vocabulary import GapKind, Source, Strategy
from analyzer.store import flow_chunks
from analyzer.store.flow_chunks import cut
from analyzer.store.reader import open_session, read_session
from analyzer.store.recording import RecordingWriter


@pytest.fixture
def flows(tmp_path: Path, make: Any) -> Path:
    folder = tmp_path / "sessions" / "s" / "recordings" / f"1-{Strategy.ACCEPT}"
    folder.mkdir(parents=True)
    with RecordingWriter(folder, "s", [Source.FLOWS]) as writer:
        for at in range(1, 200):
            writer.append(make.request(at, Body(at * 97, bytes([at]) * (at * 97))))
    return folder / "flows.jsonl"


@pytest.mark.parametrize("size", [1, 5_000, 70_000, 1 << 20, 8 << 20])
def test_the_chunks_hold_every_line_once_in_order_whatever_their_size(flows: Path, make: Any, size: int) -> None:
    chunks, firsts = cut(flows, size)
    lines = [line for chunk in chunks for line in pickle.loads(pickle.dumps(chunk))()]
    assert [line.number for line in lines] == list(range(1, 200))
    assert [line.record.seq for line in lines] == list(range(1, 200))
    assert firsts == (make.stamp(1),)
    assert len(chunks) == 1 if size > flows.stat().st_size else len(chunks) > 1


def test_a_chunk_reads_the_same_again(flows: Path) -> None:
    (chunk,), _ = cut(flows)
    assert list(chunk()) == list(chunk())


@pytest.mark.parametrize("size", [1, 1 << 20])
def test_a_broken_line_and_a_torn_tail_are_gaps_with_their_numbers(flows: Path, size: int) -> None:
    lines = flows.read_bytes().splitlines(keepends=True)
    flows.write_bytes(b"".join([*lines[:3], b"nonsense\n", *lines[4:7], lines[8][:-9]]))
    chunks, _ = cut(flows, size)
    read = [line for chunk in chunks for line in chunk()]
    gaps = [line.record for line in read if isinstance(line.record, Gap)]
    assert [line.number for line in read] == [1, 2, 3, 0, 5, 6, 7, 0]
    assert [(gap.seq, gap.kind, gap.subject, gap.stamp) for gap in gaps] == [
        (4, GapKind.RECORD_TORN, "flows.jsonl:4", Stamp(0, 0)),
        (8, GapKind.RECORD_TORN, "flows.jsonl:8", Stamp(0, 0)),
    ]


def test_the_first_stamp_of_each_clock_is_the_earliest(flows: Path, make: Any) -> None:
    lines = flows.read_bytes().splitlines(keepends=True)
    flows.write_bytes(b"".join(reversed(lines)))
    assert cut(flows, 10_000)[1] == (make.stamp(1),)


def test_no_file_and_an_empty_one_have_no_chunks(tmp_path: Path) -> None:
    assert cut(tmp_path / "flows.jsonl") == ((), ())
    (tmp_path / "flows.jsonl").touch()
    assert cut(tmp_path / "flows.jsonl") == ((), ())


def test_an_opened_session_is_the_one_that_is_read_but_for_where_its_flows_are(session: Path) -> None:
    read, opened = read_session(session), open_session(session)
    for one, other in zip(read.recordings, opened.recordings, strict=True):
        assert [line for chunk in other.chunks for line in chunk()] == list(one.flows)
        assert (one.events, one.marks, one.screens, one.gaps) == (other.events, other.marks, other.screens, other.gaps)
    assert opened.digest == read.digest


@pytest.mark.parametrize("size", [1, 300, 4_000])
def test_no_line_is_cut_however_much_longer_it_is_than_a_block(flows: Path, monkeypatch: Any, size: int) -> None:
    monkeypatch.setattr(flow_chunks, "_BLOCK", 64)
    chunks, _ = cut(flows, size)
    assert [line.record.seq for chunk in chunks for line in chunk()] == list(range(1, 200))
