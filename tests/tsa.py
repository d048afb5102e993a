"""A time stamp authority of our own: a root, a certificate, OpenSSL's answers, and a server on loopback."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """\
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class LocalAuthority:
    """Stamps what it is asked to; its root lies in `roots`."""

    def __init__(self, folder: Path, name: str = "Test Authority") -> None:
        self.folder = folder
        self.roots = folder / "root.pem"
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = _certificate(f"{name} Root", f"{name} Root", root_key, root_key, authority=True)
        self.roots.write_bytes(root)
        (folder / "tsa.pem").write_bytes(_certificate(name, f"{name} Root", key, root_key, authority=False))
        (folder / "tsa.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "serial").write_text("01")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    def answer(self, question: bytes) -> bytes:
        """Give the answer to a request."""
        (self.folder / "q").write_bytes(question)
        files = ("-queryfile", "q", "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "a")
        command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "authority", *files]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, timeout=30)
        return (self.folder / "a").read_bytes()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Answer over HTTP on loopback; gives the address."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = self.headers["Content-Type"] == "application/timestamp-query"
                data = authority.answer(self.rfile.read(int(self.headers["Content-Length"]))) if asked else b""
                self.send_response(200 if asked else 400)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *words: object) -> None:
                pass

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/tsr"
            finally:
                server.shutdown()
                thread.join()


def _certificate(
    subject: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    signing: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> bytes:
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(True, False, False, False, False, authority, authority, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    )
    if not authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return builder.sign(signing, hashes.SHA256()).public_bytes(Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
