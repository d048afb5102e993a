"""Opens a zip of unknown origin: nothing lands outside of its folder, nothing is larger than it says."""

from __future__ import annotations

import os
import shutil
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from analyzer.codec.seal import FileDigest
from analyzer.store.files import FILE_MODE, make_folder, write_all
from analyzer.store.problems import EvidenceRefused
from analyzer.store.zip_layout import hidden

MOST_FILES: Final = 500_000
MOST_RATIO: Final = 200
"""So many times the size of the archive may come out of it; deflate can do a thousand."""

SMALL: Final = 256 * 1024 * 1024
"""Up to so many bytes the ratio does not matter."""

_ENTRY: Final = 150
"""Bytes of the directory for one file: its fixed part, and a name as ours are."""
_LONGEST_NAME: Final = 1000
_LONGEST_PART: Final = 255
_DEEPEST: Final = 32
_PIECE: Final = 1024 * 1024
_ENCRYPTED: Final = 0x1
_END: Final = b"PK\5\6"
_END_SIZE: Final = 22
"""The end of a zip's directory, where no comment follows it (APPNOTE.TXT 4.3.16, from memory)."""
_PACKED: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_WRONG: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError, ValueError)


def unzip(file: Path, folder: Path) -> dict[str, FileDigest]:
    """Write the files of an archive into a folder of ours and give their digests by name.

    Raises `EvidenceRefused` before anything is written for names that lead elsewhere, links and other special files,
    names that are there twice, and more than was to be expected; and for bytes that are broken. Raises `OSError`.
    """
    try:
        if _directory_size(file) > MOST_FILES * _ENTRY:
            raise EvidenceRefused(f"{file} has a directory of more than {MOST_FILES} files")
        with zipfile.ZipFile(file) as archive:
            entries = _checked(file, archive.infolist())
            with file.open("rb") as source:
                where = hidden(source, archive, file.stat().st_size)
            if where:
                raise EvidenceRefused(f"{file} holds bytes that belong to none of its files: {where}")
            needed = sum(entry.file_size for entry in entries)
            if needed > shutil.disk_usage(folder).free:
                raise OSError(f"{needed} bytes would not fit onto the disk of {folder}")
            return {entry.filename: _extract(archive, entry, folder) for entry in entries}
    except _WRONG as problem:
        raise EvidenceRefused(f"{file} is no zip that can be read: {problem}") from problem


def _checked(file: Path, entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    size = file.stat().st_size
    if min((entry.header_offset for entry in entries), default=0) > 0 or not _ends_as_zip(file, size):
        raise EvidenceRefused(f"{file} holds more than a zip: something stands before or behind it")
    if len(entries) > MOST_FILES:
        raise EvidenceRefused(f"{file} holds {len(entries)} files, more than {MOST_FILES}")
    if sum(entry.compress_size for entry in entries) > size:
        raise EvidenceRefused(f"{file} is a bomb: its files lie over one another")
    if not all(0 <= entry.header_offset < size for entry in entries):
        raise EvidenceRefused(f"{file} is no zip that can be read: one of its files lies outside of it")
    total = sum(entry.file_size for entry in entries)
    if total > max(SMALL, size * MOST_RATIO):
        raise EvidenceRefused(f"{file} is a bomb: {total} bytes would come out of {size}")
    taken: set[str] = set()
    for entry in entries:
        problem = _problem(entry) or _clash(entry.filename, taken)
        if problem:
            raise EvidenceRefused(f"{file}: {entry.filename[:80]!r} {problem}")
    return [entry for entry in entries if not entry.is_dir()]


def _ends_as_zip(file: Path, size: int) -> bool:
    """Say whether the last bytes are the end of a zip that has no comment."""
    with file.open("rb") as source:
        source.seek(max(0, size - _END_SIZE))
        last = source.read()
    return last.startswith(_END) and last.endswith(b"\0\0")


def _directory_size(file: Path) -> int:
    """Read how long the directory says it is, before anything reads all of it."""
    with file.open("rb") as source:
        source.seek(max(0, file.stat().st_size - _END_SIZE))
        last = source.read()
    return int.from_bytes(last[12:16], "little") if last.startswith(_END) else 0


def _problem(entry: zipfile.ZipInfo) -> str:
    name, parts = entry.filename, entry.filename.removesuffix("/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    checks: Iterator[tuple[bool, str]] = iter(
        (
            (name != entry.orig_filename or not name.isprintable() or "\\" in name, "is no name that we would write"),
            (name.startswith("/") or ":" in parts[0] or {"", ".", ".."} & set(parts) != set(), "leads elsewhere"),
            (len(name) > _LONGEST_NAME or len(parts) > _DEEPEST, "is too long or too deep"),
            (any(len(part.encode()) > _LONGEST_PART for part in parts), "is too long"),
            (kind not in {0, stat.S_IFREG, stat.S_IFDIR}, "is a link or another special file"),
            ((kind == stat.S_IFDIR) != name.endswith("/") and kind != 0, "is a folder that is none"),
            (bool(entry.flag_bits & _ENCRYPTED), "is encrypted"),
            (entry.compress_type not in _PACKED, "is packed in a way that we do not open"),
            (entry.is_dir() and entry.file_size > 0, "is a folder with bytes of its own"),
        )
    )
    return next((what for wrong, what in checks if wrong), "")


def _clash(name: str, taken: set[str]) -> str:
    """Say whether a name, or a folder above it, is another file's on some file system."""
    key = unicodedata.normalize("NFC", name).casefold()
    bare = key.removesuffix("/")
    if bare in taken or (f"{bare}/" in taken and not key.endswith("/")):
        return "is there twice"
    parts = bare.split("/")
    above = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
    if any(one in taken for one in above):
        return "lies in what is a file"
    taken.update(f"{one}/" for one in above)
    taken.add(f"{bare}/" if key.endswith("/") else bare)
    return ""


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> FileDigest:
    place = folder / entry.filename
    make_folder(place.parent)
    digest, size = sha256(), 0
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    try:
        with archive.open(entry) as source:
            while piece := source.read(_PIECE):
                size += len(piece)
                if size > entry.file_size:
                    raise EvidenceRefused(f"{entry.filename!r:.80} is larger than the archive says")
                digest.update(piece)
                write_all(descriptor, piece)
    finally:
        os.close(descriptor)
    return FileDigest(digest.hexdigest(), size)
