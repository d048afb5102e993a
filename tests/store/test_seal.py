from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from analyzer.model.vocabulary import GapKind
from analyzer.store.problems import EvidenceRefused
from analyzer.store.reader import read_session
from analyzer.store.seal import evidence_digest, read_seal, seal
from analyzer.store.workspace import Workspace


def snapshot(session: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in session.rglob("*") if path.is_file() and path.name != "seal.json"}


def test_sealing_names_every_file_and_changes_none(session: Path) -> None:
    before = snapshot(session)
    done = seal(session, "0.1.0", Ed25519PrivateKey.generate())
    assert snapshot(session) == before
    assert {str(session / name) for name in done.files} == set(before)
    assert read_seal(session) == done
    assert stat.S_IMODE((session / "seal.json").stat().st_mode) == 0o600


def test_the_digest_is_the_same_before_and_after_and_under_any_key(session: Path) -> None:
    before = read_session(session)
    assert not before.sealed
    done = seal(session, "0.1.0", Ed25519PrivateKey.generate())
    after = read_session(session)
    assert after.sealed
    assert before.digest == after.digest == done.digest
    (session / "seal.json").unlink()
    assert seal(session, "9.9.9", None).digest == done.digest


def test_equal_evidence_of_two_sessions_has_two_digests(session: Path, make: Any, workspace: Workspace) -> None:
    assert evidence_digest(session) != evidence_digest(make.session(workspace))


def test_a_sealed_session_keeps_its_first_seal(session: Path) -> None:
    first = seal(session, "0.1.0", None)
    assert seal(session, "0.2.0", Ed25519PrivateKey.generate()) == first


def test_a_crashed_session_is_sealed_with_its_torn_line_and_both_stay(session: Path) -> None:
    path = session / "recordings/1-accept/marks.jsonl"
    torn = path.read_bytes()[:-50]
    path.write_bytes(torn)
    done = seal(session, "0.1.0", None)
    assert path.read_bytes() == torn
    assert done.journals["recordings/1-accept/marks.jsonl"].torn == (3,)
    assert read_session(session).recordings[0].gaps[0].record.kind is GapKind.RECORD_TORN


def test_a_link_in_the_session_is_refused_by_name(session: Path) -> None:
    (session / "recordings" / "link").symlink_to("/etc")
    with pytest.raises(EvidenceRefused, match="link is no plain file: move it out"):
        seal(session, "0.1.0", None)


def test_a_seal_that_is_none_is_refused(session: Path) -> None:
    (session / "seal.json").write_text("{}")
    with pytest.raises(EvidenceRefused, match=r"seal\.json cannot be used"):
        read_session(session)
