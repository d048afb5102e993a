"""What a bundle says of itself: who vouches for it, and with what its result was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzer.codec.canonical import read_document, write_document


@dataclass(frozen=True, slots=True)
class Voucher:
    """Who vouches for a bundle: the sha256 of its tag manifest, signed (Ed25519, hex; empty when nobody signed)."""

    session: str
    tag_manifest: str
    public_key: str = ""
    signature: str = ""

    def signed(self) -> bytes:
        """Give the bytes that the signature stands for."""
        return f"analyzer bundle 1\n{self.session}\n{self.tag_manifest}\n".encode()


@dataclass(frozen=True, slots=True)
class Environment:
    """With what a result was made: versions, digests of the packs, and what the analyst named."""

    analyzer: str
    python: str
    libraries: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[str, str] = field(default_factory=dict)
    profile: str = "standard"
    app_type: str = ""


def encode_voucher(voucher: Voucher) -> bytes:
    """Write a voucher as an indented, canonical JSON file."""
    return write_document("bundle", voucher)


def decode_voucher(data: bytes) -> Voucher:
    """Read a voucher; raises `FormatProblem`."""
    return read_document("bundle", Voucher, data)


def encode_environment(environment: Environment) -> bytes:
    """Write an environment as an indented, canonical JSON file."""
    return write_document("environment", environment)


def decode_environment(data: bytes) -> Environment:
    """Read an environment; raises `FormatProblem`."""
    return read_document("environment", Environment, data)
