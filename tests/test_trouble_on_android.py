"""What can be wrong with an Android device ends with one sentence that says what to do, and the device as it was."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from android_double.double import AndroidDouble
from android_double.frida_double import app_command, environment, server_script
from apk_tools import make_apk, need_tools

from analyzer.capture.changes import noted_serials
from analyzer.capture.lab_java import find_java
from analyzer.capture.machine_locks import device_in_use
from analyzer.cli.main import app, ended
from analyzer.model.vocabulary import GapKind
from analyzer.store.reader import read_session
from analyzer.store.verify import verify

pytestmark = pytest.mark.xdist_group("android")
APP = "com.example"


@dataclass(frozen=True)
class Trouble:
    """A device with something wrong, and what `run` says of it; `recorded`: a session was begun, and is sealed."""

    name: str
    kind: dict[str, Any]
    sentence: str
    server: str = field(default_factory=server_script)
    recorded: bool = False
    arrange: Callable[[AndroidDouble], object] = lambda double: double.add_package(APP)


def nothing(_double: AndroidDouble) -> None:
    """Leave the device without the app."""


ROOTED = {"root": "magisk"}
OLD = server_script("16.1.4")
NO_MOUNTS = {**ROOTED, "denied": ("mount",)}
TROUBLES = [
    Trouble("unauthorised", {"state": "unauthorized"}, "allow USB debugging in its dialog", arrange=nothing),
    Trouble("offline", {"state": "offline"}, "is offline: unplug it", arrange=nothing),
    Trouble("app missing", ROOTED, "has no app com.example", arrange=nothing),
    Trouble("no root", {}, "has no root (root it with Magisk or KernelSU"),
    Trouble("foreign ABI", {**ROOTED, "abi": "riscv64"}, "has no frida-server for its ABI riscv64 (use an ARM or x86"),
    Trouble("full storage", {**ROOTED, "storage_full": True}, "free some space on the device", recorded=True),
]
LONG = [
    Trouble("another version", ROOTED, "is version 16.1.4, but this analyzer has", server=OLD, recorded=True),
    Trouble("broken server", ROOTED, "does not run on", server="#!/system/bin/nothing\n", recorded=True),
    Trouble("SELinux", NO_MOUNTS, "SELinux or the root manager forbids it: allow it there", recorded=True),
]
MARKED = [*TROUBLES, *(pytest.param(trouble, marks=pytest.mark.long) for trouble in LONG)]


@pytest.fixture
def run(capfdbinary, tmp_path, monkeypatch):
    """Run the app on a double as a user would, in this process; gives the exit code and what was said."""
    monkeypatch.chdir(tmp_path)

    def run(double: AndroidDouble, *words: str, server: str = "") -> tuple[int, str]:
        monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", double.server[0])
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(double.server[1]))
        file = tmp_path / "frida-server"
        file.write_text(server or server_script())
        line = ["run", "--package", APP, "--device", double.serial, "--frida-server", str(file), *words]
        capfdbinary.readouterr()
        code = ended(lambda: app([*line, "--workspace", str(tmp_path / "workspace")], prog_name="analyzer"))
        return code, capfdbinary.readouterr().err.decode()

    return run


@pytest.mark.parametrize("trouble", MARKED, ids=lambda trouble: trouble.name)
def test_each_trouble_is_one_sentence_and_the_device_stays_as_it_was(trouble, android, run, tmp_path):
    double = android(**trouble.kind)
    trouble.arrange(double)
    before = lasting(double) if trouble.kind.get("state", "device") == "device" else None
    code, talk = run(double, server=trouble.server)
    said = [line for line in talk.splitlines() if line.startswith("analyzer: ")]
    assert code == 3, talk
    assert len(said) == 1, talk
    assert trouble.sentence in said[0]
    sessions = list((tmp_path / "workspace").glob("sessions/*"))
    assert len(sessions) == trouble.recorded
    assert all(not verify(session).problems for session in sessions), "what was begun is sealed"
    assert noted_serials(tmp_path / "workspace") == []
    assert before is None or lasting(double) == before


def lasting(double: AndroidDouble) -> dict[str, Any]:
    """The device without its own processes and what they show, which come and go by themselves."""
    return {part: seen for part, seen in double.snapshot().items() if part not in {"processes", "mounts"}}


def test_of_several_devices_one_has_to_be_named_and_nothing_is_written(android, run, tmp_path):
    first, second = android(root="magisk"), android(root="magisk")
    code, talk = run(first, "--device", "")
    assert code == 3
    assert f"{first.serial}, {second.serial}" in talk or f"{second.serial}, {first.serial}" in talk
    assert not list((tmp_path / "workspace").glob("sessions/*"))


def test_a_device_that_another_run_has_is_left_alone_also_by_the_installing_of_the_app(android, run, tmp_path):
    double = android(**ROOTED)
    before = lasting(double)
    with device_in_use(double.serial):
        apk = tmp_path / "app.apk"
        apk.write_bytes(b"never looked at")
        code, talk = run(double, "--apk", str(apk))
    assert (code, talk.count("analyzer: ")) == (3, 1), talk
    assert f"{double.serial} is in use by another run of the analyzer (process" in talk
    assert not list((tmp_path / "workspace").glob("sessions/*"))
    assert lasting(double) == before


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"needs": "config.de"}, "a split of the app is missing"),
        ({"refused": "INSTALL_FAILED_NO_MATCHING_ABIS: no libraries"}, "use a device of its ABI"),
    ],
)
def test_an_app_that_the_device_does_not_take_is_one_sentence(facts, sentence, android, run, tmp_path):
    need_tools()
    double = android(root="magisk")
    apk = make_apk(tmp_path / "app.apk")
    double.change("extra", "apks", to={digest(apk): {"package": "com.example.shop", **facts}})
    code, talk = run(double, "--package", "com.example.shop", "--apk", str(apk))
    assert (code, sentence in talk) == (3, True), talk


def test_an_app_of_another_name_is_not_installed(android, run, tmp_path):
    need_tools()
    double = android(root="magisk")
    apk = make_apk(tmp_path / "app.apk")
    double.change("extra", "apks", to={digest(apk): {"package": "com.example.shop"}})
    code, talk = run(double, "--apk", str(apk))
    assert code == 2
    assert "The file holds com.example.shop, not com.example" in talk
    assert "com.example.shop" not in double.read("packages")


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.long
@pytest.mark.lab
def test_an_app_that_dies_as_soon_as_it_runs_is_a_sealed_session_whose_silence_says_nothing(android, run, tmp_path):
    double = android(**ROOTED)
    uid = double.add_package(APP)
    home = f"/data/data/{APP}"
    dies = app_command([str(find_java().java), "-version"], {"HOME": home}, home, APP)
    words = {"uid": uid, "environment": environment(home), "folder": home}
    double.bind(APP, lambda *_: bool(double.start_process(APP, dies, **words)))
    code, talk = run(double, "--dwell", "3", "--duration", "1")
    assert code == 0, talk
    (session,) = (tmp_path / "workspace").glob("sessions/*")
    assert not verify(session).problems
    gaps = {gap.record.kind for recording in read_session(session).recordings for gap in recording.gaps}
    assert GapKind.APP_CRASHED in gaps, "nothing says that it meant to end"
    assert noted_serials(tmp_path / "workspace") == []


@pytest.mark.lab
def test_a_device_that_goes_just_when_it_is_asked_something_is_told_with_what_takes_its_changes_back(
    android, run, tmp_path
):
    double = android(**ROOTED)
    home = f"/data/data/{APP}"
    words = {"uid": double.add_package(APP), "environment": environment(home), "folder": home}
    lives = app_command(["/usr/bin/sleep", "600"], {"HOME": home}, home, APP)
    double.bind(APP, lambda *_: bool(double.start_process(APP, lives, **words)))

    def pull(service: str) -> bool:
        if "keyevent 3" in service:  # HOME, before the app is watched behind it
            double.watcher = None
            cable = threading.Thread(target=double.unplug)
            cable.start()
            cable.join(5)
        return False

    double.watch(pull)
    code, talk = run(double, "--dwell", "1", "--duration", "1", "--background", "3")
    (said,) = [line for line in talk.splitlines() if line.startswith("analyzer: ")]
    assert (code, f"analyzer device restore --device {double.serial}" in said) == (3, True), talk
    (session,) = (tmp_path / "workspace").glob("sessions/*")
    assert not verify(session).problems
    assert noted_serials(tmp_path / "workspace") == [double.serial]
