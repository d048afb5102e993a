"""A session folder to `model.evidence.Session`; what cannot be read becomes a gap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from analyzer.codec.migrate import FormatProblem
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, BlobReader, Gap, Line, Record, Recording, Session
from analyzer.model.vocabulary import Source, Strategy
from analyzer.store.contents import RECORDINGS, open_plain, read_manifest
from analyzer.store.flow_chunks import CHUNK, broken, cut, read_record
from analyzer.store.lines import read_lines
from analyzer.store.seal import evidence_digest

_NAME: Final = re.compile(r"([1-9][0-9]{0,5})-(" + "|".join(Strategy) + ")")
_BLOB: Final = re.compile(r"(bodies|screens)/[0-9a-f]{64}(\.[a-z0-9]{1,8})?")


def read_session(path: Path) -> Session:
    """Read all evidence of a session, sealed or not.

    A torn or invalid line keeps its number and becomes a `Gap` at the stamp of the record before it. Nothing is
    verified here: that is `verify`. Raises `EvidenceRefused` for a manifest or seal that is none, `OSError`.
    """
    return _read(path, _read_recording)


def open_session(path: Path, chunk: int = CHUNK) -> Session:
    """Read a session as `read_session` does, but leave its flows on the disk, in chunks of about so many bytes."""
    return _read(path, partial(_open_recording, chunk))


def _read(path: Path, read: Callable[[Path], Recording]) -> Session:
    info = read_manifest(path)
    digest, sealed = evidence_digest(path)
    return Session(info, tuple(map(read, recording_folders(path))), digest, sealed)


def recording_folders(path: Path) -> list[Path]:
    """List the folders of a session's recordings in the order they were made.

    One that holds no file at all is no recording: the seal, which names files, could not vouch for it.
    """
    folder = path / RECORDINGS
    if not folder.is_dir() or folder.is_symlink():
        return []
    found = [(entry, _NAME.fullmatch(entry.name)) for entry in folder.iterdir() if entry.is_dir()]
    numbered = [(int(match[1]), entry) for entry, match in found if match and not entry.is_symlink()]
    return [entry for _, entry in sorted(numbered) if any((entry / f"{source}.jsonl").is_file() for source in Source)]


@dataclass(frozen=True, slots=True)
class BlobFiles:
    """A reader of the bytes that lie beside a session's records; can be sent to another process."""

    path: Path

    def __call__(self, recording: str, blob: Blob) -> bytes:
        """Give the bytes; raises `KeyError` where they are missing or do not have their digest."""
        if not _NAME.fullmatch(recording) or not _BLOB.fullmatch(blob.path):
            raise KeyError(f"{recording}/{blob.path}"[:200])
        file_path = self.path / RECORDINGS / recording / blob.path
        if any(folder.is_symlink() for folder in (file_path.parent, file_path.parent.parent)):
            raise KeyError(str(file_path))
        try:
            with open_plain(file_path) as file:
                data = file.read(blob.size + 1)
        except (OSError, OverflowError, MemoryError, ValueError) as problem:
            raise KeyError(f"{file_path} cannot be read: {problem}") from problem
        if len(data) != blob.size or sha256(data).hexdigest() != blob.sha256:
            raise KeyError(f"{file_path} is not what was recorded")
        return data


def blob_reader(path: Path) -> BlobReader:
    """Give a reader of the bytes that lie beside a session's records.

    It follows no links, leaves the recording's folder in no way, and raises `KeyError` for bytes that are missing or
    do not have their digest.
    """
    return BlobFiles(path)


def _read_recording(folder: Path) -> Recording:
    gaps: list[Line[Gap]] = []
    lines = {source: _read_lines(folder, source, gaps) for source in Source}
    return _recording(folder, lines, gaps)


def _open_recording(chunk: int, folder: Path) -> Recording:
    gaps: list[Line[Gap]] = []
    others = [source for source in Source if source is not Source.FLOWS]
    lines: dict[Source, tuple[Line[Any], ...]] = {source: _read_lines(folder, source, gaps) for source in others}
    chunks, firsts = cut(folder / f"{Source.FLOWS}.jsonl", chunk)
    return replace(_recording(folder, lines, gaps), chunks=chunks, firsts=firsts)


def _recording(folder: Path, lines: dict[Source, tuple[Line[Any], ...]], gaps: list[Line[Gap]]) -> Recording:
    match = _NAME.fullmatch(folder.name)
    strategy = Strategy(match[2]) if match else Strategy.MANUAL
    return Recording(
        folder.name,
        strategy,
        events=lines[Source.EVENTS],
        flows=lines.get(Source.FLOWS, ()),
        marks=lines[Source.MARKS],
        screens=lines[Source.SCREENS],
        gaps=(*lines[Source.GAPS], *gaps),
    )


def _read_lines(folder: Path, source: Source, gaps: list[Line[Gap]]) -> tuple[Line[Any], ...]:
    return tuple(_read_file(folder / f"{source}.jsonl", source, gaps))


def _read_file(path: Path, source: Source, gaps: list[Line[Gap]]) -> Iterator[Line[Record]]:
    if not path.exists():
        return
    last = Stamp(0, 0)
    with open_plain(path) as file:
        for line in read_lines(file):
            try:
                record = read_record(line, source)
            except FormatProblem as problem:
                gaps.append(Line(0, broken(line, line.number, path.name, last, problem)))
            else:
                last = record.stamp
                yield Line(line.number, record)
