from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509

from analyzer.capture.certificate import TRUST_STORE_PASSWORD, ensure_authority, java_trust_store
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_java import find_java

KEYTOOL = find_java().keytool


def test_the_authority_is_made_once_and_may_sign(tmp_path: Path) -> None:
    certificate = ensure_authority(tmp_path / "proxy")
    first = certificate.read_bytes()
    assert ensure_authority(tmp_path / "proxy").read_bytes() == first
    constraints = x509.load_pem_x509_certificate(first).extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.value.ca
    assert (tmp_path / "proxy").stat().st_mode & 0o077 == 0


@pytest.mark.lab
def test_java_finds_the_authority_in_the_trust_store_as_an_anchor(tmp_path: Path) -> None:
    certificate = ensure_authority(tmp_path / "proxy")
    store = java_trust_store(certificate, tmp_path, KEYTOOL)
    listing = [str(KEYTOOL), "-list", "-keystore", str(store), "-storepass", TRUST_STORE_PASSWORD]
    said = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    assert "proxy" in said
    assert "trustedCertEntry" in said
    before = store.stat().st_mtime_ns
    assert java_trust_store(certificate, tmp_path, KEYTOOL) == store
    assert store.stat().st_mtime_ns == before


@pytest.mark.lab
def test_what_is_no_certificate_is_refused_and_leaves_no_store(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("not a certificate")
    with pytest.raises(EnvironmentProblem, match="could not import"):
        java_trust_store(tmp_path / "ca.pem", tmp_path / "trust", KEYTOOL)
    assert list((tmp_path / "trust").glob("*.jks")) == []


def test_a_missing_certificate_and_a_folder_in_the_way_are_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match=r"absent\.pem"):
        java_trust_store(tmp_path / "absent.pem", tmp_path, KEYTOOL)
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="free some space"):
        ensure_authority(tmp_path / "file" / "proxy")
