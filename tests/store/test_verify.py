from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from analyzer.codec.seal import encode_seal
from analyzer.store.keys import fingerprint, public_hex
from analyzer.store.seal import read_seal, seal
from analyzer.store.verify import Signer, verify
from analyzer.store.workspace import Workspace

POSITIONS = 600


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def sealed(session: Path, key: Ed25519PrivateKey) -> Path:
    seal(session, "0.1.0", key)
    return session


def files_of(session: Path) -> list[Path]:
    return sorted(path for path in session.rglob("*") if path.is_file())


def test_an_untouched_session_is_intact_and_signed_by_this_workspace(sealed: Path, key: Ed25519PrivateKey) -> None:
    found = verify(sealed, public_hex(key))
    assert found.intact, found.problems
    assert found.signer is Signer.WORKSPACE
    assert found.fingerprint == fingerprint(public_hex(key))
    assert (found.files, found.lines, found.torn) == (17, 12, 0)


@pytest.mark.parametrize("signed", [True, False])
def test_any_flipped_byte_of_any_file_is_detected(session: Path, key: Ed25519PrivateKey, *, signed: bool) -> None:
    seal(session, "0.1.0", key if signed else None)
    seeded = random.Random(2)
    files = [path for path in files_of(session) if path.stat().st_size]
    share = POSITIONS // len(files) + 1
    for path in files:
        original = path.read_bytes()
        wanted = range(0, len(original), 6) if path.name == "seal.json" and signed else None
        for at in wanted or sorted(seeded.sample(range(len(original)), min(share, len(original)))):
            changed = bytearray(original)
            changed[at] ^= 1 << seeded.randrange(8)
            path.write_bytes(changed)
            assert not verify(session, public_hex(key)).intact, f"{path.name} byte {at}: {changed[at]:#x}"
        path.write_bytes(original)
    assert verify(session, public_hex(key)).intact


def test_each_file_truncated_lengthened_or_deleted_is_detected(sealed: Path) -> None:
    for path in files_of(sealed):
        name, original = path.relative_to(sealed).as_posix(), path.read_bytes()
        for data in (original[:-1], original + b"\n", original + original, None):
            if data == original:
                continue
            path.unlink() if data is None else path.write_bytes(data)
            assert any(problem.file == name for problem in verify(sealed).problems), (name, data)
        path.write_bytes(original)
    assert verify(sealed).intact


def test_the_line_where_the_chain_breaks_is_named(sealed: Path) -> None:
    path = sealed / "recordings/1-accept/marks.jsonl"
    first, second, third = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second.replace(b"540", b"541") + third)
    assert [problem.line for problem in verify(sealed).problems if problem.line] == [2]
    path.write_bytes(first + third)
    assert 2 in [problem.line for problem in verify(sealed).problems]
    path.write_bytes(first + second)
    assert [(p.line, p.what) for p in verify(sealed).problems if p.line] == [(3, "3 lines sealed, 2 lines now")]


def test_files_moved_between_recordings_and_sessions_are_detected(
    sealed: Path, make: Any, workspace: Workspace
) -> None:
    other = make.session(workspace)
    seal(other, "0.1.0", None)
    marks = "recordings/1-accept/marks.jsonl"
    shutil.copy(other / marks, sealed / marks)
    assert (marks, 1) in [(problem.file, problem.line) for problem in verify(sealed).problems]


def test_added_files_links_and_pipes_are_reported(sealed: Path) -> None:
    (sealed / "recordings/1-accept/bodies/more").write_bytes(b"")
    (sealed / "link").symlink_to(sealed / "manifest.json")
    (sealed / "recordings" / "other").symlink_to(sealed.parent)
    found = {problem.file: problem.what for problem in verify(sealed).problems}
    assert found.keys() == {"recordings/1-accept/bodies/more", "link", "recordings/other"}


def test_a_file_replaced_by_a_link_to_an_equal_file_is_reported(sealed: Path, tmp_path: Path) -> None:
    path = sealed / "recordings/1-accept/marks.jsonl"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert not verify(sealed).intact


def test_a_seal_that_was_forged_with_another_key_names_that_key(sealed: Path, key: Ed25519PrivateKey) -> None:
    (sealed / "seal.json").unlink()
    (sealed / "manifest.json").write_bytes((sealed / "manifest.json").read_bytes().replace(b'"lab"', b'"pet"'))
    forger = Ed25519PrivateKey.generate()
    seal(sealed, "0.1.0", forger)
    found = verify(sealed, public_hex(key))
    assert found.signer is Signer.OTHER
    assert fingerprint(public_hex(forger)) in found.signed_by


def test_an_unsigned_seal_says_that_it_detects_accidents_only(session: Path) -> None:
    seal(session, "0.1.0", None)
    found = verify(session)
    assert found.intact
    assert found.signed_by == "not signed: detects accidents only"


def test_a_signature_without_its_key_is_invalid(sealed: Path) -> None:
    text = (sealed / "seal.json").read_text()
    (sealed / "seal.json").write_text(text.replace(read_seal(sealed).public_key, ""))
    found = verify(sealed)
    assert found.signer is Signer.INVALID
    assert not found.intact


def test_a_session_that_was_never_sealed_is_said_to_be(session: Path) -> None:
    assert [problem.file for problem in verify(session).problems] == ["seal.json"]


def test_torn_lines_from_before_the_seal_are_no_problem(session: Path) -> None:
    with (session / "recordings/1-accept/marks.jsonl").open("ab") as file:
        file.write(b'{"v":1,"rec')
    seal(session, "0.1.0", None)
    found = verify(session)
    assert found.intact
    assert found.torn == 1


def test_the_check_survives_a_seal_that_is_nonsense(sealed: Path) -> None:
    done = read_seal(sealed)
    nonsense = (b"", b"[]", b"{}", b"\xff", b"[" * 100_000, encode_seal(done)[:-40], b'{"v":2,"record":"seal"}')
    for data in nonsense:
        (sealed / "seal.json").write_bytes(data)
        assert not verify(sealed).intact
