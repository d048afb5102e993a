from __future__ import annotations

import stat
from dataclasses import replace
from typing import Any

import pytest

from analyzer.codec.migrate import FormatProblem
from analyzer.model.vocabulary import Strategy
from analyzer.store.contents import read_manifest
from analyzer.store.problems import SessionBusy
from analyzer.store.session import SessionWriter, lock_session
from analyzer.store.workspace import Workspace


def test_a_session_begins_with_its_manifest_for_the_owner_alone(workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    with SessionWriter.create(workspace, info) as writer:
        assert read_manifest(writer.path) == info
        folders = (workspace.path, writer.path, writer.path / "recordings")
        assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
        assert stat.S_IMODE((writer.path / "manifest.json").stat().st_mode) == 0o600


def test_recordings_are_numbered(workspace: Workspace, make: Any) -> None:
    with SessionWriter.create(workspace, make.info(workspace)) as writer:
        names = [writer.add_recording(strategy).path.name for strategy in Strategy]
    assert names == ["1-accept", "2-refuse", "3-deny", "4-ignore", "5-manual", "6-import"]


def test_a_session_is_locked_until_its_writer_closes(workspace: Workspace, make: Any) -> None:
    writer = SessionWriter.create(workspace, make.info(workspace))
    recording = writer.add_recording(Strategy.ACCEPT)
    with pytest.raises(SessionBusy):
        lock_session(writer.path)
    writer.close()
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        recording.append(make.mark(1))


def test_an_id_that_is_taken_or_none_is_refused(workspace: Workspace, make: Any) -> None:
    info = make.info(workspace)
    SessionWriter.create(workspace, info).close()
    with pytest.raises(OSError, match="not empty"):
        SessionWriter.create(workspace, info)
    for name in ("../../etc", "", "x"):
        with pytest.raises(ValueError, match="no session id"):
            SessionWriter.create(workspace, replace(info, id=name))
    assert [path.name for path in workspace.sessions_folder.iterdir()] == [info.id]


def test_a_manifest_that_could_not_be_read_leaves_no_session(workspace: Workspace, make: Any) -> None:
    with pytest.raises(FormatProblem):
        SessionWriter.create(workspace, replace(make.info(workspace), case=5))
    assert workspace.sessions() == []
