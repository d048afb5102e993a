"""Closing a session for good: digests of all its files, the heads of its chains, a signature."""

from __future__ import annotations

import dataclasses
import os
import time
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from analyzer.codec.migrate import FormatProblem
from analyzer.codec.seal import Seal, decode_seal, encode_seal, files_digest, sealed_bytes
from analyzer.store.contents import (
    SEAL,
    digest_files,
    journals_of,
    list_contents,
    open_plain,
    read_manifest,
    walk_journal,
)
from analyzer.store.files import sync_folder, write_whole
from analyzer.store.lock import lock
from analyzer.store.problems import EvidenceRefused, SessionBusy
from analyzer.store.session import lock_session

ORPHAN_S: Final = 15.0
"""How long a proxy without a recorder may hold its file; it ends itself before that."""

_AGAIN_S: Final = 0.1

MAX_SEAL: Final = 256 * 1024 * 1024
"""The largest seal that is read, in bytes; a million files fit."""


def seal(path: Path, tool_version: str, key: Ed25519PrivateKey | None) -> Seal:
    """Seal a session folder that nobody writes any more; without a key the seal only detects accidents.

    Evidence is read, never changed; torn lines are noted. A sealed session stays as it is: its seal is given back.
    Raises `SessionBusy` while it is being recorded, `EvidenceRefused` for anything that is no plain file, `OSError`.
    """
    held = lock_session(path)
    try:
        if (path / SEAL).exists():
            return read_seal(path)
        _await_writers(path)
        done = _sign(_describe(path, tool_version), key)
        write_whole(path / SEAL, encode_seal(done))
        return done
    finally:
        os.close(held)


def read_seal(path: Path) -> Seal:
    """Read `seal.json` of a session folder; raises `EvidenceRefused`."""
    try:
        with open_plain(path / SEAL) as file:
            return decode_seal(file.read(MAX_SEAL))
    except (FormatProblem, OSError) as problem:
        raise EvidenceRefused(f"{path / SEAL} cannot be used: {problem}") from problem


def evidence_digest(path: Path) -> tuple[str, bool]:
    """Give the digest of a session's evidence and whether it is sealed; an unsealed one is hashed now."""
    if (path / SEAL).exists():
        return read_seal(path).digest, True
    return files_digest(digest_files(path, list_contents(path).files)), False


def _describe(path: Path, tool_version: str) -> Seal:
    contents = list_contents(path)
    if contents.strange:
        raise EvidenceRefused(f"{path / contents.strange[0]} is no plain file: move it out of the session, then seal")
    _make_durable(path, contents.files)
    files = digest_files(path, contents.files)
    session_id = read_manifest(path).id
    return Seal(
        session=session_id,
        tool_version=tool_version,
        created_us=time.time_ns() // 1000,
        files=files,
        journals={name: walk_journal(path, name, session_id)[0] for name in journals_of(contents.files)},
        digest=files_digest(files),
    )


def _await_writers(path: Path) -> None:
    """Let a proxy whose recorder was killed write what it has: it holds its file for a few seconds longer."""
    end = time.monotonic() + ORPHAN_S
    for name in journals_of(list_contents(path).files):
        descriptor = os.open(path / name, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            while not _free(descriptor, name, last=time.monotonic() > end):
                time.sleep(_AGAIN_S)
        finally:
            os.close(descriptor)


def _free(descriptor: int, name: str, *, last: bool) -> bool:
    try:
        lock(descriptor, name)
    except SessionBusy:
        if last:
            raise
        return False
    return True


def _sign(draft: Seal, key: Ed25519PrivateKey | None) -> Seal:
    public = key.public_key().public_bytes_raw().hex() if key else ""
    draft = dataclasses.replace(draft, public_key=public)
    content = sealed_bytes(draft)
    signature = key.sign(content).hex() if key else ""
    return dataclasses.replace(draft, checksum=sha256(content).hexdigest(), signature=signature)


def _make_durable(path: Path, names: tuple[str, ...]) -> None:
    """Bring blobs to the disk, which were written without waiting for it, before they are vouched for."""
    for name in names:
        with open_plain(path / name) as file:
            os.fsync(file.fileno())
    for folder in {(path / name).parent for name in names}:
        sync_folder(folder)
