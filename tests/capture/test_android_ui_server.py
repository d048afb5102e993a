from __future__ import annotations

import json
import os
import sys
import time

import pytest

from analyzer.capture.android_screen import DumpedHierarchies
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_ui_server import (
    UI_SERVER,
    PreferredHierarchies,
    UiServer,
    find_program,
    remove_ui_server,
)
from analyzer.capture.device import EnvironmentProblem

XML = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\"><node text=\"{}\" "
    'package="com.example" bounds="[0,0][100,100]" /></hierarchy>'
)
CALL = """
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=20)
    print("reached", flush=True)
except OSError as error:
    print(type(error).__name__, flush=True)
"""
pytestmark = pytest.mark.xdist_group("ui-server")


class Rig:
    """A device with an app in front that shows one text, and a server for it."""

    def __init__(self, double, folder) -> None:
        self.double, self.folder = double, folder
        self.shell = AndroidShell(double.serial, double.server)
        self.program = folder / "u2.jar"
        self.program.write_bytes(b"a program")
        self.notes: list[tuple[str, dict]] = []
        self.server = UiServer(self.shell, "magisk", lambda *note: self.notes.append(note))
        self.busy, self.text = False, "同意 & ≤"
        double.screens["com.example"] = self.show
        self.shell.run("am", "start", "-n", "com.example/.MainActivity")

    def show(self, _question) -> dict:
        return {"busy": self.busy, "xml": XML.format(self.text.replace("&", "&amp;"))}

    def call(self, host: str, port: int) -> str:
        """Have the app connect to a port of the device's; gives what became of that."""
        answer = self.folder / "answer"
        uid = self.double.read("packages", "com.example", "uid")
        command = [os.path.realpath(sys.executable), "-sB", "-c", CALL, host, str(port)]
        with answer.open("wb") as out:
            self.double.start_process(
                "com.example", command, uid=uid, environment={"PYTHONHOME": sys.base_prefix}, output=out.fileno()
            )
        end = time.monotonic() + 60
        while not answer.read_bytes().endswith(b"\n") and time.monotonic() < end:
            time.sleep(0.02)
        return answer.read_text().strip()


@pytest.fixture(scope="module")
def double(shared_android):
    double = shared_android(root="magisk")
    double.add_package("com.example")
    return double


@pytest.fixture
def rig(double, tmp_path):
    rig = Rig(double, tmp_path)
    yield rig
    rig.server.stop()


def settled(double) -> dict:
    """Give the device without its processes, of which those of tests come and go."""
    return {part: seen for part, seen in double.snapshot().items() if part not in {"processes", "mounts", "extra"}}


def test_it_tells_what_is_shown_although_the_screen_does_not_rest_and_leaves_nothing(rig):
    before = settled(rig.double)
    rig.server.start(rig.program)
    rig.busy = True
    assert rig.server.hierarchy() == XML.format("同意 &amp; ≤")
    ((kind, facts),) = rig.notes
    assert kind == UI_SERVER
    assert rig.shell.run("cat", facts["place"]).out == "a program"
    rig.server.stop()
    rig.server.stop()
    assert settled(rig.double) == before
    assert "app_process" not in " ".join(rig.double.snapshot()["processes"])


def test_no_app_reaches_its_port(rig):
    rig.server.start(rig.program)
    port = rig.notes[0][1]["port"]
    assert [rig.call(host, port) for host in ("127.0.0.1", "10.0.2.15", "::1")] == ["ConnectionRefusedError"] * 3
    said = rig.shell.run("sh", "-c", f"curl -s http://127.0.0.1:{port}/ping")
    assert said.out == "pong", "adb's own shell does"


def test_once_it_fails_it_is_gone_and_the_devices_own_tool_reads_the_screen(rig):
    rig.server.start(rig.program)
    told = []
    seen = PreferredHierarchies(rig.server, DumpedHierarchies(rig.shell), lambda *words: told.append(words))
    assert seen.hierarchy() == XML.format("同意 &amp; ≤")
    assert told == []
    with pytest.raises(EnvironmentProblem, match="already registered"):
        DumpedHierarchies(rig.shell).hierarchy()
    rig.double.change("extra", "broken_windows", to=True)
    try:
        rig.text = "不同意"
        assert seen.hierarchy() == XML.format("不同意")
        assert seen.hierarchy() == XML.format("不同意")
    finally:
        rig.double.change("extra", "broken_windows", to=False)
    assert "app_process" not in " ".join(rig.double.snapshot()["processes"])
    ((by, why),) = told
    assert by == "uiautomator dump"
    assert "uiautomator2's server" in why


def test_what_was_noted_takes_it_away_after_a_crash_too(rig):
    before = settled(rig.double)
    rig.server.start(rig.program)
    assert settled(rig.double) != before
    facts = json.loads(json.dumps(rig.notes[0][1]))
    for _ in range(2):
        remove_ui_server(AndroidShell(rig.double.serial, rig.double.server), facts)
        assert settled(rig.double)["files"] == before["files"]
        assert settled(rig.double)["iptables"] == before["iptables"]
    for foreign in ({**facts, "place": "/data/local/tmp/ui-$(reboot).jar"}, {**facts, "port": 5555}):
        remove_ui_server(rig.shell, foreign)


def test_one_that_does_not_start_says_why_and_leaves_nothing(android, tmp_path):
    rig = Rig(android(root="magisk", absent=("app_process",)), tmp_path)
    before = settled(rig.double)
    with pytest.raises(EnvironmentProblem, match=r"does not work: .*not found"):
        rig.server.start(rig.program)
    rig.server.stop()
    assert settled(rig.double) == before


def test_the_program_is_found_in_the_installed_package_which_is_not_loaded(tmp_path, monkeypatch):
    package = tmp_path / "uiautomator2"
    (package / "assets").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('loaded')")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_program() is None, "one without the program"
    (package / "assets" / "u2.jar").write_bytes(b"")
    assert find_program() == package / "assets" / "u2.jar"
