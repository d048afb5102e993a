"""Seal a session, also one that a crash left open."""

from __future__ import annotations

from pathlib import Path

from analyzer import __version__
from analyzer.store.keys import workspace_key
from analyzer.store.seal import seal
from analyzer.store.workspace import Workspace


def seal_session(workspace: Workspace, path: Path) -> None:
    """Seal a session folder with the workspace's key; does nothing for a sealed or a missing one.

    Raises `SessionBusy` while it is being recorded, `OSError` when the seal cannot be written.
    """
    if path.is_dir():
        seal(path, __version__, workspace_key(workspace.key_file))
