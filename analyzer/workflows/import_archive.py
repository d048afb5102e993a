"""The captures in a zip archive, each read as if it had been given by itself; never more of them than a bound."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from analyzer.codec.foreign import HEAD_SIZE, Kind, recognise
from analyzer.store.problems import EvidenceRefused

MOST_CAPTURES: Final = 64
MOST_BYTES: Final = 4 * 1024**3
"""What the captures of one archive may have together, unpacked."""
_MOST_FILES: Final = 10_000
_ENCRYPTED: Final = 1
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What the library says of an archive that is cut off, damaged, of a later version or packed in an unknown way."""


def is_archive(path: Path, head: bytes) -> bool:
    """Say whether a file is a zip; `head` are its first bytes."""
    return head.startswith(b"PK") and zipfile.is_zipfile(path)


def captures_in(path: Path, name: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Give the captures of an archive by their names in it, in its order; files of other kinds are passed over.

    Raises `EvidenceRefused` where there is none, where there are too many or too large ones, and where the archive is
    encrypted or damaged.
    """
    with _refusing(name), zipfile.ZipFile(path) as archive:
        chosen = [one for one in _files(archive, name) if _is_capture(archive, one)]
        if not chosen:
            raise EvidenceRefused(f"{name} holds no capture that can be read: no HAR, flow file or hook events.")
        if len(chosen) > MOST_CAPTURES:
            raise EvidenceRefused(f"{name} holds more than {MOST_CAPTURES} captures: import them in several steps.")
        if sum(one.file_size for one in chosen) > MOST_BYTES:
            raise EvidenceRefused(
                f"{name} holds more than {MOST_BYTES >> 30} GiB of captures: unpack it, and name them."
            )
        for one in chosen:
            with archive.open(one) as file:
                yield one.filename, file


def _files(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Give what may be a capture: no folders, no hidden files, nothing that macOS adds."""
    entries = archive.infolist()
    if len(entries) > _MOST_FILES:
        raise EvidenceRefused(f"{name} holds more than {_MOST_FILES} files: unpack it, and name the captures in it.")
    shown = [one for one in entries if not one.is_dir() and not _is_hidden(one.filename)]
    if any(one.flag_bits & _ENCRYPTED for one in shown):
        raise EvidenceRefused(f"{name} is encrypted: unpack it with its password, and name the captures in it.")
    return shown


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _is_capture(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bool:
    with archive.open(one) as file:
        return recognise(file.read(HEAD_SIZE), one.filename) is not Kind.UNKNOWN


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise EvidenceRefused(f"{name} is an archive that cannot be read ({error}): pack it again.") from error
