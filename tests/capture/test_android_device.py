from __future__ import annotations

import gc
import hashlib
from dataclasses import replace

import pytest
from android_double.frida_double import app_command, environment, server_script
from apk_tools import make_apk, need_tools

from analyzer.capture import android_device
from analyzer.capture.android import ListedDevice
from analyzer.capture.android_device import AndroidDevice, AndroidSettings, Way
from analyzer.capture.android_redirect import CLASSES
from analyzer.capture.android_screen import SCREEN
from analyzer.capture.android_trust_check import TrustSeen
from analyzer.capture.android_undo import FRIDA_SERVER
from analyzer.capture.certificate import ensure_authority
from analyzer.capture.changes import ChangeJournal, noted_serials
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_java import find_java
from analyzer.capture.relay import Relay
from analyzer.capture.walk import CanGoBack
from analyzer.model.vocabulary import GapKind
from analyzer.packs.persona import Persona

pytestmark = pytest.mark.lab
APP, HOME = "com.example", "/data/data/com.example"


class Bench:
    """A device with an app whose process is a JVM that prints its version; and everything that a recording gives it."""

    def __init__(self, double, folder):
        self.double, self.workspace = double, folder / "workspace"
        server = folder / "server"
        server.write_text(server_script())
        self.uid = double.add_package(APP)
        double.bind(APP, self._start)
        self.settings = AndroidSettings(APP, self.workspace, server)
        self.device = self.another()
        self.gaps, self.readers = [], []
        self.relay = Relay(lambda *_: None, CLASSES)
        _, self.ports = self.relay.start()

    def another(self):
        listed = ListedDevice(self.double.serial, "phone", "Double", "device")
        return AndroidDevice(listed, self.double.server, self.settings)

    def prepare(self, device=None):
        device = device or self.device
        reader = {"tell_reader": lambda *words: self.readers.append(words)}
        device.lead(Way(self.relay, self.ports, lambda *gap: self.gaps.append(gap), **reader))
        device.prepare(("127.0.0.1", 9), ensure_authority(self.workspace / "mitmproxy"))

    def _start(self, *_):
        command = app_command([str(find_java().java), "-version"], {"HOME": HOME}, HOME, APP)
        words = {"uid": self.uid, "environment": environment(HOME), "folder": HOME}
        return bool(self.double.start_process(APP, command, **words))


def state(double):
    """The device without what is in front, the app's own data, and the double's own clients, which take their time."""
    snapshot = double.snapshot()
    del snapshot["extra"]
    snapshot["files"] = {name: look for name, look in snapshot["files"].items() if not name.startswith(HOME)}
    snapshot["processes"] = [name for name in snapshot["processes"] if "python" not in name]
    snapshot["mounts"] = {name: seen for name, seen in snapshot["mounts"].items() if "python" not in name}
    return snapshot


@pytest.fixture
def bench(android, tmp_path):
    made = []

    def make(**kind):
        made.append(Bench(android(**kind), tmp_path))
        return made[0]

    yield make
    for one in made:
        one.relay.stop()
    gc.collect()


def test_a_walk_through_an_app_finds_the_way_back():
    assert issubclass(AndroidDevice, CanGoBack)


@pytest.mark.parametrize("root", ["magisk", "adbd"])
def test_the_device_is_as_before_after_a_recording_and_every_change_was_noted(root, bench, tmp_path):
    bench = bench(root=root)
    program = tmp_path / "u2.jar"
    program.write_bytes(b"a program")
    bench.settings = replace(bench.settings, ui_program=program)
    bench.device = bench.another()
    before = state(bench.double)
    bench.prepare()
    assert bench.readers == [("uiautomator2", "")]
    assert noted_serials(bench.workspace) == [bench.double.serial]
    during = state(bench.double)
    assert during["iptables"] != before["iptables"]
    assert during["mounts"] != before["mounts"]
    held, events = [], []
    bench.device.launch(APP, lambda _frida, process: held.append(process.name), events.append)
    assert held == [APP]
    bench.device.stop(APP)
    bench.device.set_ahead(90_000)
    assert abs(state(bench.double)["clock"] - 90_000) < 30
    bench.device._shell.run("touch", "/data/local/tmp/.view.xml")  # a look that was broken off
    bench.device.restore()
    assert state(bench.double) == before
    assert noted_serials(bench.workspace) == []
    assert bench.device.not_restored == ""
    assert bench.device.trust == TrustSeen("trusted")


def test_the_persona_is_on_the_device_during_a_recording_and_gone_afterwards(bench):
    bench = bench(root="magisk", api=29)
    values = {"comm.contacts": ({"name": "周慕白", "phone": "+8613800138471"},), "loc.precise": ({"lat": 1, "lon": 2},)}
    bench.settings = replace(bench.settings, persona=Persona("mine", values))
    before, device = state(bench.double), bench.another()
    bench.prepare(device)
    assert [row["data1"] for row in bench.double.read("extra", "content", "data")] == ["周慕白", "+8613800138471"]
    assert device.not_planted == ("loc.precise could not be planted on this device",)
    assert device.own_values()["id.android_id"] == ("9774d56d682e549c",)
    device.restore()
    assert "content" not in bench.double.snapshot()["extra"]
    assert state(bench.double) == before


def test_what_a_killed_process_left_is_taken_back_by_the_next_recording(bench):
    bench = bench(root="magisk")
    before = state(bench.double)
    place = "/data/local/tmp/an-0123abcd"
    with ChangeJournal(bench.workspace, bench.double.serial) as journal:
        journal.note(FRIDA_SERVER, {"root": "magisk", "place": place})
    bench.device._shell.push(bench.settings.server, place)
    bench.prepare()
    assert bench.device._shell.run("ls", place).code
    bench.device.restore()
    assert state(bench.double) == before


def test_a_screen_that_was_switched_off_is_noted_and_on_again_after_a_crash_and_after_a_recording(bench):
    bench = bench(root="magisk")
    with pytest.raises(EnvironmentProblem, match="prepare the device first"):
        bench.device.sleep()
    bench.prepare()
    bench.device.sleep()
    assert bench.double.read("extra", "screen") == "off"
    (noted,) = [change for change in bench.device._changes.changes() if change.kind == SCREEN]
    bench.device.restore()
    assert bench.double.read("extra", "screen") == "on"
    bench.double.change("extra", "screen", to="off")
    with ChangeJournal(bench.workspace, bench.double.serial) as journal:  # as a killed process leaves it
        journal.note(noted.kind, noted.facts)
    bench.prepare()
    assert bench.double.read("extra", "screen") == "on"
    bench.device.restore()


def test_where_other_apps_have_the_apps_user_a_gap_says_what_that_hides(bench):
    bench = bench(root="magisk")
    bench.double.change("packages", APP, "shared_user", to="com.example.together")
    bench.prepare()
    held = []
    bench.device.launch(APP, lambda _frida, process: held.append(process.name), lambda _: None)
    bench.device.restore()
    assert held == [APP]
    kinds = [(kind, "other apps may run as the app's user" in why) for kind, _, why, *_ in bench.gaps]
    assert (GapKind.TRAFFIC_OPAQUE, True) in kinds


def test_a_device_that_does_not_trust_the_certificate_is_a_gap_for_the_whole_recording(bench, monkeypatch):
    bench = bench(root="magisk")
    monkeypatch.setattr(android_device, "check_trust", lambda *_: TrustSeen("refused", "curl: (60) unknown"))
    bench.prepare()
    bench.device.restore()
    ((kind, subject, why, since, until),) = bench.gaps
    assert (kind, subject) == (GapKind.TRAFFIC_OPAQUE, "the proxy's certificate")
    assert why.endswith("curl: (60) unknown")
    assert since.mono_us < until.mono_us


def test_a_device_that_was_unplugged_is_not_restored_and_its_notes_stay(bench):
    bench = bench(root="magisk")
    bench.prepare()
    bench.double.unplug()
    with pytest.raises(EnvironmentProblem):
        bench.device.restore()
    assert "run `analyzer device restore" in bench.device.not_restored or "Check the cable" in bench.device.not_restored
    assert noted_serials(bench.workspace) == [bench.double.serial]


def test_without_root_and_without_preparation_one_sentence_says_what_to_do(bench):
    bench = bench()
    with pytest.raises(EnvironmentProblem, match="root it with Magisk"):
        bench.prepare()
    assert noted_serials(bench.workspace) == []
    with pytest.raises(EnvironmentProblem, match="prepare the device first"):
        bench.device.launch(APP, lambda *_: None, lambda *_: None)


def test_facts_clock_and_files_of_an_app(bench, tmp_path):
    need_tools()
    bench = bench(root="magisk", api=29)
    facts = bench.device.facts()
    assert (facts.kind, facts.api_level, facts.abi) == ("phone", 29, "x86_64")
    first = bench.device.monotonic_us()
    assert 0 <= bench.device.monotonic_us() - first < 20_000_000
    assert bench.device.clock_domain == f"device:{bench.double.serial}"
    apk = make_apk(tmp_path / "app.apk")
    digest = hashlib.sha256(apk.read_bytes()).hexdigest()
    bench.double.change("extra", "apks", to={digest: {"package": "com.example.shop"}})
    assert bench.device.install([apk]) == "com.example.shop"
    assert "com.example.shop" not in bench.double.read("packages"), "it is not the app that is to run"
    bench.settings = replace(bench.settings, package="com.example.shop")
    assert bench.another().install([apk]) == "com.example.shop"
    assert bench.double.read("packages", "com.example.shop", "path") == "/data/app/com.example.shop-1/base.apk"


def test_a_server_for_the_screen_that_does_not_start_is_told_and_the_recording_goes_on(bench, tmp_path):
    bench = bench(root="magisk", absent=("app_process",))
    bench.settings = replace(bench.settings, ui_program=tmp_path / "u2.jar")
    bench.settings.ui_program.write_bytes(b"a program")
    bench.device = bench.another()
    bench.prepare()
    try:
        ((by, why),) = bench.readers
    finally:
        bench.device.restore()
    assert by == "uiautomator dump"
    assert "uiautomator2's server" in why
    assert "not found" in why
