from __future__ import annotations

import os

import pytest

from analyzer.store.problems import EvidenceRefused, SessionNotFound
from analyzer.store.session import lock_session
from analyzer.workflows.analyze import Lens, analyze, write_report
from analyzer.workflows.sessions import delete, find, sessions


def test_a_session_is_listed_before_and_after_it_is_sealed_and_judged(small):
    (row,) = sessions(small)
    assert row[1:] == ("com.example", "1.2", "lab", "1", "no", "not analysed")
    analyze(small, "latest", Lens())
    assert sessions(small)[0][1:] == ("com.example", "1.2", "lab", "1", "yes", "0")


def test_a_session_that_is_being_recorded_says_so(small):
    held = lock_session(find(small, "latest"))
    assert sessions(small)[0][-2:] == ("being recorded", "not analysed")
    os.close(held)
    assert sessions(small)[0][-2:] == ("no", "not analysed")


def test_a_session_is_found_by_the_start_of_its_id(small):
    assert find(small, "latest") == find(small, find(small, "latest").name[:10])


def test_deleting_takes_evidence_report_and_result_and_needs_the_whole_id(small):
    result = analyze(small, "latest", Lens())
    report = write_report(small, result, "en")
    with pytest.raises(SessionNotFound):
        delete(small, result.path.name[:-1])
    delete(small, result.path.name)
    assert not result.path.exists()
    assert not report.exists()
    assert sessions(small) == []


@pytest.mark.parametrize("left", [None, b"", b'{"v":1,'])
def test_a_session_that_was_left_half_written_hides_no_other_and_is_not_sealed(small, left):
    whole = find(small, "latest")
    half = whole.with_name(f"{whole.name[:-4]}0000")
    half.mkdir()
    if left is not None:
        (half / "manifest.json").write_bytes(left)
    assert {row[0]: row[5] for row in sessions(small)} == {whole.name: "no", half.name: "cannot be read"}
    with pytest.raises(
        EvidenceRefused, match=r"manifest\.json cannot be used: (No such file or directory|the manifest)"
    ):
        analyze(small, half.name, Lens())
    assert not (half / "seal.json").exists()
