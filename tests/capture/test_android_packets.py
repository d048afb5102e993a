from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from android_double.fixtures import demand

from analyzer.capture.android_packets import FILE, PACKETS, Packets, remove_packets
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_traffic import AndroidTraffic
from analyzer.capture.beside import Beside
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import MarkKind

APP = """
import socket, sys
with socket.create_connection(("203.0.113.5", 443), timeout=60) as wire:
    wire.sendall(sys.argv[1].encode())
    print(wire.recv(20).decode(), flush=True)
"""
pytestmark = pytest.mark.xdist_group("packets")


class Notes:
    """What is noted of changes and of the recording."""

    def __init__(self) -> None:
        self.open: dict[int, tuple[str, dict]] = {}
        self.records: list = []
        self._last = 0

    def note(self, kind, facts) -> int:
        self._last += 1
        self.open[self._last] = (kind, json.loads(json.dumps(facts)))
        return self._last

    def undone(self, number: int) -> None:
        del self.open[number]

    def append(self, record: object) -> None:
        self.records.append(record)

    def gaps(self) -> list[str]:
        return [one.why for one in self.records if isinstance(one, Gap)]

    def marks(self) -> list[tuple]:
        return [(one.kind, one.details) for one in self.records if isinstance(one, Mark)]


class Rig:
    """A device with two apps whose connections lead to a server here, and a folder for the packets of the first."""

    def __init__(self, double, folder: Path, **words) -> None:
        self.double, self.folder, self.notes = double, folder, Notes()
        self.uids = [double.add_package(name) for name in ("com.example", "com.other")]
        self.shell = AndroidShell(double.serial, double.server)
        self.packets = Packets(self.shell, "su", self.notes, Beside(folder, Journal(self.notes)), **words)

    def run(self, package: str, word: str) -> str:
        answer = self.folder / f"{package}.out"
        with answer.open("wb") as out:
            command = [os.path.realpath(sys.executable), "-sB", "-c", APP, word]
            home = {"PYTHONHOME": sys.base_prefix}
            uid = self.double.read("packages", package, "uid")
            self.double.start_process(package, command, uid=uid, environment=home, output=out.fileno())
        end = time.monotonic() + 60
        while not answer.read_bytes().endswith(b"\n") and time.monotonic() < end:
            time.sleep(0.02)
        return answer.read_text()


@pytest.fixture(scope="module")
def double(shared_android):
    demand("" if shutil.which("tcpdump") else "the capture of packets is tested with tcpdump: apt-get install tcpdump")
    return shared_android(root="su")


@pytest.fixture
def server():
    """Answer on a port here whatever comes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    wire, _ = listener.accept()
                    with wire:
                        wire.sendall(b"to " + wire.recv(100))

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def read(file: Path) -> str:
    """Read the packets with tcpdump itself, each with what it carries."""
    done = subprocess.run(["tcpdump", "-n", "-A", "-r", file], capture_output=True, check=True)
    return done.stdout.decode("latin-1")


def settled(double) -> dict:
    """Give the device without its processes and what apps of the test leave."""
    return {part: seen for part, seen in double.snapshot().items() if part not in {"packages", "files", "extra"}}


def ends(double) -> list[str]:
    return [name for name in double.snapshot()["processes"] if "tcpdump" in name]


def test_the_apps_packets_are_kept_both_ways_with_where_they_were_meant_to_go_and_nobody_elses(
    double, server, tmp_path
):
    rig = Rig(double, tmp_path)
    before = settled(double)
    traffic = AndroidTraffic(rig.shell, "su", ReversePorts(double.serial, double.server), rig.notes, lambda *_: None)
    traffic.lead(rig.uids, {443: server, 0: server})  # both apps' connections come here
    rig.packets.start(rig.uids[:1])
    assert (PACKETS, {"root": "su"}) in rig.notes.open.values()
    assert rig.run("com.example", "hello-of-the-app") == "to hello-of-the-app\n"
    assert rig.run("com.other", "word-of-another") == "to word-of-another\n"
    rig.packets.stop()
    rig.packets.stop()
    traffic.restore()
    text = read(tmp_path / FILE)
    sent, answered = text.index("hello-of-the-app"), text.index("to hello-of-the-app")
    assert sent < answered
    assert "> 203.0.113.5.443: Flags [S]" in text
    assert "203.0.113.5.443 > " in text
    assert "word-of-another" not in text
    begun, ended = rig.notes.marks()
    assert begun == (MarkKind.FILE_BEGUN, {"what": "packets", "file": FILE})
    assert ended[1]["packets"] == str(text.count(" IP "))
    assert ended[1]["bytes"] == str((tmp_path / FILE).stat().st_size)
    assert rig.notes.gaps() == []
    assert rig.notes.open == {}
    after = settled(double)
    assert {part for part in after if after[part] != before[part]} <= {"processes", "mounts"}
    assert ends(double) == []


def test_at_the_bound_it_ends_with_a_gap_and_the_file_is_whole(double, server, tmp_path):
    rig = Rig(double, tmp_path, most=400)
    traffic = AndroidTraffic(rig.shell, "su", ReversePorts(double.serial, double.server), rig.notes, lambda *_: None)
    traffic.lead(rig.uids, {443: server, 0: server})
    rig.packets.start(rig.uids[:1])
    rig.run("com.example", "hello-of-the-app")
    rig.packets.stop()
    traffic.restore()
    assert (tmp_path / FILE).stat().st_size <= 400
    assert "hello-of-the-app" not in read(tmp_path / FILE)
    (why,) = rig.notes.gaps()
    assert "bound" in why


def test_what_was_noted_ends_it_after_a_crash_too(double, tmp_path):
    before = settled(double)
    rig = Rig(double, tmp_path)
    rig.packets.start(rig.uids[:1])
    assert len(ends(double)) == 1
    ((kind, facts),) = rig.notes.open.values()
    assert kind == PACKETS
    for _ in range(2):
        remove_packets(AndroidShell(double.serial, double.server), facts)
        assert settled(double) == before
    rig.packets.stop()
    assert ["tcpdump ended" in why or "no longer" in why for why in rig.notes.gaps()] == [True]


def test_a_device_without_tcpdump_is_a_gap_and_a_lost_one_too(android, tmp_path):
    rig = Rig(android(root="su", absent=("tcpdump",)), tmp_path)
    before = rig.double.snapshot()
    rig.packets.start(rig.uids[:1])
    rig.packets.stop()
    (why,) = rig.notes.gaps()
    assert "record without --pcap" in why
    assert rig.double.snapshot() == before
    assert not (tmp_path / FILE).exists()


def test_of_a_device_that_is_lost_what_came_until_then_is_kept(android, server, tmp_path):
    demand("" if shutil.which("tcpdump") else "the capture of packets is tested with tcpdump: apt-get install tcpdump")
    rig = Rig(android(root="su"), tmp_path)
    traffic = AndroidTraffic(rig.shell, "su", ReversePorts(rig.double.serial, rig.double.server), rig.notes, print)
    traffic.lead(rig.uids, {443: server, 0: server})
    rig.packets.start(rig.uids[:1])
    rig.run("com.example", "hello-of-the-app")
    end = time.monotonic() + 60
    while b"to hello-of-the-app" not in (tmp_path / FILE).read_bytes() and time.monotonic() < end:
        time.sleep(0.02)
    rig.double.unplug()
    with pytest.raises(EnvironmentProblem):
        rig.packets.stop()
    assert "to hello-of-the-app" in read(tmp_path / FILE)
    assert [kind for kind, _ in rig.notes.marks()] == [MarkKind.FILE_BEGUN, MarkKind.FILE_ENDED]
    assert rig.notes.gaps()
    assert PACKETS in {kind for kind, _ in rig.notes.open.values()}
    traffic._ended.set()
