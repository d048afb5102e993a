"""What the fixture `recorded_example` gives."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Recorded:
    """A workspace with one sealed session: its folder, and what `run --json` printed."""

    workspace: Path
    session: Path
    document: bytes
    talk: str

    def copy(self, folder: Path) -> Recorded:
        """Copy the workspace, for a test that changes something."""
        shutil.copytree(self.workspace, folder)
        return Recorded(folder, folder / "sessions" / self.session.name, self.document, self.talk)
