from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analyzer.store.keys import load_key
from analyzer.store.problems import EvidenceRefused, KeyUnusable, SessionBusy, SessionNotFound
from analyzer.store.reader import read_session
from analyzer.store.seal import seal
from analyzer.store.session import SessionWriter
from analyzer.store.workspace import Workspace


def test_no_session_yet_says_how_to_record_one(workspace: Workspace) -> None:
    with pytest.raises(SessionNotFound, match="record one with `analyzer run --package …`"):
        workspace.find("latest")


def test_a_session_that_is_being_recorded_says_to_wait(workspace: Workspace, make: Any) -> None:
    with (
        SessionWriter.create(workspace, make.info(workspace)) as writer,
        pytest.raises(SessionBusy, match=f"{writer.info.id} .* wait until it has ended"),
    ):
        seal(writer.path, "0.1.0", None)


def test_a_broken_manifest_is_named(session: Path) -> None:
    (session / "manifest.json").write_text('{"v": 1, "record": "manifest"}')
    with pytest.raises(EvidenceRefused, match=r"manifest\.json cannot be used: .*missing required field `id`"):
        read_session(session)


def test_a_key_that_is_none_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("secret")
    with pytest.raises(KeyUnusable, match="openssl genpkey -algorithm ed25519"):
        load_key(tmp_path / "key")
