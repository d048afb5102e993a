"""A few real authorities for the double's trust stores, under the names that Android gives them."""

from __future__ import annotations

import hashlib
import warnings
from functools import cache
from pathlib import Path

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_ENOUGH = 12


@cache
def some_authorities() -> dict[str, str]:
    """Give PEM texts by file name: the first four bytes of the subject's MD5, read from the end, and a number."""
    blocks = Path(certifi.where()).read_text(encoding="utf-8").split("-----BEGIN CERTIFICATE-----")[1:]
    found: dict[str, str] = {}
    for block in blocks[:_ENOUGH]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some authorities of old have serial numbers that are no more allowed
            certificate = x509.load_pem_x509_certificate(b"-----BEGIN CERTIFICATE-----" + block.encode())
        digest = hashlib.md5(certificate.subject.public_bytes(), usedforsecurity=False).digest()
        name = f"{int.from_bytes(digest[:4], 'little'):08x}"
        number = next(n for n in range(10) if f"{name}.{n}" not in found)
        found[f"{name}.{number}"] = certificate.public_bytes(Encoding.PEM).decode()
    return found
