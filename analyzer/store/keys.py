"""The key that signs seals: Ed25519, one per workspace, or one that a laboratory names."""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from analyzer.store.files import FILE_MODE, make_folder, sync_folder, write_all
from analyzer.store.problems import KeyUnusable


def workspace_key(path: Path) -> Ed25519PrivateKey:
    """Load the workspace's key from its file, or make it at first use (0600); raises `KeyUnusable`, `OSError`."""
    if not path.exists():
        _make_key(path)
    return load_key(path)


def load_key(path: Path) -> Ed25519PrivateKey:
    """Load a private Ed25519 key from an unencrypted PEM file; raises `KeyUnusable` that says how to make one."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as problem:
        raise KeyUnusable(_advice(path, f"cannot be read ({problem.strerror})", path)) from problem
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
        raise KeyUnusable(_advice(path, "is no private key in PEM without a password")) from problem
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(_advice(path, "is a key of another kind than Ed25519"))
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """Give the public half of a key in hex, as a seal carries it."""
    return key.public_key().public_bytes_raw().hex()


def has_signed(public_key: str, signature: str, data: bytes) -> bool:
    """Say whether a signature (hex) over some bytes is that of a public key (hex)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """Give the short name of a public key (hex) for people: 16 hex digits of its sha256."""
    return sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def _make_key(path: Path) -> None:
    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    make_folder(path.parent)
    young = path.with_name(f".partial-{secrets.token_hex(8)}")
    descriptor = os.open(young, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
        # A link, not a rename: of two analyzers that start at once, the first one's key stays.
        path.hardlink_to(young)
    except FileExistsError:
        return
    finally:
        os.close(descriptor)
        young.unlink()
    sync_folder(path.parent)


def _advice(path: Path, what: str, target: Path | None = None) -> str:
    """Say how to make a key; never over a file that is there, which may be the only one of its kind."""
    new = target if target is not None and not target.exists() else path.with_name(f"{path.stem}-ed25519.pem")
    return f"{path} {what}: make one with `openssl genpkey -algorithm ed25519 -out {new}`"
