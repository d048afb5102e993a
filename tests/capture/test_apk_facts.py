from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from apk_tools import MANIFEST, make_apk, make_key, need_tools, sign

from analyzer.capture.apk_archive import ApkUnreadable
from analyzer.capture.apk_facts import read_apk_facts
from analyzer.model.subject import Component

pytestmark = pytest.mark.xdist_group("apk")
SPLIT = MANIFEST.replace('android:versionCode="42"', 'split="config.arm64" android:versionCode="42"')


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a signed app: base, split, and one of another key."""
    need_tools()
    folder = tmp_path_factory.mktemp("shop")
    store, digest = make_key(folder)
    (folder / "digest").write_text(digest)
    sign(make_apk(folder / "base.apk"), store, "v1", "v2", "v3")
    libraries = {"lib/arm64-v8a/libone.so": b"\x7fELF", "lib/x86_64/libone.so": b"\x7fELF", "lib/x86_64/two.txt": b"x"}
    sign(make_apk(folder / "split.apk", SPLIT, libraries), store, "v2")
    (folder / "other").mkdir()
    sign(make_apk(folder / "other" / "stranger.apk", SPLIT), make_key(folder / "other")[0], "v2")
    return folder


def test_an_app_tells_everything_that_its_files_say(shop: Path) -> None:
    facts = read_apk_facts([shop / "base.apk", shop / "split.apk"])
    assert (facts.package, facts.version_name, facts.version_code) == ("com.example.shop", "4.2 beta", "42")
    assert (facts.min_sdk, facts.target_sdk, facts.label) == (24, 29, "Shop & more")
    assert facts.permissions == ("android.permission.INTERNET", "android.permission.READ_CONTACTS")
    assert facts.components == (
        Component("activity", "com.example.shop.Main", exported=True),
        Component("activity", "com.other.Hidden", exported=False),
        Component("service", "com.example.shop.Push", exported=True, permission="a.PERM", process=":push"),
        Component("receiver", "com.example.shop.Boot", exported=False),
        Component("provider", "com.example.shop.Data", exported=False),
    )
    assert (facts.abis, facts.native_libraries) == (("arm64-v8a", "x86_64"), ("libone.so",))
    assert (facts.signature_schemes, facts.signers) == (("v1", "v2", "v3"), ((shop / "digest").read_text(),))
    assert facts.sha256 == hashlib.sha256((shop / "base.apk").read_bytes()).hexdigest()
    assert sorted(facts.files) == ["base.apk", "split.apk"]


def test_a_set_tells_the_same_as_its_files(shop: Path, tmp_path: Path) -> None:
    for name, folder in (("app.apks", "splits/"), ("app.xapk", ""), ("evil.apks", "../../../")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(shop / "base.apk", f"{folder}base.apk")
            archive.write(shop / "split.apk", f"{folder}split.apk")
            archive.writestr("toc.pb", b"x")
        assert read_apk_facts([tmp_path / name]) == read_apk_facts([shop / "base.apk", shop / "split.apk"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.apks", "app.xapk", "evil.apks"]


def test_what_is_not_one_app_is_said(shop: Path, tmp_path: Path) -> None:
    base, split = shop / "base.apk", shop / "split.apk"
    older = make_apk(tmp_path / "older.apk", SPLIT.replace('"42"', '"41"'))
    with pytest.raises(ApkUnreadable, match="bases are: none"):
        read_apk_facts([split])
    with pytest.raises(ApkUnreadable, match=r"bases are: base\.apk, base\.apk"):
        read_apk_facts([base, base])
    with pytest.raises(ApkUnreadable, match="signed by different certificates"):
        read_apk_facts([base, shop / "other" / "stranger.apk"])
    with pytest.raises(ApkUnreadable, match="different versions"):
        read_apk_facts([base, older])
    stranger = make_apk(tmp_path / "stranger.apk", SPLIT.replace('com.example.shop"', 'com.stranger"'))
    with pytest.raises(ApkUnreadable, match=r"different apps: com\.example\.shop and com\.stranger"):
        read_apk_facts([base, stranger])


def test_an_unsigned_app_has_no_signer(tmp_path: Path) -> None:
    need_tools()
    facts = read_apk_facts([make_apk(tmp_path / "plain.apk")])
    assert (facts.signers, facts.signature_schemes) == ((), ())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no zip archive"),
        (b"PK\5\6" + bytes(18), "directory is larger"),
        (b"PK\5\6" + b"\xff" * 18, "no zip archive"),
        (b"x" * 5000, "no zip archive"),
    ],
)
def test_a_file_that_is_no_apk_is_one_sentence(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "a.apk").write_bytes(data)
    with pytest.raises(ApkUnreadable, match=why):
        read_apk_facts([tmp_path / "a.apk"])


def test_a_zip_without_manifest_a_missing_file_and_a_text_for_a_manifest_are_said(tmp_path: Path) -> None:
    for name, entry in (("empty.apk", "x"), ("text.apk", "AndroidManifest.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(entry, b"<manifest package='a.b'/>" * 9)
    with pytest.raises(ApkUnreadable, match=r"it has no AndroidManifest\.xml"):
        read_apk_facts([tmp_path / "empty.apk"])
    with pytest.raises(ApkUnreadable, match="of its manifest, it"):
        read_apk_facts([tmp_path / "text.apk"])
    with pytest.raises(ApkUnreadable, match="cannot be"):
        read_apk_facts([tmp_path / "gone.apk"])
