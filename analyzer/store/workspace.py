"""The workspace: a folder with sessions, the signing key and the database."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from analyzer.store.files import make_folder
from analyzer.store.problems import SessionNotFound
from analyzer.store.read_only import may_write

LATEST: Final = "latest"
"""The word that stands for the newest session."""

_SESSION_ID: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[A-Za-z0-9._-]{1,100}-[0-9a-f]{4}")
_MOST_NAMED: Final = 5


class Workspace:
    """Knows where everything is; makes folders (0700) only when something is put into them."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self.sessions_folder = self.path / "sessions"
        self.database = self.path / "analyzer.db"
        self.key_file = self.path / "keys" / "ed25519.pem"

    def prepare(self) -> None:
        """Make the workspace's folders; raises `OSError`."""
        make_folder(self.sessions_folder)

    def room(self) -> Path:
        """Give a folder for files without a name: the workspace itself, or the machine's where that is read-only."""
        return self.path if may_write(self.path) else Path(tempfile.gettempdir())

    def sessions(self) -> list[str]:
        """List the ids of all sessions, oldest first."""
        if not self.sessions_folder.is_dir():
            return []
        folders = [entry for entry in self.sessions_folder.iterdir() if _is_session(entry)]
        return [folder.name for folder in sorted(folders, key=_age)]

    def find(self, word: str) -> Path:
        """Find the folder of a session by its id, the start or any other part of it, or `latest`.

        Raises `SessionNotFound` with the candidates when there is none or more than one.
        """
        ids = self.sessions()
        if not ids:
            raise SessionNotFound(f"there are no sessions in {self.path}: record one with `analyzer run --package …`")
        if word == LATEST:
            return self.sessions_folder / ids[-1]
        if not word:
            raise SessionNotFound(f"an empty word names no session; the newest are {_listed(ids)}")
        found = [name for name in ids if name == word] or [name for name in ids if name.startswith(word)]
        found = found or [name for name in ids if word in name]
        if len(found) == 1:
            return self.sessions_folder / found[0]
        if found:
            raise SessionNotFound(f"{word!r:.80} may mean {_listed(found)}: give more of the id")
        raise SessionNotFound(f"no session is called {word!r:.80}; the newest are {_listed(ids)}")

    def new_id(self, package: str, created_us: int) -> str:
        """Invent an id such as `20261123-181500-com.example-1f3a` that no session has; `created_us` is UTC."""
        taken = set(self.sessions())
        moment = datetime.fromtimestamp(created_us / 1_000_000, UTC).strftime("%Y%m%d-%H%M%S")
        name = re.sub(r"[^A-Za-z0-9._-]", "_", package)[:100] or "unknown"
        while (candidate := f"{moment}-{name}-{secrets.token_hex(2)}") in taken:
            continue
        return candidate

    def delete(self, session_id: str) -> None:
        """Delete the folder of a session, given its whole id; raises `SessionNotFound` or `OSError`."""
        folder = self.sessions_folder / session_id
        if not _is_session(folder):
            raise SessionNotFound(f"no session is called {session_id!r:.80}: give the whole id to delete it")
        # The rename first: a half-deleted folder must never look like a session.
        doomed = folder.rename(folder.with_name(f".deleted-{session_id}"))
        shutil.rmtree(doomed)


def is_session_id(text: str) -> bool:
    """Say whether a text has the form of a session id, and so is safe as a folder name."""
    return _SESSION_ID.fullmatch(text) is not None


def _is_session(folder: Path) -> bool:
    return is_session_id(folder.name) and folder.is_dir() and not folder.is_symlink()


def _age(folder: Path) -> tuple[str, int, str]:
    """Order sessions by the second in their id, then by when the manifest was written."""
    manifest = folder / "manifest.json"
    return folder.name[:15], manifest.stat().st_mtime_ns if manifest.exists() else 0, folder.name


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[: -_MOST_NAMED - 1 : -1])
    return f"{shown} (and {len(names) - _MOST_NAMED} more)" if len(names) > _MOST_NAMED else shown
