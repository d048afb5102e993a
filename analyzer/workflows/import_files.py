"""The files of an import: checked, told apart, and copied, so that what is kept is what was read."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final

from analyzer.codec.foreign import HEAD_SIZE, Kind, recognise
from analyzer.store.files import FILE_MODE, make_folder, write_all
from analyzer.store.lock import lock
from analyzer.store.problems import EvidenceRefused, SessionBusy
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.import_archive import captures_in, is_archive

ORIGINALS: Final = "originals"
"""The folder of a session that holds the imported files, byte for byte."""

_PIECE: Final = 1024 * 1024
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME: Final = 80
_STAGED: Final = ".import-"
_LOCK: Final = ".lock"
_FOREIGN: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys((".chls", ".chlsj", ".chlz", ".chlsx"), "a session of Charles: export it from there as HAR"),
        **dict.fromkeys((".saz", ".trace"), "a session of another tool: export it from there as HAR"),
        **dict.fromkeys(
            (".pcap", ".pcapng", ".cap"), "a capture of packets, whose TLS nobody can read: capture with a proxy"
        ),
    }
)
_READABLE: Final = "a HAR, a mitmproxy flow file (.mitm, .flow), hook events as JSON lines, or a zip of them"


@dataclass(frozen=True, slots=True)
class Original:
    """One imported file: its name, its copy, its size in bytes, its sha256 (hex), and the archive that it was in."""

    name: str
    kind: Kind
    path: Path
    size: int
    sha256: str
    archive: str = ""

    def words(self) -> str:
        """Describe it for the manifest."""
        told = f"imported {ORIGINALS}/{self.path.name}: {self.kind.value}, {self.size} bytes, sha256 {self.sha256}"
        return f"{told}, from {self.archive}" if self.archive else told


@contextmanager
def staged(home: Home, files: Sequence[Path]) -> Iterator[list[Original]]:
    """Copy the files into the workspace and tell what each is; the copies go unless they are moved into a session.

    Raises `UsageProblem` for a file that is not there or given twice, `EvidenceRefused` for one that is no capture.
    """
    for file in files:
        _check(file)
    home.workspace.prepare()
    _sweep(home.workspace.path)
    folder = Path(tempfile.mkdtemp(prefix=_STAGED, dir=home.workspace.path))
    held = os.open(folder / _LOCK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        lock(held, folder.name)
        yield _distinct([one for number, file in enumerate(files, 1) for one in _stage(folder, number, file)])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _sweep(workspace: Path) -> None:
    """Remove what killed imports left: the copies whose lock nobody holds."""
    for folder in workspace.glob(f"{_STAGED}*"):
        try:
            held = os.open(folder / _LOCK, os.O_WRONLY)
        except OSError:
            continue  # not ours, or another import begins just now
        try:
            lock(held, folder.name)
            shutil.rmtree(folder, ignore_errors=True)
        except SessionBusy:
            continue
        finally:
            os.close(held)


def settle(originals: Sequence[Original], session: Path) -> list[Original]:
    """Move the copies into a session's folder."""
    folder = make_folder(session / ORIGINALS)
    return [replace(one, path=one.path.rename(folder / one.path.name)) for one in originals]


def _check(file: Path) -> None:
    if file.is_dir():
        raise UsageProblem(f"{file} is a folder: name the captures in it, for example {file}/*.har.")
    if not file.exists():
        raise UsageProblem(f"{file} is not there: name a capture file.")


def _stage(folder: Path, number: int, file: Path) -> Iterator[Original]:
    """Copy a file, or the captures in an archive, and tell what each is."""
    with file.open("rb") as source:
        copied = _copied(folder, f"{number}", file.name, source)
    if not copied.size:
        raise EvidenceRefused(f"{file} is empty: capture again, or name another file.")
    if why := _FOREIGN.get(file.suffix.lower()):
        raise EvidenceRefused(f"{file} is {why}.")
    if not is_archive(copied.path, copied.head):
        yield _original(copied, file.name, str(file))
        return
    archive = f"{file.name} (sha256 {copied.sha256})"
    for at, (name, inner) in enumerate(captures_in(copied.path, str(file)), 1):
        one = _copied(folder, f"{number}.{at}", name, inner)
        yield replace(_original(one, name, f"{name} in {file}"), archive=archive)
    copied.path.unlink()


@dataclass(frozen=True, slots=True)
class _Copied:
    path: Path
    size: int
    sha256: str
    head: bytes


def _copied(folder: Path, number: str, name: str, source: IO[bytes]) -> _Copied:
    safe = _UNSAFE.sub("_", name.rpartition("/")[2])[-_LONGEST_NAME:].lstrip(".") or "capture"
    path = folder / f"{number}-{safe}"
    digest, size, head = sha256(), 0, b""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        while piece := source.read(_PIECE):
            head = head or piece[:HEAD_SIZE]
            digest.update(piece)
            size += len(piece)
            write_all(descriptor, piece)
    finally:
        os.close(descriptor)
    return _Copied(path, size, digest.hexdigest(), head)


def _original(copied: _Copied, name: str, told: str) -> Original:
    kind = recognise(copied.head, name)
    if kind is Kind.UNKNOWN:
        raise EvidenceRefused(f"{told} is no capture that can be read: give {_READABLE}.")
    return Original(name, kind, copied.path, copied.size, copied.sha256)


def _distinct(originals: list[Original]) -> list[Original]:
    seen: dict[str, Original] = {}
    for one in originals:
        if one.sha256 in seen:
            raise UsageProblem(f"{one.name} and {seen[one.sha256].name} are the same file: give it once.")
        seen[one.sha256] = one
    return originals
