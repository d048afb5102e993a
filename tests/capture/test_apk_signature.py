from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from apk_tools import make_apk, make_key, need_tools, run, sign

from analyzer.capture.apk_archive import ApkArchive, ApkUnreadable
from analyzer.capture.apk_signature import Signers, read_signers


def _read(path: Path) -> Signers:
    with path.open("rb") as file:
        return read_signers(ApkArchive(file, path.name))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    need_tools()
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.mark.parametrize("schemes", [("v1",), ("v2",), ("v3",), ("v1", "v2", "v3")], ids="+".join)
def test_each_scheme_names_the_certificate_that_apksigner_finds(
    tmp_path: Path, key: tuple[Path, str], schemes: tuple[str, ...]
) -> None:
    apk = sign(make_apk(tmp_path / "a.apk"), key[0], *schemes)
    assert key[1] in run("apksigner", "verify", "--print-certs", "--min-sdk-version", "28", apk)
    assert _read(apk) == Signers(schemes, (key[1],))


def test_a_damaged_signing_block_names_nobody_and_hurts_nobody(tmp_path: Path, key: tuple[Path, str]) -> None:
    apk = sign(make_apk(tmp_path / "a.apk"), key[0], "v2")
    whole = apk.read_bytes()
    end = whole.index(b"APK Sig Block 42") + 16
    start = end - int.from_bytes(whole[end - 24 : end - 16], "little")
    seen = set()
    for place in [*range(start, start + 60), *range(start, end, 41)]:
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        seen.add(read_signers(ApkArchive(io.BytesIO(bytes(damaged)), "a.apk")).schemes)
    assert seen == {("v2",), ()}


def test_a_certificate_file_of_nonsense_names_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.apk"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/CERT.RSA", b"nonsense")
        archive.writestr("AndroidManifest.xml", b"x")
    assert _read(path) == Signers(("v1",), ())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/CERT.RSA", bytes(1 << 24))
    with pytest.raises(ApkUnreadable, match="larger than 4 MB"):
        _read(path)
