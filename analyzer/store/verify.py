"""Checking a session against its seal: every byte of every file, every link of every chain, the signature."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from analyzer.codec.seal import JournalHead, Seal, files_digest, sealed_bytes
from analyzer.store.contents import (
    SEAL,
    Contents,
    digest_files,
    journals_of,
    list_contents,
    read_manifest,
    walk_journal,
)
from analyzer.store.keys import fingerprint
from analyzer.store.problems import EvidenceRefused
from analyzer.store.seal import read_seal


class Signer(StrEnum):
    """Who vouches for a seal."""

    WORKSPACE = "workspace"
    OTHER = "other"
    NOBODY = "nobody"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it was sealed: the file, what is wrong, and the line from which on (0: all of it)."""

    file: str
    what: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found; no problems means that every byte is as it was sealed.

    `fingerprint` names the key of the seal, empty without one. `torn` counts lines that were cut off by a crash
    before the seal: known, and no problem.
    """

    problems: tuple[Problem, ...]
    signer: Signer
    fingerprint: str
    digest: str
    files: int
    lines: int
    torn: int

    @property
    def intact(self) -> bool:
        """Say whether nothing was changed, added or removed."""
        return not self.problems

    @property
    def signed_by(self) -> str:
        """Say in words who signed."""
        return {
            Signer.WORKSPACE: f"signed by this workspace's key {self.fingerprint}",
            Signer.OTHER: f"signed by another key than this workspace's, {self.fingerprint}; ask its owner about it",
            Signer.NOBODY: "not signed: detects accidents only",
            Signer.INVALID: "the signature is not valid",
        }[self.signer]


def verify(path: Path, public_key: str = "") -> Verification:
    """Check a session folder; `public_key` (hex) is the workspace's own.

    Never raises for what it finds in the folder: each defect is a `Problem`. Raises `OSError` when it cannot be read.
    """
    contents = list_contents(path)
    problems = [Problem(name, "is no plain file, and nothing of ours") for name in contents.strange]
    seal: Seal | None = None
    try:
        seal = read_seal(path) if (path / SEAL).exists() else None
        if seal is None:
            problems.append(Problem(SEAL, "is missing: the session was never sealed, or the seal was taken away"))
    except EvidenceRefused as problem:
        problems.append(Problem(SEAL, str(problem)))
    signer = _signer(seal, public_key)
    problems += _manifest_problems(path, seal)
    session_id = seal.session if seal else _session_id(path)
    heads: dict[str, JournalHead] = {}
    problems += _chain_problems(path, session_id, contents, heads)
    if seal:
        problems += [*_seal_problems(seal, signer), *_file_problems(path, seal, contents)]
        problems += _head_problems(seal, heads)
    return Verification(
        problems=tuple(problems),
        signer=signer,
        fingerprint=fingerprint(seal.public_key) if seal and signer in {Signer.WORKSPACE, Signer.OTHER} else "",
        digest=seal.digest if seal else "",
        files=len(contents.files),
        lines=sum(head.lines for head in heads.values()),
        torn=sum(len(head.torn) for head in heads.values()),
    )


def _signer(seal: Seal | None, public_key: str) -> Signer:
    if seal is None or not (seal.signature or seal.public_key):
        return Signer.NOBODY
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.public_key))
        key.verify(bytes.fromhex(seal.signature), sealed_bytes(seal))
    except (InvalidSignature, ValueError):
        return Signer.INVALID
    return Signer.WORKSPACE if seal.public_key == public_key else Signer.OTHER


def _manifest_problems(path: Path, seal: Seal | None) -> Iterator[Problem]:
    try:
        info = read_manifest(path)
    except EvidenceRefused as problem:
        yield Problem("manifest.json", str(problem))
    else:
        if seal and seal.session != info.id:
            yield Problem(SEAL, "seals another session than the manifest names")


def _session_id(path: Path) -> str:
    try:
        return read_manifest(path).id
    except EvidenceRefused:
        return path.name


def _chain_problems(
    path: Path, session_id: str, contents: Contents, heads: dict[str, JournalHead]
) -> Iterator[Problem]:
    for name in journals_of(contents.files):
        heads[name], broken = walk_journal(path, name, session_id)
        yield from (Problem(name, what, line) for line, what in broken)


def _seal_problems(seal: Seal, signer: Signer) -> Iterator[Problem]:
    if signer is Signer.INVALID:
        yield Problem(SEAL, "the signature does not belong to this seal")
    if seal.checksum != sha256(sealed_bytes(seal)).hexdigest():
        yield Problem(SEAL, "the checksum does not belong to this seal")
    if any(text != text.lower() for text in (seal.public_key, seal.signature)):
        yield Problem(SEAL, "key or signature is not written in lower case")
    if seal.digest != files_digest(seal.files):
        yield Problem(SEAL, "the digest does not belong to the list of files")


def _file_problems(path: Path, seal: Seal, contents: Contents) -> Iterator[Problem]:
    there = digest_files(path, contents.files)
    for name in sorted(seal.files.keys() | there.keys()):
        if name not in there:
            yield Problem(name, "is missing")
        elif name not in seal.files:
            yield Problem(name, "was added after the seal")
        elif there[name] != seal.files[name]:
            yield Problem(name, f"was changed: {seal.files[name].size} bytes sealed, {there[name].size} bytes now")


def _head_problems(seal: Seal, heads: dict[str, JournalHead]) -> Iterator[Problem]:
    for name, sealed in seal.journals.items():
        now = heads.get(name)
        if now is None or now == sealed:
            continue
        yield from (Problem(name, "the line is torn", line) for line in now.torn if line not in sealed.torn)
        if now.lines != sealed.lines:
            what = f"{sealed.lines} lines sealed, {now.lines} lines now"
            yield Problem(name, what, min(now.lines, sealed.lines) + 1)
        elif now.head != sealed.head:
            yield Problem(name, "the chain ends in another digest", now.lines)
