"""What the fixture `recorded_example` gives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

OUTCOME_MET = 5
"""The exit code of a command whose --fail-on was met."""
WARM = ("mitmproxy", "cache", "lab/trust")


@dataclass(frozen=True)
class Recorded:
    """A workspace with one sealed session: its folder, and what `run --json` printed."""

    workspace: Path
    session: Path
    document: bytes
    talk: str

    @classmethod
    def of(cls, folder: Path) -> Recorded:
        """Open what the fixture left in a folder."""
        workspace = folder / "workspace"
        (session,) = (workspace / "sessions").iterdir()
        return cls(
            workspace, session, (folder / "document").read_bytes(), (folder / "talk").read_text(encoding="utf-8")
        )

    def warm(self, workspace: Path) -> Path:
        """Copy into a workspace what is made once for all its recordings: authority, trust store, agent."""
        for name in WARM:
            shutil.copytree(self.workspace / name, workspace / name)
        return workspace

    def copy(self, folder: Path) -> Recorded:
        """Copy the workspace, for a test that changes something."""
        shutil.copytree(self.workspace, folder)
        return Recorded(folder, folder / "sessions" / self.session.name, self.document, self.talk)
