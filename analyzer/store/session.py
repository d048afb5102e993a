"""The writer of a session: its manifest first, then one recording after the other."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from analyzer.codec.manifest import encode_manifest
from analyzer.model.evidence import SessionInfo
from analyzer.model.vocabulary import Source, Strategy
from analyzer.store.contents import MANIFEST, RECORDINGS
from analyzer.store.files import make_folder, sync_folder, write_whole
from analyzer.store.lock import lock
from analyzer.store.problems import SessionBusy
from analyzer.store.recording import OWN_FILES, RecordingWriter
from analyzer.store.workspace import Workspace, is_session_id


class SessionWriter:
    """Writes the evidence of one session; while it is open nobody can seal the session."""

    def __init__(self, path: Path, info: SessionInfo, lock: int) -> None:
        self.path = path
        self.info = info
        self._lock: int | None = lock
        self._recordings: list[RecordingWriter] = []

    @classmethod
    def create(cls, workspace: Workspace, info: SessionInfo) -> Self:
        """Make the folder of a session with its manifest, both at once and durable.

        Raises `OSError` when the id is taken, `FormatProblem` for a manifest that could not be read again.
        """
        if not is_session_id(info.id):
            raise ValueError(f"{info.id!r:.80} is no session id: take one from Workspace.new_id")
        data = encode_manifest(info)
        workspace.prepare()
        path = workspace.sessions_folder / info.id
        young = make_folder(path.with_name(f".new-{secrets.token_hex(8)}"))
        make_folder(young / RECORDINGS)
        try:
            write_whole(young / MANIFEST, data)
            # Locked before it can be seen; fails when the id is taken, for no session folder is ever empty.
            lock = lock_session(young)
            try:
                young.rename(path)
            except BaseException:
                os.close(lock)
                raise
        except BaseException:
            shutil.rmtree(young, ignore_errors=True)
            raise
        sync_folder(workspace.sessions_folder)
        return cls(path, info, lock)

    def add_recording(self, strategy: Strategy, files: Iterable[Source] = OWN_FILES) -> RecordingWriter:
        """Begin the next recording (`1-accept`, `2-refuse`, …) and open its files.

        By default all but `flows.jsonl`, which the proxy's process opens with `RecordingWriter.open_existing`.
        """
        name = f"{len(self._recordings) + 1}-{strategy}"
        folder = make_folder(self.path / RECORDINGS / name)
        writer = RecordingWriter(folder, self.info.id, files)
        self._recordings.append(writer)
        return writer

    def close(self) -> None:
        """Close every recording and let others seal the session; safe to call twice."""
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        with ExitStack() as stack:
            stack.callback(os.close, lock)
            for writer in self._recordings:
                stack.callback(writer.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def lock_session(path: Path) -> int:
    """Take the one lock of a session, held by its open manifest; gives the descriptor to close.

    Raises `SessionBusy`, and `OSError` when there is no session.
    """
    descriptor = os.open(path / MANIFEST, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        lock(descriptor, f"session {path.name}")
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_busy(path: Path) -> bool:
    """Say whether somebody records this session now, or seals it."""
    try:
        os.close(lock_session(path))
    except SessionBusy:
        return True
    return False
