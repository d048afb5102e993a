"""Makes real APKs with Debian's build tools, and says what is missing where they are not."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

FRAMEWORK = Path("/usr/share/android-framework-res/framework-res.apk")
_PROGRAMS = {"aapt": "aapt", "apksigner": "apksigner", "zipalign": "zipalign", "keytool": "openjdk-17-jre-headless"}

MANIFEST = """<?xml version="1.0" encoding="utf-8"?>
<manifest xmlns:android="http://schemas.android.com/apk/res/android" package="com.example.shop"
    android:versionCode="42" android:versionName="4.2 beta">
  <uses-sdk android:minSdkVersion="24" android:targetSdkVersion="29"/>
  <uses-permission android:name="android.permission.INTERNET"/>
  <uses-permission-sdk-23 android:name="android.permission.READ_CONTACTS"/>
  <application android:label="Shop &amp; more">
    <activity android:name=".Main"><intent-filter><action android:name="android.intent.action.MAIN"/>
      <category android:name="android.intent.category.LAUNCHER"/></intent-filter></activity>
    <activity android:name="com.other.Hidden"/>
    <service android:name=".Push" android:exported="true" android:process=":push" android:permission="a.PERM"/>
    <receiver android:name=".Boot" android:exported="false">
      <intent-filter><action android:name="android.intent.action.BOOT_COMPLETED"/></intent-filter></receiver>
    <provider android:name=".Data" android:authorities="com.example.shop.data"/>
  </application>
</manifest>
"""


SHORT_LIVED = {**os.environ, "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
"""A JVM that signs one file has no time to be optimised."""


def need_tools() -> None:
    """Skip the test where the tools are missing; with CI set, fail."""
    missing = {package for program, package in _PROGRAMS.items() if shutil.which(program) is None}
    missing |= set() if FRAMEWORK.exists() else {"android-framework-res"}
    if missing:
        why = f"building APKs needs: apt-get install {' '.join(sorted(missing))}"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)


def run(*words: str | Path, folder: Path | None = None) -> str:
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=SHORT_LIVED)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_apk(target: Path, manifest: str = MANIFEST, entries: dict[str, bytes] | None = None) -> Path:
    """Make an unsigned APK of a manifest and further entries."""
    folder = target.parent / f"{target.stem}-parts"
    folder.mkdir()
    (folder / "AndroidManifest.xml").write_text(manifest, encoding="utf-8")
    run("aapt", "package", "-f", "-M", folder / "AndroidManifest.xml", "-I", FRAMEWORK, "-F", target)
    for name, data in (entries or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        run("aapt", "add", target.absolute(), name, folder=folder)
    return target


def make_key(folder: Path) -> tuple[Path, str]:
    """Make a signing key; gives its store and the sha256 of its certificate."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = made.not_valid_before(now).not_valid_after(now + timedelta(days=9999)).sign(key, hashes.SHA256())
    store = folder / "key.p12"
    locked = serialization.BestAvailableEncryption(b"android")
    store.write_bytes(pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, locked))
    return store, certificate.fingerprint(hashes.SHA256()).hex()


def sign(apk: Path, store: Path, *schemes: str) -> Path:
    """Sign an APK in place, with these schemes only (`v1`, `v2`, `v3`)."""
    wanted = [
        word
        for number in (1, 2, 3)
        for word in (f"--v{number}-signing-enabled", "true" if f"v{number}" in schemes else "false")
    ]
    aligned = apk.with_suffix(".aligned")
    run("zipalign", "-f", "4", apk, aligned)
    run("apksigner", "sign", "--ks", store, "--ks-pass", "pass:android", *wanted, "--out", apk, aligned)
    return apk
