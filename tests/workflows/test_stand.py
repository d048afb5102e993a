from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.capture.android_device import NOBODY
from analyzer.capture.android_trust_check import TrustSeen
from analyzer.capture.beside import Beside
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.capture.lab import lab_files
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Event, Gap, Process, Thread, Value
from analyzer.model.vocabulary import Ending, GapKind, MarkKind, TrafficWay, ValueKind
from analyzer.packs.persona import shipped_persona
from analyzer.workflows.home import Home
from analyzer.workflows.stand import AndroidStand, LabStand, Wanted, choose, open_stand


@pytest.fixture
def at(monkeypatch):
    """Point adb at a double's server, as its user would."""

    def point(server):
        monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", server[0])
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(server[1]))

    return point


def chosen(said, serial="", files=()):
    return choose(Wanted("com.example", serial, files), said.append)


def test_the_only_device_that_is_ready_is_taken_and_named(android, at):
    double, said = android(root="magisk", model="Pixel 6"), []
    at(double.server)
    assert chosen(said).serial == double.serial
    assert said == [f"Running on {double.serial} (Pixel 6), the only device that is ready."]


def test_of_several_one_has_to_be_named(android, at):
    first, second = android(root="magisk"), android(root="magisk")
    at(first.server)
    with pytest.raises(EnvironmentProblem, match=r"Several devices are ready: .*; choose one with --device"):
        chosen([])
    assert chosen([], second.serial).serial == second.serial


def test_what_is_not_ready_is_told_why_and_the_lab_device_is_taken(android, at):
    double, said = android(), []
    at(double.server)
    assert chosen(said) is None
    assert said[0].startswith("Running on the embedded lab device (--device lab): ")
    assert f"{double.serial} has no root (root it with Magisk" in said[0]


def test_a_named_device_that_does_not_trust_us_or_is_not_there_is_one_sentence(android, at):
    double = android(state="unauthorized")
    at(double.server)
    with pytest.raises(EnvironmentProblem, match="allow USB debugging in its dialog"):
        chosen([], double.serial)
    with pytest.raises(EnvironmentProblem, match=r"adb shows no device emulator-5554 \(connected: "):
        chosen([], "emulator-5554")


def test_a_jar_and_the_word_lab_mean_the_lab_device(at):
    at(("127.0.0.1", 9))
    said = []
    assert chosen(said, files=(Path("its.jar"),)) is None
    assert "takes a jar" in said[0]
    assert chosen(said, "lab") is None


class ListSink:
    def __init__(self):
        self.records = []

    def append(self, record):
        self.records.append(record)


class Prepared:
    """A device that has been prepared as soon as it is led, and whose curl saw this."""

    def __init__(self, trust):
        self.trust = trust

    def lead(self, way):
        way.prepared()


@pytest.mark.parametrize("seen", [TrustSeen("trusted"), TrustSeen("untried", "the device has no curl")])
def test_what_a_connection_of_the_device_said_of_the_certificate_is_noted(seen, tmp_path):
    sink = ListSink()
    journal = Journal(sink)
    with AndroidStand(Prepared(seen), NOBODY).way(journal, Beside(tmp_path, journal), print):
        pass
    (mark,) = sink.records
    assert (mark.kind, mark.details["outcome"], mark.details.get("why", "")) == (MarkKind.TRUST_CHECKED, *seen)


@pytest.mark.parametrize(("way", "told"), [(TrafficWay.REDIRECT, True), (TrafficWay.PROXY, False)])
def test_what_android_fetches_for_the_app_is_a_gap_where_only_the_apps_own_connections_come_here(way, told, tmp_path):
    sink = ListSink()
    journal = Journal(sink)
    stand = AndroidStand(Prepared(TrustSeen("trusted")), NOBODY, traffic=way)
    request = Value(ValueKind.OBJECT, fields=(("url", Value(ValueKind.STRING, text="https://cdn.example/a")),))
    who = (Process(7, "com.example"), Thread(7, "main"))
    call = ("network.download", "android.app.DownloadManager.enqueue", (request,), Ending.RETURNED)
    with stand.way(journal, Beside(tmp_path, journal), print):
        stand.see(Event(1, "agent:7", Stamp(1, 1), *who, *call))
    gaps = [one.subject for one in sink.records if isinstance(one, Gap)]
    assert gaps == (["cdn.example"] if told else [])


def test_the_lab_device_says_that_it_keeps_no_packets_and_no_video(tmp_path):
    journal = Journal(sink := ListSink())
    with LabStand(tmp_path, NOBODY, None).way(journal, Beside(tmp_path, journal, packets=True, video=True), print):
        pass
    gaps = sink.records
    assert [(gap.kind, gap.subject) for gap in gaps] == [
        (GapKind.FILE_INCOMPLETE, "packets"),
        (GapKind.FILE_INCOMPLETE, "video"),
    ]
    assert "record on an Android device" in gaps[0].why


@pytest.mark.lab
def test_every_lab_device_of_a_stand_has_the_app_of_its_files(tmp_path):
    jar = tmp_path / "its.jar"
    jar.write_bytes((lab_files() / "apps" / "stubborn.jar").read_bytes())
    with open_stand(Home(tmp_path / "home"), Wanted("com.example.stubborn", "lab"), None) as stand:
        assert stand.persona == shipped_persona()
        assert stand.install([jar]) == "com.example.stubborn"
        assert stand.device()._app("com.example.stubborn").jar == jar
        assert stand.device()._app("com.example.stubborn").jar == jar
