"""The seal of a session: what its files were when it was closed, and who says so."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from analyzer.codec.canonical import read_document, write, write_document


@dataclass(frozen=True, slots=True)
class FileDigest:
    """The sha256 (hex) and size in bytes of one file."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The end of one record file: its lines, the last chain digest, and the numbers of its torn lines."""

    lines: int
    head: str
    torn: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """The content of `seal.json`.

    `files` and `journals` are by path relative to the session. `digest` identifies the evidence (the files alone),
    `checksum` covers everything before it, `signature` (Ed25519, hex) signs the same bytes; both key and signature
    are empty in an unsigned seal. `created_us` is UTC.
    """

    session: str
    tool_version: str
    created_us: int
    files: Mapping[str, FileDigest]
    journals: Mapping[str, JournalHead]
    digest: str
    public_key: str = ""
    checksum: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class _Files:
    files: Mapping[str, FileDigest]


def files_digest(files: Mapping[str, FileDigest]) -> str:
    """Give the sha256 (hex) of a map of files: the identity of the evidence."""
    return sha256(write("files", _Files(files))).hexdigest()


def sealed_bytes(seal: Seal) -> bytes:
    """Give the bytes that checksum and signature stand for: everything but themselves."""
    return write("seal", dataclasses.replace(seal, checksum="", signature=""))


def encode_seal(seal: Seal) -> bytes:
    """Write a seal as an indented, canonical JSON file; raises `FormatProblem`."""
    return write_document("seal", seal)


def decode_seal(data: bytes) -> Seal:
    """Read a seal; raises `FormatProblem` for anything that `encode_seal` did not write."""
    return read_document("seal", Seal, data)
