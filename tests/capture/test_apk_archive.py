from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from analyzer.capture.apk_archive import LARGEST_ENTRY, ApkArchive, ApkUnreadable, sha256_of, unpack_set


def _zip(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def _open(data: bytes) -> ApkArchive:
    return ApkArchive(io.BytesIO(data), "a.apk")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_entries_are_read_as_they_were_packed(method: int) -> None:
    apk = _open(_zip({"AndroidManifest.xml": b"manifest" * 50, "b": b""}, method))
    assert apk.names == ["AndroidManifest.xml", "b"]
    assert apk.read("AndroidManifest.xml") == b"manifest" * 50
    assert apk.read("b") == b""
    with pytest.raises(KeyError):
        apk.read("c")


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ApkUnreadable, match="larger than 4 MB"):
        _open(_zip({"AndroidManifest.xml": bytes(LARGEST_ENTRY + 1)})).read("AndroidManifest.xml")


def test_headers_that_lie_as_protected_apps_do_are_read_as_android_reads_them() -> None:
    packed = bytearray(_zip({"AndroidManifest.xml": b"manifest" * 50}))
    for place in (packed.index(b"PK\3\4") + 6, packed.index(b"PK\1\2") + 8):
        packed[place] |= 1  # “encrypted”
    with zipfile.ZipFile(io.BytesIO(bytes(packed))) as ordinary, pytest.raises(RuntimeError, match="encrypted"):
        ordinary.read("AndroidManifest.xml")
    assert _open(bytes(packed)).read("AndroidManifest.xml") == b"manifest" * 50
    invented = bytearray(_zip({"AndroidManifest.xml": b"manifest" * 50}, zipfile.ZIP_STORED))
    for place in (invented.index(b"PK\3\4") + 8, invented.index(b"PK\1\2") + 10):
        invented[place : place + 2] = b"\x77\x77"
    assert _open(bytes(invented)).read("AndroidManifest.xml") == b"manifest" * 50


def test_no_damage_of_one_byte_does_more_than_a_sentence() -> None:
    whole = _zip({"AndroidManifest.xml": b"manifest" * 9, "classes.dex": b"dex" * 9})
    for place in range(len(whole)):
        for value in (0x00, 0xFF):
            damaged = bytearray(whole)
            damaged[place] = value
            try:
                apk = _open(bytes(damaged))
                for name in apk.names:
                    apk.read(name)
            except (ApkUnreadable, KeyError):
                pass


def test_a_set_is_unpacked_by_the_last_part_of_each_name_and_within_bounds(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.mkdir()
    (tmp_path / "a.apks").write_bytes(_zip({"../../base.apk": b"1", "splits\\two.apk": b"2", "toc.pb": b"3"}))
    assert [path.relative_to(place).as_posix() for path in unpack_set(tmp_path / "a.apks", place)] == [
        "base.apk", "two.apk",
    ]  # fmt: skip
    (tmp_path / "same.apks").write_bytes(_zip({"a/x.apk": b"1", "b/x.apk": b"2"}))
    with pytest.raises(ApkUnreadable, match=r"two files named x\.apk"):
        unpack_set(tmp_path / "same.apks", tmp_path)
    (tmp_path / "many.apks").write_bytes(_zip({f"{number}.apk": b"1" for number in range(201)}))
    with pytest.raises(ApkUnreadable, match="more files"):
        unpack_set(tmp_path / "many.apks", tmp_path)


def test_an_apk_is_no_set_and_its_digest_is_that_of_its_bytes(tmp_path: Path) -> None:
    apk = tmp_path / "a.apk"
    apk.write_bytes(_zip({"AndroidManifest.xml": b"x", "assets/inner.apk": b"y"}))
    assert unpack_set(apk, tmp_path) == [apk]
    assert len(sha256_of(apk)) == 64
    with pytest.raises(ApkUnreadable, match="No such file"):
        sha256_of(tmp_path / "none")
