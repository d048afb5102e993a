from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from analyzer.capture.certificate import ensure_authority
from analyzer.capture.device import AppEvent, Device, EnvironmentProblem, ScreenDump
from analyzer.capture.lab import LabDevice, LabSettings
from analyzer.capture.lab_watch import started_at
from analyzer.model.evidence import Process

PACKAGE = "com.example"
PATIENCE = 20.0

pytestmark = pytest.mark.lab


class Watcher:
    """Remembers what the device told, and which processes were held."""

    def __init__(self) -> None:
        self.held: list[Process] = []
        self.told: list[AppEvent] = []
        self.news = threading.Condition()

    def on_gated(self, _device: object, process: Process) -> None:
        self.held.append(process)

    def on_event(self, event: AppEvent) -> None:
        with self.news:
            self.told.append(event)
            self.news.notify_all()

    def wait_for(self, kind: str, count: int = 1) -> None:
        with self.news:
            done = self.news.wait_for(lambda: [each.kind for each in self.told].count(kind) >= count, PATIENCE)
        assert done, self.told


@pytest.fixture
def device(tmp_path: Path) -> Iterator[LabDevice]:
    made = LabDevice(LabSettings(tmp_path / "lab", truth=tmp_path / "truth" / "1.jsonl"))
    yield made
    made.restore()
    made.restore()


@pytest.fixture
def watcher(device: LabDevice) -> Watcher:
    made = Watcher()
    device.clear_data(PACKAGE)
    device.launch(PACKAGE, made.on_gated, made.on_event)
    return made


def wait_for_text(device: LabDevice, text: str) -> ScreenDump:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        dump = device.screen()
        if f'text="{text}"' in dump.hierarchy:
            return dump
        time.sleep(0.05)
    raise AssertionError(f"no {text!r} on the screen: {device.screen().hierarchy}")


def centre(dump: ScreenDump, text: str) -> tuple[int, int]:
    match = re.search(rf'<node [^>]*text="{text}"[^>]*bounds="\[(\d+),(\d+)\]\[(\d+),(\d+)\]"', dump.hierarchy)
    assert match is not None
    left, top, right, bottom = map(int, match.groups())
    return (left + right) // 2, (top + bottom) // 2


def test_an_app_starts_shows_its_dialog_takes_a_tap_and_ends(
    device: LabDevice, watcher: Watcher, tmp_path: Path
) -> None:
    dump = wait_for_text(device, "同意")
    assert dump.package == PACKAGE
    assert dump.activity.startswith(PACKAGE)
    picture = Image.open(io.BytesIO(dump.screenshot))
    assert picture.size == (540, 1200)
    assert len(picture.convert("RGB").getcolors(1_000_000) or []) > 10
    device.tap(*centre(dump, "同意"))
    watcher.wait_for("ui_changed", 2)
    until = time.monotonic() + PATIENCE
    while 'text="同意"' in device.screen().hierarchy:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert watcher.held[0].name == PACKAGE
    watcher.wait_for("process_started", 2)
    pids = [process.pid for process in device.running(PACKAGE)]
    device.stop(PACKAGE)
    assert device.running(PACKAGE) == []
    assert [pid for pid in pids if started_at(pid)] == []
    kinds = [event.kind for event in watcher.told]
    assert kinds[0] == "process_started"
    assert kinds.count("process_ended") == len(watcher.held) == len(pids)
    assert not {"crashed", "exited"} & set(kinds)
    assert (tmp_path / "truth" / "1.jsonl").stat().st_size > 0


def test_the_clock_is_ahead_for_what_starts_from_then_on_until_the_device_is_restored(device: LabDevice) -> None:
    app = device._app(PACKAGE)
    device.set_ahead(90_000)
    assert device._plan(app).ahead_s == 90_000
    device.restore()
    assert device._plan(app).ahead_s == 0


def test_every_process_is_held_before_it_runs(device: LabDevice, watcher: Watcher) -> None:
    watcher.wait_for("process_started", 2)
    wait_for_text(device, "同意")
    names = [process.name for process in watcher.held]
    assert names[0] == PACKAGE
    assert names[1].startswith(f"{PACKAGE}:")
    assert len(set(names)) == len(names)


def test_home_and_back_to_the_app(device: LabDevice, watcher: Watcher) -> None:
    wait_for_text(device, "同意")
    device.background()
    watcher.wait_for("paused")
    assert device.screen().package != PACKAGE
    device.foreground(PACKAGE)
    watcher.wait_for("resumed", 2)
    assert device.screen().package == PACKAGE


def test_the_screen_goes_off_and_on_again_with_what_it_shows(device: LabDevice, watcher: Watcher) -> None:
    device.wake()
    wait_for_text(device, "同意")
    device.sleep()
    watcher.wait_for("paused")
    device.sleep()
    device.background()
    device.foreground(PACKAGE)
    assert device._current().ask("info")["foreground"] is True
    told = [each.kind for each in watcher.told if each.kind in {"paused", "resumed"}]
    assert told == ["resumed", "paused"]
    device.wake()
    watcher.wait_for("resumed", 2)
    assert device.screen().package == PACKAGE


def test_the_app_runs_in_a_world_of_its_own(device: LabDevice, watcher: Watcher) -> None:
    wait_for_text(device, "同意")
    environment = Path(f"/proc/{watcher.held[0].pid}/environ").read_bytes().decode().split("\0")
    assert {entry.partition("=")[0] for entry in environment} <= {"PATH", "LANG", "HOME", "TMPDIR", "NLSPATH", ""}
    arguments = Path(f"/proc/{watcher.held[0].pid}/cmdline").read_bytes().decode().split("\0")
    assert "-Dhttps.proxyHost=127.0.0.1" in arguments
    assert any(each.startswith("-Djdk.net.hosts.file=") for each in arguments)


def test_clearing_the_data_leaves_nothing(device: LabDevice, watcher: Watcher, tmp_path: Path) -> None:
    wait_for_text(device, "同意")
    data = tmp_path / "lab" / "data" / PACKAGE
    assert data.exists()
    device.clear_data(PACKAGE)
    assert not data.exists()
    assert [process.pid for process in watcher.held if started_at(process.pid)] == []


def test_a_prepared_device_uses_the_proxy_and_its_certificate(device: LabDevice, tmp_path: Path) -> None:
    device.prepare(("127.0.0.1", 4321), ensure_authority(tmp_path / "ca"))
    watcher = Watcher()
    device.launch(PACKAGE, watcher.on_gated, watcher.on_event)
    arguments = Path(f"/proc/{watcher.held[0].pid}/cmdline").read_bytes().decode()
    assert "-Dhttp.proxyPort=4321" in arguments
    (store,) = re.findall(r"-Djavax\.net\.ssl\.trustStore=([^\0]+)", arguments)
    assert Path(store).is_file()


@pytest.mark.parametrize("held", [False, True], ids=["while the app runs", "while it is held"])
def test_a_killed_analyzer_leaves_no_process_behind(tmp_path: Path, *, held: bool) -> None:
    script = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from analyzer.capture.lab import LabDevice, LabSettings\n"
        "def on_gated(_device, process):\n"
        "    print(process.pid, flush=True)\n"
        f"    time.sleep(60 if {held} else 0)\n"
        "device = LabDevice(LabSettings(Path(sys.argv[1])))\n"
        f"device.launch({PACKAGE!r}, on_gated, lambda event: None)\n"
        "device.screen()\n"
        "print('up', flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as analyzer:
        assert analyzer.stdout is not None
        pid = int(analyzer.stdout.readline())
        while not held and analyzer.stdout.readline() not in {"up\n", ""}:
            pass
        assert started_at(pid)
        os.kill(analyzer.pid, signal.SIGKILL)
    LabDevice(LabSettings(tmp_path)).restore()
    until = time.monotonic() + PATIENCE
    while started_at(pid):
        assert time.monotonic() < until, "the JVM outlived the analyzer"
        time.sleep(0.05)


def test_a_new_device_ends_what_a_killed_analyzer_left(tmp_path: Path) -> None:
    owner = ["-Dlab.owner=4194305:99", f"-Dlab.state={tmp_path.resolve()}", "lab.runtime.Main"]
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", *owner]) as left:
        until = time.monotonic() + PATIENCE
        while b"lab.runtime.Main" not in Path(f"/proc/{left.pid}/cmdline").read_bytes():
            assert time.monotonic() < until
        LabDevice(LabSettings(tmp_path))
        assert left.wait(PATIENCE) == -signal.SIGKILL


def test_what_is_not_there_is_said_with_what_to_do(device: LabDevice, tmp_path: Path) -> None:
    as_protocol: Device = device
    with pytest.raises(EnvironmentProblem, match=rf"no app org\.unknown; it has: .*{PACKAGE}"):
        as_protocol.app_facts("org.unknown")
    with pytest.raises(EnvironmentProblem, match="start one first"):
        as_protocol.screen()
    with pytest.raises(EnvironmentProblem, match="one jar at a time"):
        as_protocol.install([])
    assert as_protocol.running("org.unknown") == []
    as_protocol.stop("org.unknown")
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentProblem, match="cannot write to"):
        LabDevice(LabSettings(tmp_path / "file")).launch(PACKAGE, lambda *_: None, lambda _: None)


def test_a_stranger_s_jar_is_installed_by_its_own_name(device: LabDevice, tmp_path: Path) -> None:
    jar = tmp_path / "mine.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr(
            "META-INF/lab-app.properties", "package=org.mine.app\nactivity=org.mine.Absent\nversionName=9\n"
        )
    assert device.install([jar]) == "org.mine.app"
    assert device.app_facts("org.mine.app").version_name == "9"
    watcher = Watcher()
    device.launch("org.mine.app", watcher.on_gated, watcher.on_event)
    watcher.wait_for("process_ended")
    (crash,) = [event.detail for event in watcher.told if event.kind == "crashed"]
    assert "org.mine.Absent" in crash


def test_the_device_describes_itself_and_its_clock(device: LabDevice) -> None:
    facts = device.facts()
    assert (facts.serial, facts.kind, facts.abi) == ("lab", "lab", "x86_64")
    assert device.clock_domain == "host"
    assert abs(device.monotonic_us() - time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000) < 1_000_000
