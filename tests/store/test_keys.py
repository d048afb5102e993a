from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from analyzer.store.keys import fingerprint, has_signed, load_key, public_hex, workspace_key
from analyzer.store.problems import KeyUnusable
from analyzer.store.workspace import Workspace


def test_the_key_is_made_once_and_for_the_owner_alone(workspace: Workspace) -> None:
    first, second = workspace_key(workspace.key_file), workspace_key(workspace.key_file)
    assert public_hex(first) == public_hex(second)
    assert stat.S_IMODE(workspace.key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(workspace.key_file.parent.stat().st_mode) == 0o700
    assert [path.name for path in workspace.key_file.parent.iterdir()] == ["ed25519.pem"]


def test_many_analyzers_that_start_at_once_agree_on_one_key(workspace: Workspace) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(public_hex(workspace_key(workspace.key_file)))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_fingerprint_is_short_and_tells_keys_apart() -> None:
    assert fingerprint("00" * 32) == "66687aadf862bd77"
    assert fingerprint("01" * 32) != fingerprint("00" * 32)


def test_a_missing_file_and_a_key_of_another_kind_are_refused(tmp_path: Path) -> None:
    other = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "rsa").write_bytes(other)
    for name, why in (("rsa", "another kind"), ("none", "No such file")):
        with pytest.raises(KeyUnusable, match=why):
            load_key(tmp_path / name)
    with pytest.raises(KeyUnusable, match=f"-out {tmp_path / 'rsa-ed25519.pem'}"):  # never over the one that is there
        load_key(tmp_path / "rsa")


def test_a_signature_is_held_against_key_and_bytes(tmp_path):
    key = workspace_key(tmp_path / "key.pem")
    signature = key.sign(b"data").hex()
    assert has_signed(public_hex(key), signature, b"data")
    assert not has_signed(public_hex(key), signature, b"date")
    assert not has_signed("", signature, b"data")
    assert not has_signed(public_hex(key), "xyz", b"data")
