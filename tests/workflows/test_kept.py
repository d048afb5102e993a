from __future__ import annotations

import shutil

import pytest

from analyzer.store.chain import genesis, link, split
from analyzer.store.problems import EvidenceRefused
from analyzer.store.schema import DOCUMENTS
from analyzer.workflows import kept
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.check import check
from analyzer.workflows.kept import replaced

MARKS = "recordings/1-accept/marks.jsonl"


def _rewrite(session) -> None:
    """Change a record and chain its file anew, as anybody can."""
    path = session / MARKS
    head, lines = genesis(session.name, "1-accept", "marks.jsonl"), []
    for line in path.read_bytes().splitlines():
        payload, old = split(line)
        changed = payload.replace(b"recording_started", b"recording_ended")
        head = link(head, changed)
        lines.append(line.replace(payload[:-1], changed[:-1]).replace(old.encode(), head.encode()))
    path.chmod(0o600)
    path.write_bytes(b"\n".join(lines) + b"\n")


@pytest.fixture
def judged(small):
    analyze(small, "latest", Lens())
    return small


def test_a_judged_session_and_one_that_never_was_are_as_they_were(small):
    path = small.workspace.find("latest")
    assert not replaced(small, path)
    analyze(small, "latest", Lens())
    assert not replaced(small, path)
    assert check(small, "latest").intact


def test_evidence_that_was_changed_and_lost_its_seal_is_not_sealed_again(judged):
    path = judged.workspace.find("latest")
    (path / "seal.json").unlink()
    _rewrite(path)
    with pytest.raises(EvidenceRefused, match="taken away"):
        analyze(judged, "latest", Lens())
    assert not (path / "seal.json").exists()
    assert not check(judged, "latest").intact


def test_evidence_that_was_sealed_again_elsewhere_is_refused(judged, tmp_path):
    path = judged.workspace.find("latest")
    database = judged.workspace.database
    shutil.move(database, tmp_path / "kept.db")
    (path / "seal.json").unlink()
    _rewrite(path)
    analyze(judged, "latest", Lens())
    shutil.move(tmp_path / "kept.db", database)
    with pytest.raises(EvidenceRefused, match="other evidence"):
        analyze(judged, "latest", Lens())
    assert "other evidence" in check(judged, "latest").lines[0]


def test_an_empty_folder_beside_the_recordings_changes_no_result(judged):
    path = judged.workspace.find("latest")
    before = analyze(judged, "latest", Lens()).data
    (path / "recordings/2-refuse/screens").mkdir(parents=True)
    assert analyze(judged, "latest", Lens()).data == before


@pytest.mark.parametrize("size", [10, 300])
def test_a_document_whose_session_is_longer_than_its_beginning_is_read_whole(judged, monkeypatch, size):
    path = judged.workspace.find("latest")
    (path / "seal.json").unlink()
    monkeypatch.setattr(kept, "_BEGINNING", size)
    assert "taken away" in replaced(judged, path)


def test_what_is_no_document_tells_nothing(judged):
    path = judged.workspace.find("latest")
    with judged.results() as engine, engine.begin() as connection:
        connection.execute(DOCUMENTS.update().values(data=b'{"session": 1}'))
    assert not replaced(judged, path)
