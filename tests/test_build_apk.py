"""The lab's APK: built where the tools are, signed, the same bytes each time, and read back by our own reader."""

from __future__ import annotations

import hashlib
import os
import re
import runpy
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from house import ROOT

from analyzer.capture.apk_facts import read_apk_facts
from analyzer.model.subject import Component

SCRIPT = ROOT / "scripts" / "build_apk.py"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "analyzer"


@pytest.fixture(scope="module")
def build():
    return runpy.run_path(str(SCRIPT))


@pytest.fixture(scope="module")
def apk(build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return build["build_apk"](tmp_path_factory.mktemp("apk") / "first.apk", CACHE)
    except build["BuildProblem"] as problem:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"the lab's APK cannot be built here: {problem}")


def test_it_says_of_itself_what_the_lab_app_is(apk: Path) -> None:
    facts = read_apk_facts([apk])
    properties = (ROOT / "analyzer/capture/lab_device/src-apps/example/lab-app.properties").read_text(encoding="utf-8")
    lab = dict(line.split("=", 1) for line in properties.splitlines() if "=" in line)
    assert (facts.package, facts.version_name, facts.version_code) == (
        lab["package"], lab["versionName"], lab["versionCode"],
    )  # fmt: skip
    assert facts.label == lab["label"]
    assert set(facts.permissions) == {f"android.permission.{name}" for name in lab["permissions"].split(",")}
    assert facts.components == (
        Component("activity", lab["activity"], exported=True),
        Component("service", lab["process.push"], exported=False, process=":push"),
    )
    assert facts.signature_schemes == ("v1", "v2", "v3")
    assert len(facts.signers) == 1


def test_its_signature_is_valid_and_its_code_is_the_labs_with_nothing_of_the_simulation(apk: Path) -> None:
    done = subprocess.run(["apksigner", "verify", "-v", apk], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(apk) as archive:
        dex = archive.read("classes.dex")
    assert dex.startswith(b"dex\n")
    types = set(re.findall(rb"L[\w/$]+;", dex))
    for source in (ROOT / "analyzer/capture/lab_device/src-apps/example").rglob("*.java"):
        name = source.relative_to(ROOT / "analyzer/capture/lab_device/src-apps/example").with_suffix("").as_posix()
        assert f"L{name};".encode() in types, name
    assert not [one for one in types if one.startswith((b"Llab/runtime/", b"Ljava/net/http/"))]
    assert b"lab.truth" in dex


@pytest.mark.long
def test_it_has_the_same_bytes_each_time(apk: Path, build, tmp_path: Path) -> None:
    again = build["build_apk"](tmp_path / "again.apk", CACHE)
    assert hashlib.sha256(again.read_bytes()).hexdigest() == hashlib.sha256(apk.read_bytes()).hexdigest()


def test_another_d8_than_the_named_one_is_refused_and_missing_tools_are_named(build, tmp_path: Path) -> None:
    (tmp_path / "d8.jar").write_bytes(b"another")
    with pytest.raises(build["BuildProblem"], match="is not the d8 that builds the same bytes"):
        build["load_d8"](tmp_path)
    done = subprocess.run(
        [sys.executable, SCRIPT, "-o", tmp_path / "x.apk"],
        env={"PATH": "/nowhere"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert "missing: javac, java, aapt, apksigner, zipalign" in done.stderr
    assert "apt-get install" in done.stderr
