from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.codec.migrate import FormatProblem
from analyzer.codec.seal import FileDigest, JournalHead, Seal, decode_seal, encode_seal, files_digest, sealed_bytes

FILES = {"manifest.json": FileDigest("ab" * 32, 5), "a": FileDigest("cd" * 32, 0)}
SEAL = Seal("s", "0.1.0", 7, FILES, {"a": JournalHead(3, "ef" * 32, (2,))}, files_digest(FILES))


def test_a_seal_survives_the_way_to_a_file_and_back() -> None:
    assert decode_seal(encode_seal(SEAL)) == SEAL


def test_the_digest_follows_from_the_files_alone_and_not_from_their_order() -> None:
    assert files_digest(dict(reversed(FILES.items()))) == SEAL.digest
    for changed in (FileDigest("ab" * 32, 6), FileDigest("ac" * 32, 5)):
        assert files_digest({**FILES, "manifest.json": changed}) != SEAL.digest


def test_the_sealed_bytes_cover_everything_but_checksum_and_signature() -> None:
    same = replace(SEAL, checksum="x", signature="y")
    assert sealed_bytes(same) == sealed_bytes(SEAL)
    for other in (
        replace(SEAL, created_us=8),
        replace(SEAL, tool_version="0.1.1"),
        replace(SEAL, public_key="00"),
        replace(SEAL, session="t"),
        replace(SEAL, journals={}),
    ):
        assert sealed_bytes(other) != sealed_bytes(SEAL)


def test_a_seal_with_another_key_is_refused() -> None:
    with pytest.raises(FormatProblem, match="note"):
        decode_seal(encode_seal(SEAL).replace(b'"checksum"', b'"note": 1,\n  "checksum"'))
