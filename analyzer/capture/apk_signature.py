"""Who signed an APK, as its signature schemes v1, v2 and v3 name the certificates. The signatures are not verified.

Formats: https://source.android.com/docs/security/features/apksigning/v2 and v3.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates

from analyzer.capture.apk_archive import ApkArchive

_MAGIC: Final = b"APK Sig Block 42"
_LARGEST_BLOCK: Final = 8 * 1024**2
_FOOT: Final = 24
_SCHEMES: Final = {0x7109871A: "v2", 0xF05368C0: "v3", 0x1B93AD61: "v3.1"}
_V1: Final = re.compile(r"META-INF/[^/]+\.(?:RSA|DSA|EC)", re.IGNORECASE)
_MOST: Final = 20


class Signers(NamedTuple):
    """The schemes that are there, and the sha256 of every certificate that they name, in hex."""

    schemes: tuple[str, ...]
    certificates: tuple[str, ...]


def read_signers(apk: ApkArchive) -> Signers:
    """Read who signed; nobody when the file is not signed or what it says cannot be read."""
    found: dict[str, list[bytes]] = {}
    named = [name for name in apk.names if _V1.fullmatch(name)][:_MOST]
    if named:
        found["v1"] = [certificate for name in named for certificate in _of_v1(apk.read(name))]
    for scheme, block in _blocks(apk):
        try:
            found[scheme] = list(_certificates(block))
        except (ValueError, struct.error):
            found[scheme] = []
    digests = dict.fromkeys(hashlib.sha256(one).hexdigest() for certificates in found.values() for one in certificates)
    return Signers(tuple(sorted(found)), tuple(digests))


def _of_v1(data: bytes) -> list[bytes]:
    try:
        return [one.public_bytes(Encoding.DER) for one in load_der_pkcs7_certificates(data)[:1]]
    except (ValueError, TypeError):
        return []


def _blocks(apk: ApkArchive) -> Iterator[tuple[str, bytes]]:
    """Give the blocks of the schemes that we know, from the signing block before the directory."""
    if apk.directory_at < _FOOT:
        return
    apk.file.seek(apk.directory_at - _FOOT)
    size, magic = struct.unpack("<Q16s", apk.file.read(_FOOT))
    if magic != _MAGIC or not _FOOT <= size <= min(_LARGEST_BLOCK, apk.directory_at - 8):
        return
    apk.file.seek(apk.directory_at - size)
    pairs = apk.file.read(size - _FOOT)
    at = 0
    while at + 12 <= len(pairs):
        length, name = struct.unpack_from("<QI", pairs, at)
        if not 4 <= length <= len(pairs) - at - 8:  # noqa: PLR2004 - the id itself
            return
        if name in _SCHEMES:
            yield _SCHEMES[name], pairs[at + 12 : at + 8 + length]
        at += 8 + length


def _certificates(block: bytes) -> Iterator[bytes]:
    """Give the first certificate of each signer: a block is signers → signed data → digests, certificates and more."""
    (signers,) = _parts(block, 1)
    for signer in _parts(signers, _MOST):
        (signed,) = _parts(signer, 1)
        _, certificates = _parts(signed, 2)
        yield from _parts(certificates, 1)


def _parts(data: bytes, most: int) -> list[bytes]:
    """Split length-prefixed parts, `most` of them; raises `ValueError` where a length is wrong."""
    parts: list[bytes] = []
    at = 0
    while at < len(data) and len(parts) < most:
        (size,) = struct.unpack_from("<I", data, at)
        if size > len(data) - at - 4:
            raise ValueError("a part is longer than the whole")
        parts.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return parts
