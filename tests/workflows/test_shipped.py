from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.model.vocabulary import Outcome
from analyzer.store.problems import SessionNotFound
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.check import check
from analyzer.workflows.home import Home
from analyzer.workflows.shipped import find_session, is_new


def test_the_shipped_recording_is_judged_where_no_lab_can_run(tmp_path: Path) -> None:
    home = Home(tmp_path)
    outcomes = {verdict.rule: verdict.outcome for verdict in analyze(home, "shipped", Lens()).document.verdicts}
    assert {outcomes[rule] for rule in ("cn.191.3.1", "cn.191.5.1", "eu.eprivacy.5.3")} == {Outcome.VIOLATED}


def test_the_shipped_recording_is_as_it_was_sealed_by_its_makers(tmp_path: Path) -> None:
    home = Home(tmp_path)
    analyze(home, "shipped", Lens())
    checked = check(home, "shipped")
    assert checked.intact
    assert not checked.differs
    assert "signed by another key" in checked.lines[0]


def test_it_is_copied_once_and_is_then_a_session_like_any_other(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert is_new(home, "shipped")
    path = find_session(home, "shipped")
    assert not is_new(home, "shipped")
    manifest = path / "manifest.json"
    before = manifest.stat().st_mtime_ns
    assert find_session(home, "shipped") == find_session(home, "latest") == path
    assert manifest.stat().st_mtime_ns == before
    assert manifest.stat().st_mode & 0o077 == 0


def test_other_words_mean_what_the_workspace_holds(tmp_path: Path) -> None:
    with pytest.raises(SessionNotFound):
        find_session(Home(tmp_path), "latest")
