"""The manifest of a session: `SessionInfo` to its JSON file and back."""

from __future__ import annotations

from analyzer.codec.canonical import read_document, write_document
from analyzer.model.evidence import SessionInfo


def encode_manifest(info: SessionInfo) -> bytes:
    """Write a manifest as an indented, canonical JSON file; raises `FormatProblem`."""
    data = write_document("manifest", info)
    read_document("manifest", SessionInfo, data)
    return data


def decode_manifest(data: bytes) -> SessionInfo:
    """Read a manifest; raises `FormatProblem` that names the key for anything that `encode_manifest` did not write."""
    return read_document("manifest", SessionInfo, data)
