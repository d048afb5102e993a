"""A bag (BagIt, RFC 8493) in a zip: files with their digests, in one file that any archivist's tool can check."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from analyzer.codec.seal import FileDigest
from analyzer.store.problems import EvidenceRefused
from analyzer.store.unzip import unzip
from analyzer.store.verify import Problem

PAYLOAD: Final = "data/"
DECLARATION: Final = "bagit.txt"
INFO: Final = "bag-info.txt"
MANIFEST: Final = "manifest-sha256.txt"
TAG_MANIFEST: Final = "tagmanifest-sha256.txt"
SEALS: Final = "seal/"
"""What vouches for the tag manifest lies here, and so cannot be listed in it."""
VOUCHER: Final = "bundle.json"
TIME_STAMP: Final = "timestamp.tsr"

_DECLARED: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_TAGS: Final = frozenset({DECLARATION, INFO, MANIFEST, TAG_MANIFEST})
_VOUCHING: Final = frozenset({f"{SEALS}{VOUCHER}", f"{SEALS}{TIME_STAMP}"})
"""No manifest names these, so nothing else may lie beside them."""
_LINE: Final = re.compile(r"([0-9a-fA-F]{64}) [ *]?(\S.*)")
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
_MODE: Final = 0o100600 << 16
_KINDS: Final = {True: zipfile.ZIP_DEFLATED, False: zipfile.ZIP_STORED}
_MOST_TAG: Final = 256 * 1024 * 1024


class BagWriter:
    """Writes a bag into a file, one payload file after the other; equal content gives equal bytes."""

    def __init__(self, out: BinaryIO, name: str) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._name = name
        self._payload: dict[str, FileDigest] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> None:
        """Put a file into the payload, as it is where it is not to be `packed`; raises `OSError`."""
        self._payload[f"{PAYLOAD}{name}"] = self._write(f"{PAYLOAD}{name}", pieces, packed=packed)

    def close_payload(self, info: Mapping[str, str]) -> bytes:
        """Write what describes the payload, and give the tag manifest: it stands for every byte of the bag."""
        size = sum(digest.size for digest in self._payload.values())
        facts = {**info, "Payload-Oxum": f"{size}.{len(self._payload)}"}
        told = "".join(f"{key}: {_one_line(value)}\n" for key, value in facts.items()).encode()
        tags = {
            name: self._write(name, [data])
            for name, data in ((DECLARATION, _DECLARED), (INFO, told), (MANIFEST, _manifest(self._payload)))
        }
        whole = _manifest(tags)
        self._write(TAG_MANIFEST, [whole])
        return whole

    def vouch(self, name: str, data: bytes) -> None:
        """Add what vouches for the tag manifest: a signature, a time stamp."""
        self._write(f"{SEALS}{name}", [data])

    def close(self) -> None:
        """Finish the archive; raises `OSError`."""
        self._zip.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Half a bag is let go; that it cannot even be closed says nothing new.
        with suppress(OSError, ValueError) if problem else nullcontext():
            self.close()

    def _write(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> FileDigest:
        entry = zipfile.ZipInfo(f"{self._name}/{name}", _NO_TIME)
        entry.external_attr, entry.create_system, entry.compress_type = _MODE, 3, _KINDS[packed]
        digest, size = sha256(), 0
        with self._zip.open(entry, "w", force_zip64=True) as out:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                out.write(piece)
        return FileDigest(digest.hexdigest(), size)


@dataclass(frozen=True, slots=True)
class Bag:
    """A bag that was opened into a folder: what is wrong with it, its tag manifest, and all names in it."""

    folder: Path
    problems: tuple[Problem, ...]
    tag_manifest: bytes
    names: frozenset[str]

    def read(self, name: str) -> bytes:
        """Give a file of the bag, empty where there is none."""
        place = self.folder / name
        if not place.is_file():
            return b""
        with place.open("rb") as file:
            return file.read(min(_MOST_TAG, place.stat().st_size))  # so much memory is taken at once


def open_bag(file: Path, into: Path) -> Bag:
    """Open a bag into an empty folder and hold every file against the manifests.

    Raises `EvidenceRefused` for what is no bag of ours, and for archives that nobody should open (see `unzip`).
    """
    digests = unzip(file, into)
    tops = {name.partition("/")[0] for name in digests}
    if len(tops) != 1 or not all("/" in name for name in digests):
        raise EvidenceRefused(f"{file} is no bundle: make one with `analyzer export SESSION --format bundle`")
    top = tops.pop()
    there = {name.partition("/")[2]: digest for name, digest in digests.items()}
    bag = Bag(into / top, (), b"", frozenset(there))
    if not there.keys() >= _TAGS:
        raise EvidenceRefused(f"{file} is no bundle: {', '.join(sorted(_TAGS - there.keys()))} is missing")
    if bag.read(DECLARATION) != _DECLARED:
        raise EvidenceRefused(f"{file} is a bag of another version than 1.0")
    payload = {name: digest for name, digest in there.items() if name.startswith(PAYLOAD)}
    tags = {name: there[name] for name in _TAGS - {TAG_MANIFEST}}
    strange = sorted(there.keys() - payload.keys() - _TAGS - _VOUCHING)
    problems = [Problem(name, "is not part of a bundle") for name in strange]
    problems += _compare(MANIFEST, bag.read(MANIFEST), payload)
    problems += _compare(TAG_MANIFEST, bag.read(TAG_MANIFEST), tags)
    return Bag(bag.folder, tuple(problems), bag.read(TAG_MANIFEST), bag.names)


def _manifest(digests: Mapping[str, FileDigest]) -> bytes:
    return "".join(f"{digests[name].sha256}  {_escaped(name)}\n" for name in sorted(digests)).encode()


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _unescaped(name: str) -> str:
    return re.sub(r"%(25|0[AaDd])", lambda found: chr(int(found[1], 16)), name)


def _one_line(text: str) -> str:
    return " ".join(text.encode("utf-8", "backslashreplace").decode().split())


def _compare(manifest: str, data: bytes, there: Mapping[str, FileDigest]) -> list[Problem]:
    listed: dict[str, str] = {}
    problems = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
        found = _LINE.fullmatch(line)
        name = _unescaped(found[2]) if found else ""
        if found is None or name in listed:
            problems.append(Problem(manifest, "is no line of a manifest, or names a file again", number))
        else:
            listed[name] = found[1].lower()
    for name in sorted(listed.keys() | there.keys()):
        if name not in there:
            problems.append(Problem(name, "is missing"))
        elif name not in listed:
            problems.append(Problem(name, "was added: no manifest names it"))
        elif listed[name] != there[name].sha256:
            problems.append(Problem(name, f"was changed: its sha256 is not the one in {manifest}"))
    return problems
