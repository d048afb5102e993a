"""The files inside an APK, read within bounds: an APK is foreign, and may be made to hurt whoever reads it.

Its directory is read by apkInspector, which reads what Android's installer reads: also archives whose headers lie on
purpose (an encryption flag, an invented method), at which ordinary readers give up.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

from apkInspector.headers import CentralDirectory, EndOfCentralDirectoryRecord

from analyzer.capture.device import EnvironmentProblem

LARGEST_FILE: Final = 8 * 1024**3
LARGEST_DIRECTORY: Final = 64 * 1024**2
LARGEST_ENTRY: Final = 4 * 1024**2
"""No entry that we read is larger: manifests and certificates are small."""
MOST_FILES: Final = 200
LARGEST_SET: Final = 8 * 1024**3

_LOCAL: Final = struct.Struct("<4s22xHH")
_STORED: Final = 0
_LIMIT_OF_NAME: Final = 300


class ApkUnreadable(EnvironmentProblem):
    """A file is no APK that can be read; the sentence names it."""


class ApkArchive:
    """One APK, open for reading. Raises `ApkUnreadable`."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self.name = name
        self.file = file
        try:
            self.size = file.seek(0, io.SEEK_END)
            end = EndOfCentralDirectoryRecord.parse(file)
            self.directory_at = int(end.offset_of_start_of_central_directory)
            if not 0 < end.size_of_central_directory <= min(LARGEST_DIRECTORY, self.size - self.directory_at):
                raise self.trouble("its directory is larger than the file or than any app's")
            self._entries = CentralDirectory.parse(_Part(file, self.directory_at + LARGEST_DIRECTORY), end).entries
        except (ValueError, struct.error, OSError) as error:
            raise self.trouble(f"it is no zip archive ({error})") from error

    @property
    def names(self) -> list[str]:
        """List the names of its entries."""
        return sorted(self._entries)

    def read(self, name: str) -> bytes:
        """Give the bytes of an entry; `KeyError` when there is none of that name."""
        entry = self._entries[name]
        try:
            self.file.seek(entry.relative_offset_of_local_file_header)
            mark, name_size, extra_size = _LOCAL.unpack(self.file.read(_LOCAL.size))
            self.file.seek(name_size + extra_size, io.SEEK_CUR)
            data = self.file.read(min(entry.compressed_size, LARGEST_ENTRY))
        except (struct.error, OSError, OverflowError) as error:
            raise self.trouble(f"{name} cannot be found in it ({error})") from error
        if mark != b"PK\3\4":
            raise self.trouble(f"{name} is not where its directory says")
        if entry.compression_method == _STORED or (data and entry.compressed_size == entry.uncompressed_size):
            return self._bounded(name, data, entry.uncompressed_size)
        try:
            inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, LARGEST_ENTRY + 1)
        except zlib.error as error:
            raise self.trouble(f"{name} cannot be unpacked ({error})") from error
        return self._bounded(name, inflated, len(inflated))

    def trouble(self, why: str) -> ApkUnreadable:
        """Say in one sentence what is wrong with this file."""
        return ApkUnreadable(f"{self.name} is no APK that can be read: {why[:_LIMIT_OF_NAME]}.")

    def _bounded(self, name: str, data: bytes, size: int) -> bytes:
        if max(len(data), size) > LARGEST_ENTRY:
            raise self.trouble(f"{name} is larger than {LARGEST_ENTRY // 1024**2} MB")
        return data


class _Part(io.RawIOBase):
    """A file whose reading stops at a place, so that a directory without end has one."""

    def __init__(self, file: BinaryIO, end: int) -> None:
        self._file, self._end = file, end

    def read(self, size: int = -1) -> bytes:
        if self._file.tell() >= self._end:
            return b""
        return self._file.read(size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def sha256_of(path: Path) -> str:
    """Give the digest of a file, in hex."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ApkUnreadable(f"{path} cannot be read: {error.strerror}.") from error


def unpack_set(path: Path, folder: Path) -> list[Path]:
    """Give the APK files of a set (`.apks`, `.xapk`, `.apkm`), written into a folder; of an APK itself, that file.

    Names inside the set are not trusted: only their last part is used.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [entry for entry in archive.infolist() if entry.filename.lower().endswith(".apk")]
            if "AndroidManifest.xml" in archive.namelist() or not inside:
                return [path]
            if len(inside) > MOST_FILES or sum(entry.file_size for entry in inside) > LARGEST_SET:
                raise ApkUnreadable(f"{path} holds more files, or larger ones, than any app's set.")
            return [_unpack(archive, entry, folder) for entry in inside]
    except zipfile.BadZipFile:
        return [path]  # the reader of APK files has the last word
    except (OSError, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise ApkUnreadable(f"{path} cannot be unpacked: {error}.") from error


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> Path:
    name = entry.filename.replace("\\", "/").rpartition("/")[2]
    target = folder / name
    if target.exists():
        raise ApkUnreadable(f"{archive.filename} holds two files named {name[:_LIMIT_OF_NAME]}.")
    with archive.open(entry) as source, target.open("xb") as out:
        left = entry.file_size
        while chunk := source.read(1 << 20):
            left -= len(chunk)
            if left < 0:
                raise ApkUnreadable(f"{archive.filename}: {name[:_LIMIT_OF_NAME]} is larger than it says.")
            out.write(chunk)
    return target


def by_name(paths: list[Path]) -> Mapping[str, str]:
    """Give the digests of files by their names."""
    return {path.name: sha256_of(path) for path in paths}
