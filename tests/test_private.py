"""Files are their owner's alone and no secret is told: on the real thing."""

from __future__ import annotations

import stat

import pytest
from faults import call

PASSWORD = "s3cret-pass"


def test_every_file_and_folder_of_a_workspace_is_its_owners_alone(recorded_example):
    paths = [recorded_example.workspace, *recorded_example.workspace.rglob("*")]
    assert len(paths) > 30
    open_to_others = {
        str(path.relative_to(recorded_example.workspace)): oct(stat.S_IMODE(path.lstat().st_mode))
        for path in paths
        if path.lstat().st_mode & 0o077
    }
    assert not open_to_others


def test_keys_can_be_read_by_their_owner_alone(recorded_example):
    keys = [
        path
        for path in recorded_example.workspace.rglob("*")
        if path.is_file() and path.stat().st_size < 100_000 and b"PRIVATE KEY" in path.read_bytes()
    ]
    assert {path.parent.name for path in keys} >= {"keys", "mitmproxy", "internet"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}


def test_exported_files_are_their_owners_alone(recorded_example, tmp_path):
    copied = recorded_example.copy(tmp_path / "w")
    for kind in ("json", "har", "bundle"):
        target = tmp_path / kind
        assert call(copied.workspace, "export", "latest", "--format", kind, "-o", target).code == 0
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://me:{PASSWORD}@127.0.0.1:1/db",
        f"postgresql://me@127.0.0.1:1/db?password={PASSWORD}",
        f"nonsense:{PASSWORD}",
    ],
    ids=["authority", "parameter", "none"],
)
def test_the_password_of_a_database_is_told_nowhere(url, tmp_path):
    ended = call(tmp_path / "w", "sessions", "list", "--verbose", "--database", url)
    assert ended.code == 3
    assert "Traceback" not in ended.err
    assert PASSWORD not in ended.err + ended.out.decode()
