"""The manifest of a session: `SessionInfo` to its JSON file and back."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from analyzer.codec.canonical import read_document, write_document
from analyzer.codec.migrate import Document, Step
from analyzer.model.evidence import SessionInfo

VERSION: Final = 2
"""Version 2 tells more of the app: what its APK files say."""

_UNTOLD: Final[Document] = {
    "min_sdk": 0,
    "signers": [],
    "signature_schemes": [],
    "abis": [],
    "native_libraries": [],
    "components": [],
    "files": {},
}


def _tell_more_of_the_app(document: Document) -> Document:
    app = document.get("app")
    return {**document, "app": {**app, **_UNTOLD}} if isinstance(app, dict) else document


STEPS: Final[Mapping[int, Step]] = MappingProxyType({1: _tell_more_of_the_app})
"""From each old version of a manifest, the step to the next."""


def encode_manifest(info: SessionInfo) -> bytes:
    """Write a manifest as an indented, canonical JSON file; raises `FormatProblem`."""
    data = write_document("manifest", info, VERSION)
    read_document("manifest", SessionInfo, data, STEPS, VERSION)
    return data


def decode_manifest(data: bytes) -> SessionInfo:
    """Read a manifest; raises `FormatProblem` that names the key for anything that `encode_manifest` did not write."""
    return read_document("manifest", SessionInfo, data, STEPS, VERSION)
