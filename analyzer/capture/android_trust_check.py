"""Whether a TLS connection from an Android device trusts the proxy's authority: tried with the device's own curl.

A server of ours on this machine, reached by `adb reverse`, shows a certificate of the authority, and curl on the device
looks for the authority where apps do. No app has a part in it, and nothing leaves this machine. That Android has curl,
and that its BoringSSL finds authorities by the names that they have there, is from memory; the options and exit codes
are curl's own (https://curl.se/docs/manpage.html, from memory).
"""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_store import MODULE_STORE, STORE
from analyzer.capture.android_traffic import PORTS, Changes
from analyzer.capture.device import EnvironmentProblem

NAME: Final = "trust-check.invalid"
"""The name that nobody else can have (RFC 6761)."""
_SECONDS: Final = 10
_ABSENT: Final = 127
_NOT_TRUSTED: Final = {35, 60, 77}
"""What curl says where no handshake came about, the certificate is not trusted, or the authorities cannot be read."""
_ANSWER: Final = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
_PROBLEM_CHARACTERS: Final = 200


class TrustSeen(NamedTuple):
    """What was seen: `trusted`, `refused` or `untried`, and for all but the first why."""

    outcome: str
    why: str = ""


def check_trust(shell: AndroidShell, ports: ReversePorts, changes: Changes, authority: Path) -> TrustSeen:
    """Have the device connect once; `authority` is the proxy's certificate, whose key lies beside it."""
    with serving(authority) as target:
        for (at,) in ports.plan(1):
            facts = {"ports": [at], "targets": [target]}
            number = changes.note(PORTS, facts)
            try:
                if ports.open({at: target}):
                    return _connect(shell, at)
            finally:
                ports.close({at: target})
                changes.undone(number)
    return TrustSeen("untried", "adb opens no port on the device")


def _connect(shell: AndroidShell, port: int) -> TrustSeen:
    there = shell.run("ls", "-d", MODULE_STORE).code == 0
    words = ["curl", "-sS", "-o", "/dev/null", "--noproxy", "*", "--max-time", str(_SECONDS)]
    words += ["--capath", MODULE_STORE if there else STORE, "--resolve", f"{NAME}:{port}:127.0.0.1"]
    said = shell.run(*words, f"https://{NAME}:{port}/")
    if said.code == 0:
        return TrustSeen("trusted")
    if said.code == _ABSENT:
        return TrustSeen("untried", "the device has no curl")
    why = " ".join((said.err or said.out or f"curl ended with {said.code}").split())[:_PROBLEM_CHARACTERS]
    return TrustSeen("refused" if said.code in _NOT_TRUSTED else "untried", why)


@contextmanager
def serving(authority: Path) -> Iterator[int]:
    """Answer on a port of loopback, with a certificate of the authority, while the block runs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory(prefix="trust-") as folder:
        file = Path(folder) / "leaf.pem"
        file.touch(0o600)
        file.write_bytes(leaf(authority))
        context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_answer, args=(listener, context), name="trust-check", daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # wakes whoever accepts
            thread.join()


def _answer(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            wire, _ = listener.accept()
        except OSError:
            return
        with wire, suppress(OSError):  # the client may break off; curl says so
            wire.settimeout(_SECONDS)
            with context.wrap_socket(wire, server_side=True) as secured:
                secured.recv(1 << 12)
                secured.sendall(_ANSWER)


def leaf(authority: Path) -> bytes:
    """Make a key with a certificate for `NAME`, valid for a day around now, as one PEM text."""
    try:
        issuer = x509.load_pem_x509_certificate(authority.read_bytes())
        signer = load_pem_private_key(authority.with_name("mitmproxy-ca.pem").read_bytes(), None)
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(f"The proxy's key beside {authority} cannot be used ({error}).") from error
    if not isinstance(signer, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise EnvironmentProblem(f"The proxy's key beside {authority} is of a kind that cannot be used here.")
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=12))
        .not_valid_after(now + timedelta(hours=12))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(signer, hashes.SHA256())
    )
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return text + certificate.public_bytes(Encoding.PEM)
