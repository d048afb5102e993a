from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from proxy_rig import lab_rig

from analyzer.capture.android_redirect import CLASSES
from analyzer.capture.android_reverse import FIRST_PORTS, ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_traffic import PORTS, PROXY, REDIRECT, AndroidTraffic, traffic_undo
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.relay import Relay
from analyzer.model.evidence import Request
from analyzer.model.vocabulary import GapKind, Owner

APP = """
import json, socket, ssl, sys
trusted, *asked = sys.argv[1:]
def ask(name, port, address="203.0.113.5"):
    wire = socket.create_connection((address, port), timeout=60)
    if port in (443, 9443):
        wire = ssl.create_default_context(cafile=trusted).wrap_socket(wire, server_hostname=name)
    wire.sendall(f"GET /{port} HTTP/1.1\\r\\nHost: {name}:{port}\\r\\nConnection: close\\r\\n\\r\\n".encode())
    return wire.recv(12).decode()
said = []
for name, port in (("tls.example", 443), ("plain.example", 80), ("odd.example", 8081)):
    said.append(ask(name, port))
for kind, address in ((socket.SOCK_DGRAM, "203.0.113.5"), (socket.SOCK_STREAM, "2001:db8::5")):
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as one:
            one.settimeout(2)
            one.connect((address, 443))
            one.send(b"x")
        said.append("went")
    except OSError as error:
        said.append(type(error).__name__)
print(json.dumps(said), flush=True)
"""


class Trip:
    """What one recording's traffic needs, and what it told."""

    def __init__(self, double, root: str) -> None:
        self.notes: list[tuple[str, dict]] = []
        self.gaps: list[tuple] = []
        self.ports = ReversePorts(double.serial, double.server)
        self.shell = AndroidShell(double.serial, double.server)
        self.traffic = AndroidTraffic(self.shell, root, self.ports, self, lambda *gap: self.gaps.append(gap))
        self.open: set[int] = set()

    def note(self, kind: str, facts) -> int:
        self.notes.append((kind, json.loads(json.dumps(facts))))
        self.open.add(len(self.notes))
        return len(self.notes)

    def undone(self, number: int) -> None:
        self.open.remove(number)


def _run_app(double, package: str, program: str, *words: str) -> list[str]:
    """Run a program as the app, inside of the device; gives what it printed."""
    uid = int(double.read("packages", package, "uid"))
    answer = Path(double._folder.name) / f"{package}.out"
    with answer.open("wb") as out:
        command = [os.path.realpath(sys.executable), "-sB", "-c", program, *words]
        home = {"PYTHONHOME": sys.base_prefix}  # its first word is the app's name, by which Python would look for it
        double.start_process(package, command, uid=uid, environment=home, output=out.fileno())
    end = time.monotonic() + 60
    while not answer.read_bytes().endswith(b"\n") and time.monotonic() < end:
        time.sleep(0.05)
    return json.loads(answer.read_text())


def test_the_apps_traffic_reaches_the_recorder_as_the_apps_and_nothing_is_left_behind(android, tmp_path):
    trusted = tmp_path / "ca" / "mitmproxy-ca-cert.pem"
    double = android(root="magisk", visible=(str(tmp_path),))
    uid = double.add_package("com.example")
    before = double.snapshot()
    trip = Trip(double, "magisk")
    relay = Relay(lambda *gap: trip.gaps.append(gap), CLASSES)
    door, places = relay.start()
    try:
        with lab_rig(tmp_path, clients=Owner.UNKNOWN, door=door) as rig:
            for folder in (tmp_path, trusted.parent):
                folder.chmod(0o755)
            trusted.chmod(0o644)
            relay.lead(rig.proxy.address)
            trip.traffic.lead([uid], places)
            said = _run_app(double, "com.example", APP, str(trusted))
            trip.traffic.restore()
            requests = {rig.wait_for(Request, target=f"/{port}") for port in (443, 80, 8081)}
    finally:
        relay.stop()
    # The lab has no web server at an odd port: the request is recorded, its answer is the proxy's.
    assert said == ["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 502", "PermissionError", "ConnectionRefusedError"]
    assert {(one.host, one.port) for one in requests} == {
        ("tls.example", 443), ("plain.example", 80), ("odd.example", 8081),
    }  # fmt: skip
    assert {one.owner for one in requests} == {Owner.APP}
    assert [kind for kind, _ in trip.notes] == [PORTS, REDIRECT]
    assert sorted((kind, why.split()[0]) for kind, _, why, *_ in trip.gaps) == [(GapKind.TRAFFIC_OPAQUE, "1")] * 2
    assert all(since.mono_us < until.mono_us for *_, since, until in trip.gaps)
    assert not trip.open
    after = double.snapshot()
    assert {name for name in after if after[name] != before[name]} <= {"processes"}


@pytest.mark.parametrize("setting", ["127.0.0.1:28100", "old.example:3128"])
def test_a_proxy_setting_of_the_device_is_a_gap_for_the_whole_recording_and_stays(setting, android):
    double = android(root="magisk")
    double.change("settings", "global", "http_proxy", to=setting)
    trip = Trip(double, "magisk")
    trip.traffic.lead([10123], {443: 1, 0: 2})
    trip.traffic.restore()
    trip.traffic.restore()
    ((kind, _, why, since, until),) = trip.gaps
    assert kind is GapKind.TRAFFIC_BYPASSED
    assert since.mono_us < until.mono_us
    assert setting in why
    assert "settings put global http_proxy :0" in why
    assert double.read("settings", "global", "http_proxy") == setting


def test_what_does_not_heed_the_devices_proxy_setting_is_a_gap_and_the_setting_is_put_back(android):
    double = android(root="su")
    double.change("settings", "global", "http_proxy", to="old.example:3128")
    before = double.snapshot()
    trip = Trip(double, "su")
    trip.traffic.use_proxy(5678)
    assert double.read("settings", "global", "http_proxy") == f"127.0.0.1:{FIRST_PORTS[0]}"
    later = Trip(double, "su")
    for kind, facts in reversed(trip.notes):  # as after a crash
        traffic_undo(later.shell, later.ports)[kind](facts)
    assert double.snapshot() == before
    trip.traffic.restore()
    trip.traffic.restore()
    assert double.snapshot() == before
    assert [kind for kind, _ in trip.notes] == [PORTS, PROXY]
    assert not trip.open
    ((kind, _, why, since, until),) = trip.gaps
    assert kind is GapKind.TRAFFIC_BYPASSED
    assert since.mono_us < until.mono_us
    assert "only what heeds" in why


def test_what_was_noted_is_enough_to_take_everything_back_after_a_crash(android):
    double = android(root="su")
    before = double.snapshot()
    crashed = Trip(double, "su")
    crashed.traffic.lead([10123], {443: 1, 0: 2})
    assert double.snapshot() != before
    later = Trip(double, "su")
    for _ in range(2):
        for kind, facts in reversed(crashed.notes):
            traffic_undo(later.shell, later.ports)[kind](facts)
        assert double.snapshot() == before
    assert {kind for kind, _ in crashed.notes} == {PORTS, REDIRECT}
    crashed.traffic._ended.set()


def test_ports_that_another_program_has_are_left_to_it(android):
    double = android(root="magisk")
    trip = Trip(double, "magisk")
    with double.listen(FIRST_PORTS[0] + 1):
        trip.traffic.lead([10123], {443: 1, 0: 2})
        assert [facts["ports"] for kind, facts in trip.notes if kind == PORTS] == [
            [FIRST_PORTS[0], FIRST_PORTS[0] + 1],
            [FIRST_PORTS[1], FIRST_PORTS[1] + 1],
        ]
    trip.traffic.restore()
    with pytest.raises(EnvironmentProblem, match="they are all taken"):
        _take_all(double, trip)


def _take_all(double, trip: Trip) -> None:
    held = [double.listen(first) for first in FIRST_PORTS]
    try:
        trip.traffic.lead([10123], {443: 1, 0: 2})
    finally:
        for one in held:
            one.close()


def test_counters_that_cannot_be_read_any_more_are_a_gap_to_the_end(android):
    double = android(root="magisk")
    trip = Trip(double, "magisk")
    trip.traffic.lead([10123], {443: 1, 0: 2})
    double.unplug()
    with pytest.raises(EnvironmentProblem, match="does not answer"):
        trip.traffic.restore()
    ((kind, _, why, since, until),) = trip.gaps
    assert kind is GapKind.TRAFFIC_BYPASSED
    assert since.mono_us < until.mono_us
    assert "could no longer be counted" in why
