"""A session folder to `model.evidence.Session`; what cannot be read becomes a gap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from analyzer.codec.migrate import FormatProblem
from analyzer.codec.records import SOURCES, decode
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, BlobReader, Gap, Line, Record, Recording, Session
from analyzer.model.vocabulary import GapKind, Source, Strategy
from analyzer.store.chain import split
from analyzer.store.contents import RECORDINGS, open_plain, read_manifest
from analyzer.store.lines import RawLine, read_lines
from analyzer.store.seal import evidence_digest

READER: Final = "reader"
"""The `source` of gaps that the reader makes; their line is 0, their subject names `file:line`."""

_NAME: Final = re.compile(r"([1-9][0-9]{0,5})-(" + "|".join(Strategy) + ")")
_BLOB: Final = re.compile(r"(bodies|screens)/[0-9a-f]{64}(\.[a-z0-9]{1,8})?")


def read_session(path: Path) -> Session:
    """Read all evidence of a session, sealed or not.

    A torn or invalid line keeps its number and becomes a `Gap` at the stamp of the record before it. Nothing is
    verified here: that is `verify`. Raises `EvidenceRefused` for a manifest or seal that is none, `OSError`.
    """
    info = read_manifest(path)
    digest, sealed = evidence_digest(path)
    recordings = tuple(_read_recording(folder) for folder in recording_folders(path))
    return Session(info, recordings, digest, sealed)


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


def blob_reader(path: Path) -> BlobReader:
    """Give a reader of the bytes that lie beside a session's records.

    It follows no links, leaves the recording's folder in no way, and raises `KeyError` for bytes that are missing or
    do not have their digest.
    """

    def read(recording: str, blob: Blob) -> bytes:
        if not _NAME.fullmatch(recording) or not _BLOB.fullmatch(blob.path):
            raise KeyError(f"{recording}/{blob.path}"[:200])
        file_path = path / RECORDINGS / recording / blob.path
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

    return read


def _read_recording(folder: Path) -> Recording:
    match = _NAME.fullmatch(folder.name)
    strategy = Strategy(match[2]) if match else Strategy.MANUAL
    gaps: list[Line[Gap]] = []
    lines: dict[str, tuple[Line[Any], ...]] = {
        source: tuple(_read_file(folder / f"{source}.jsonl", source, gaps)) for source in Source
    }
    lines[Source.GAPS] = (*lines[Source.GAPS], *gaps)
    return Recording(folder.name, strategy, **lines)


def _read_file(path: Path, source: Source, gaps: list[Line[Gap]]) -> Iterator[Line[Record]]:
    if not path.exists():
        return
    last = Stamp(0, 0)
    with open_plain(path) as file:
        for line in read_lines(file):
            try:
                record = _read_line(line, source)
            except FormatProblem as problem:
                gaps.append(Line(0, _gap(line, path.name, last, problem)))
            else:
                last = record.stamp
                yield Line(line.number, record)


def _read_line(line: RawLine, source: Source) -> Record:
    parts = split(line.data)
    if line.oversized or parts is None:
        raise FormatProblem("the line is too long" if line.oversized else "the line was not written to its end")
    record = decode(parts[0])
    if SOURCES[type(record)] is not source:
        raise FormatProblem(f"a {type(record).__name__} does not belong into {source}.jsonl")
    return record


def _gap(line: RawLine, file: str, stamp: Stamp, problem: FormatProblem) -> Gap:
    torn = not line.oversized and split(line.data) is None
    kind = GapKind.RECORD_TORN if torn else GapKind.RECORD_INVALID
    return Gap(line.number, READER, stamp, kind, f"{file}:{line.number}", str(problem))
