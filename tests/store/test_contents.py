from __future__ import annotations

import os
from pathlib import Path

import pytest

from analyzer.store.contents import Broken, journals_of, list_contents, open_plain, read_manifest, walk_journal
from analyzer.store.problems import EvidenceRefused

MARKS = "recordings/1-accept/marks.jsonl"


def test_everything_but_the_seal_is_listed_and_links_apart(session: Path) -> None:
    (session / "seal.json").write_text("")
    (session / "recordings" / "1-accept" / "marks.jsonl").chmod(0o600)
    (session / "link").symlink_to("/etc")
    os.mkfifo(session / "pipe")
    os.close(os.open(os.fsencode(session) + b"/bad\xff", os.O_CREAT))
    contents = list_contents(session)
    assert contents.strange == ("bad\\xff", "link", "pipe")
    assert len(contents.files) == 17
    assert "seal.json" not in contents.files
    assert len(journals_of(contents.files)) == 10


def test_only_record_files_in_their_place_are_journals() -> None:
    names = (
        MARKS,
        "recordings/1-accept/other.jsonl",
        "recordings/marks.jsonl",
        "x/1-accept/marks.jsonl",
        "marks.jsonl",
    )
    assert journals_of(names) == (MARKS,)


def test_a_pipe_or_a_link_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match=r"no regular file|symbolic links"):
            open_plain(tmp_path / name)


def test_a_broken_link_of_the_chain_is_named_once(session: Path) -> None:
    path = session / MARKS
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"1200", b"1201") + lines[2])
    head, broken = walk_journal(session, MARKS, session.name)
    assert head.lines == 3
    assert broken == (Broken(2, "the line does not follow from the one before it"),)


def test_a_record_of_another_session_does_not_fit(session: Path) -> None:
    assert [line for line, _ in walk_journal(session, MARKS, "another")[1]] == [1]


def test_a_missing_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceRefused, match=r"manifest\.json cannot be used"):
        read_manifest(tmp_path)
