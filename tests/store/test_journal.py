from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.store.chain import genesis, link
from analyzer.store.journal import Journal
from analyzer.store.problems import SessionBusy

PAYLOAD = b'{"v":1,"n":%d}'


def fill(path: Path, *numbers: int) -> None:
    journal = Journal(path, "s", "1-accept")
    for number in numbers:
        journal.add(PAYLOAD % number)
    journal.write(journal.take())
    journal.close()


def test_a_continued_file_equals_one_written_in_one_go(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    fill(tmp_path / "a" / "marks.jsonl", 1, 2, 3)
    for number in (1, 2, 3):
        fill(tmp_path / "b" / "marks.jsonl", number)
    assert (tmp_path / "a" / "marks.jsonl").read_bytes() == (tmp_path / "b" / "marks.jsonl").read_bytes()


def test_each_line_carries_the_digest_over_all_before_it(tmp_path: Path) -> None:
    fill(tmp_path / "marks.jsonl", 1, 2)
    first = link(genesis("s", "1-accept", "marks.jsonl"), PAYLOAD % 1)
    second = link(first, PAYLOAD % 2)
    assert (tmp_path / "marks.jsonl").read_text().splitlines() == [
        f'{{"v":1,"n":1,"chain":"{first}"}}',
        f'{{"v":1,"n":2,"chain":"{second}"}}',
    ]


def test_a_file_torn_at_any_byte_is_continued_without_a_change(tmp_path: Path) -> None:
    path = tmp_path / "marks.jsonl"
    fill(path, 1, 2)
    whole = path.read_bytes()
    start = whole.index(b"\n") + 1
    for size in range(start, len(whole) + 1):
        path.write_bytes(whole[:size])
        fill(path, 3)
        data = path.read_bytes()
        assert data.startswith(whole[:size] + b"\n" * (not whole[:size].endswith(b"\n")))
        kept = 2 if size >= len(whole) - 1 else 1
        head = genesis("s", "1-accept", "marks.jsonl")
        for number in range(1, kept + 1):
            head = link(head, PAYLOAD % number)
        assert data.endswith(f'"n":3,"chain":"{link(head, PAYLOAD % 3)}"}}\n'.encode())


def test_what_waits_is_given_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "marks.jsonl", "s", "1-accept")
    sizes = [journal.add(PAYLOAD % number) for number in range(3)]
    assert len(journal.take()) == sizes[-1]
    assert not journal.take()
    journal.close()


def test_a_second_writer_is_refused_and_a_link_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "marks.jsonl"
    journal = Journal(path, "s", "1-accept")
    with pytest.raises(SessionBusy):
        Journal(path, "s", "1-accept")
    journal.close()
    (tmp_path / "flows.jsonl").symlink_to(path)
    with pytest.raises(OSError, match="symbolic links"):
        Journal(tmp_path / "flows.jsonl", "s", "1-accept")
