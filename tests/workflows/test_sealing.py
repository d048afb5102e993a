from __future__ import annotations

import json

from analyzer.workflows.sealing import seal_session


def test_an_open_session_is_sealed_with_the_workspaces_key_once(small):
    path = small.workspace.find("latest")
    assert not small.workspace.key_file.exists()
    seal_session(small.workspace, path)
    first = (path / "seal.json").read_bytes()
    seal_session(small.workspace, path)
    assert (path / "seal.json").read_bytes() == first
    assert json.loads(first)["signature"]
    assert small.workspace.key_file.stat().st_mode & 0o077 == 0


def test_a_session_that_never_began_needs_no_seal(small):
    seal_session(small.workspace, small.workspace.sessions_folder / "20260101-000000-its.name-0000")
    assert not (small.workspace.sessions_folder / "20260101-000000-its.name-0000").exists()
