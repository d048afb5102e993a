from __future__ import annotations

from pathlib import Path

from cryptography import x509

from analyzer.capture.lab_authority import make_server_certificate


def test_the_server_s_certificate_comes_from_the_authority(tmp_path: Path) -> None:
    made = make_server_certificate(tmp_path / "new")
    leaf, authority = x509.load_pem_x509_certificates(made.chain.read_bytes())
    leaf.verify_directly_issued_by(authority)
    assert made.authority.read_bytes() in made.chain.read_bytes()
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]


def test_the_key_is_the_owner_s_alone_and_new_each_time(tmp_path: Path) -> None:
    first = make_server_certificate(tmp_path).key
    text = first.read_text()
    assert first.stat().st_mode & 0o077 == 0
    assert make_server_certificate(tmp_path).key.read_text() != text
