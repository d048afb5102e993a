"""What lies in a session folder: every file with its digest, every record file with its chain."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import Final, NamedTuple

from analyzer.codec.manifest import decode_manifest
from analyzer.codec.migrate import FormatProblem
from analyzer.codec.seal import FileDigest, JournalHead
from analyzer.model.evidence import SessionInfo
from analyzer.model.vocabulary import Source
from analyzer.store.chain import genesis, link, split
from analyzer.store.lines import read_lines
from analyzer.store.problems import EvidenceRefused

MANIFEST: Final = "manifest.json"
RECORDINGS: Final = "recordings"
SEAL: Final = "seal.json"

_MAX_MANIFEST: Final = 16 * 1024 * 1024

_JOURNAL_DEPTH: Final = 3
_JOURNAL_NAMES: Final = frozenset(f"{source}.jsonl" for source in Source)


class Contents(NamedTuple):
    """All entries of a session folder but the seal, by relative path; `strange` ones are no regular files."""

    files: tuple[str, ...]
    strange: tuple[str, ...]


class Broken(NamedTuple):
    """A line whose chain digest does not follow from the line before."""

    line: int
    what: str


def list_contents(path: Path) -> Contents:
    """List a session folder without following any link, sorted by path."""
    files: list[str] = []
    strange: list[str] = []
    for entry in _walk(path):
        name = Path(entry.path).relative_to(path).as_posix()
        plain = entry.is_file(follow_symlinks=False) and _is_text(name)
        (files if plain else strange).append(_printable(name))
    return Contents(tuple(sorted(name for name in files if name != SEAL)), tuple(sorted(strange)))


def open_plain(path: Path) -> BufferedReader:
    """Open a regular file for reading: never through a link, never a pipe that would block. Raises `OSError`."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path} is no regular file")
    return os.fdopen(descriptor, "rb")


def read_manifest(path: Path) -> SessionInfo:
    """Read the manifest of a session folder; raises `EvidenceRefused` that names the key."""
    try:
        with open_plain(path / MANIFEST) as file:
            return decode_manifest(file.read(_MAX_MANIFEST))
    except (FormatProblem, OSError) as problem:
        why = (problem.strerror if isinstance(problem, OSError) else "") or problem
        raise EvidenceRefused(f"{path / MANIFEST} cannot be used: {why}") from problem


def digest_files(path: Path, names: tuple[str, ...]) -> dict[str, FileDigest]:
    """Hash files of a session, given relative to it; streams them. Raises `OSError`."""
    digests = {}
    for name in names:
        with open_plain(path / name) as file:
            digest = file_digest(file, "sha256").hexdigest()
            digests[name] = FileDigest(digest, file.tell())
    return digests


def journals_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Pick the record files out of a session's files."""
    parts = [(name, name.split("/")) for name in names]
    return tuple(
        name
        for name, (top, *rest) in parts
        if top == RECORDINGS and len(rest) == _JOURNAL_DEPTH - 1 and rest[-1] in _JOURNAL_NAMES
    )


def walk_journal(path: Path, name: str, session_id: str) -> tuple[JournalHead, tuple[Broken, ...]]:
    """Follow the chain of one record file; gives its end and every line where the chain breaks.

    A torn line stands outside the chain. After a break the walk goes on from the digest that the line claims.
    """
    _, recording, file_name = name.split("/")
    head = genesis(session_id, recording, file_name)
    count, torn, broken = 0, [], []
    with open_plain(path / name) as file:
        for line in read_lines(file):
            count = line.number
            parts = split(line.data)
            if parts is None:
                torn.append(line.number)
                continue
            if link(head, parts[0]) != parts[1]:
                broken.append(Broken(line.number, "the line does not follow from the one before it"))
            head = parts[1]
    return JournalHead(count, head, tuple(torn)), tuple(broken)


def _walk(path: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(Path(entry.path))
            else:
                yield entry


def _is_text(name: str) -> bool:
    return name == _printable(name)


def _printable(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
