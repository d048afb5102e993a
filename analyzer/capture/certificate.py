"""The certificate authority of the proxy: made once per folder, and put into the trust store that a JVM reads."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Final

from mitmproxy.certs import CertStore

from analyzer.capture.device import EnvironmentProblem

TRUST_STORE_PASSWORD: Final = "changeit"  # noqa: S105 - Java's customary word; the store holds no secret
"""Opens the trust store; protects nothing, certificates are public."""

_KEYTOOL_SECONDS: Final = 60
_PLAIN: Final = ("-J-Dkeystore.pkcs12.macAlgorithm=NONE", "-J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE")
"""Without these, every process that opens the store makes tens of thousands of digests, and each one is hooked."""


def ensure_authority(folder: Path) -> Path:
    """Give the proxy's CA certificate (PEM) in `folder`, made at the first call; the key lies beside it."""
    certificate = folder / "mitmproxy-ca-cert.pem"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        CertStore.from_store(folder, "mitmproxy", 2048)
    except (OSError, ValueError) as error:
        raise EnvironmentProblem(
            f"The proxy's certificate cannot be made in {folder} ({error}); free some space or delete that folder."
        ) from error
    return certificate


def java_trust_store(certificate: Path, folder: Path, keytool: Path) -> Path:
    """Give a JKS trust store with the certificate as its only anchor, cached in `folder` by its digest.

    JKS, because opening a PKCS#12 store hashes ten thousand times, each time through the app's hooked digests.
    """
    try:
        digest = hashlib.sha256(certificate.read_bytes()).hexdigest()
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem(f"The CA certificate {certificate} cannot be used: {error}.") from error
    store = folder / f"trust-{digest[:32]}.jks"
    if not store.exists():
        _import(certificate, store, keytool)
    return store


def _import(certificate: Path, store: Path, keytool: Path) -> None:
    """Write the store beside its place first, so that an interrupted run leaves no half of one."""
    draft = store.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    command = [str(keytool), "-importcert", "-noprompt", "-alias", "proxy", "-storetype", "JKS"]
    command += ["-file", str(certificate), "-keystore", str(draft), "-storepass", TRUST_STORE_PASSWORD]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_KEYTOOL_SECONDS)
        draft.replace(store)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stdout", b"") or b""
        raise EnvironmentProblem(
            f"keytool could not import {certificate}: {said.decode(errors='replace').strip() or error}."
        ) from error
