"""Time stamps of an authority (RFC 3161): what to ask it, and what its answer proves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from analyzer.store.problems import EvidenceRefused, StampUnproven

_UNREADABLE: Final = "the answer of the authority is no time stamp in the strict encoding (DER) that RFC 3161 asks for"
_SHA256: Final = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent to an authority, and the number that its answer has to repeat."""

    data: bytes
    nonce: int | None


@dataclass(frozen=True, slots=True)
class Stamped:
    """What a time stamp says; `proven` says that it leads to a root that was named."""

    at: datetime
    authority: str
    proven: bool

    def words(self) -> str:
        """Say it in a line."""
        when = f"time stamp of {self.at:%Y-%m-%d %H:%M:%S} UTC by {self.authority}"
        if self.proven:
            return f"{when}, which leads to the root that was named"
        return f"{when}: it fits, but who that is was not checked; name the authority's root with --tsa-ca"


def ask(message: bytes) -> Question:
    """Give the request for a time stamp over a message; only its digest leaves."""
    request = (
        TimestampRequestBuilder()
        .data(message)
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce(nonce=True)
        .cert_request(cert_request=True)
        .build()
    )
    return Question(request.as_bytes(), request.nonce)


def read_stamp(token: bytes, message: bytes, roots: bytes = b"", nonce: int | None = None) -> Stamped:
    """Read an authority's answer and hold it against the message; `roots` are certificates in PEM.

    Raises `EvidenceRefused` for what is no time stamp and one of another message, `StampUnproven` for one that no
    named root vouches for.
    """
    try:
        answer = decode_timestamp_response(token)
        if PKIStatus(answer.status) != PKIStatus.GRANTED:
            raise EvidenceRefused(f"the authority refused to stamp: {PKIStatus(answer.status).name.lower()}")
        _fits(answer, message, nonce)
        authority = _authority(answer)
    except ValueError as problem:
        raise EvidenceRefused(f"{_UNREADABLE} ({problem})") from problem
    if roots:
        _verify(answer, message, roots, authority)
    return Stamped(answer.tst_info.gen_time, authority, bool(roots))


def _fits(answer: TimeStampResponse, message: bytes, nonce: int | None) -> None:
    imprint = answer.tst_info.message_imprint
    if imprint.hash_algorithm != _SHA256 or imprint.message != sha256(message).digest():
        raise EvidenceRefused("the time stamp is one of something else")
    if nonce is not None and answer.tst_info.nonce != nonce:
        raise EvidenceRefused("the time stamp answers another question")


def _verify(answer: TimeStampResponse, message: bytes, roots: bytes, authority: str) -> None:
    try:
        named = x509.load_pem_x509_certificates(roots)
    except ValueError as problem:
        raise EvidenceRefused("the file of roots holds no certificate: certificates in PEM are needed") from problem
    try:
        certificates = [x509.load_der_x509_certificate(one) for one in answer.signed_data.certificates]
        builder = VerifierBuilder()
        for root in named:
            builder = builder.add_root_certificate(root)
        for one in certificates:
            if one.issuer != one.subject:
                builder = builder.add_intermediate_certificate(one)
        builder.build().verify_message(answer, message)
    except (ValueError, VerificationError) as problem:
        raise StampUnproven(
            f"the time stamp by {authority} does not lead to a root that was named, or its signature is false: "
            "name the root of that authority, from the authority itself"
        ) from problem


def _authority(answer: TimeStampResponse) -> str:
    """Name who signed, by the certificate that the signature points to."""
    signers = answer.signed_data.signer_infos
    for data in answer.signed_data.certificates:
        one = x509.load_der_x509_certificate(data)
        if any(one.issuer == signer.issuer and one.serial_number == signer.serial_number for signer in signers):
            return one.subject.rfc4514_string()
    return "an authority that does not name itself"
