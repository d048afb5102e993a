from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from pathlib import Path

import pytest
from android_double.fixtures import demand
from proxy_rig import Rig
from wireguard_device import TunnelClient, lacking

from analyzer.capture.android_run import users_of
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_tunnel import SUBJECT, AndroidTunnel, Users
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_internet import LabInternet
from analyzer.capture.lab_routes import LabRoutes
from analyzer.capture.proxy_messages import SocketSeen
from analyzer.capture.relay_door import Door
from analyzer.capture.wireguard import Listen, open_wireguard
from analyzer.model.evidence import Connection, Gap, Request
from analyzer.model.vocabulary import FlowKind, GapKind, Owner

PORT = 18_820
APP = """
import json, socket, ssl, sys
trusted, name = sys.argv[1:]
def ask(port, tls):
    wire = socket.create_connection(("203.0.113.5", port), timeout=60)
    if tls:
        wire = ssl.create_default_context(cafile=trusted).wrap_socket(wire, server_hostname=name)
    wire.sendall(f"GET /{port} HTTP/1.1\\r\\nHost: {name}\\r\\nConnection: close\\r\\n\\r\\n".encode())
    return wire.recv(12).decode()
said = [ask(443, True), ask(80, False)]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
    one.sendto(b"x", ("203.0.113.9", 443))
    question = bytes.fromhex("00070100000100000000000007") + b"example" + bytes.fromhex("0000010001")
    one.sendto(question, ("10.0.0.53", 53))
    one.settimeout(60)
    said.append(one.recv(99)[:2].hex())
print(json.dumps(said), flush=True)
"""


class Bench:
    """A device whose proxy of ours listens for its tunnel, and what all of them told."""

    def __init__(self, double, folder: Path, client: TunnelClient, keys: Path) -> None:
        self.double, self.client = double, client
        self.said: list[str] = []
        self.gaps: list[tuple] = []
        self.messages: list[object] = []
        self.app, self.other = double.add_package("com.app"), double.add_package("com.other")
        self.internet = LabInternet(folder / "internet")
        places = self.internet.start()
        self.routes = LabRoutes(places.http, places.https, places.tcp)
        self.listener = open_wireguard(keys, Listen(client.here, PORT), self.said.append, lambda: False)
        self.wireguard = self.listener.__enter__()
        door = Door("word", ("127.0.0.1", 9), self.wireguard.mode)
        self.rig = Rig(folder, self.routes, hear=self.hear, clients=Owner.UNKNOWN, door=door)
        self.rig.proxy.ca_certificate.parent.chmod(0o755)  # the app is another user
        shell, users = AndroidShell(double.serial, double.server), Users(users_of(self.app), True, frozenset({10_001}))
        told = (self.rig.proxy.own, lambda *gap: self.gaps.append(gap))
        self.tunnel = AndroidTunnel(shell, "magisk", self.wireguard, users, *told, every_s=0.1)

    def hear(self, message: object) -> None:
        self.messages.append(message)
        if isinstance(message, SocketSeen):
            self.wireguard.seen.put(message)

    def run_app(self, uid: int, package: str, name: str) -> list[str]:
        answer = Path(self.double._folder.name) / f"{package}.out"
        with answer.open("wb") as out:
            words = [str(self.rig.proxy.ca_certificate), name]
            command = [os.path.realpath(sys.executable), "-sB", "-c", APP, *words]
            home = {"PYTHONHOME": sys.base_prefix}  # its first word is the app's name: Python would look for it there
            self.double.start_process(package, command, uid=uid, environment=home, output=out.fileno())
        until(lambda: answer.read_bytes().endswith(b"\n"))
        return json.loads(answer.read_text())

    def close(self) -> None:
        self.tunnel.restore()
        self.rig.proxy.stop()
        self.client.close()
        self.internet.stop()
        self.listener.__exit__(None, None, None)


def until(there) -> None:
    end = time.monotonic() + 60
    while not there():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def bench(android, tmp_path):
    demand(lacking())
    tmp_path.chmod(0o755)
    (tmp_path / "keys").mkdir()
    double = android(root="magisk", visible=(str(tmp_path),))
    bench = Bench(double, tmp_path, TunnelClient(double._init_pid()), tmp_path / "keys")
    yield bench
    bench.close()


@pytest.mark.xdist_group("android")
def test_what_comes_through_the_tunnel_has_an_owner_and_what_does_not_is_a_gap(bench):
    starting = threading.Thread(target=bench.tunnel.start)
    starting.start()
    until(lambda: bench.said)
    assert re.match(r"Waiting for the device .*not led into the tunnel \(.* dev wlan0 src 10\.0\.2\.15", bench.said[0])
    bench.client.load(bench.wireguard.configuration)
    starting.join(120)
    assert bench.said[-1] == "The device came in through the tunnel."
    assert bench.run_app(bench.app, "com.app", "mine.example") == ["HTTP/1.1 200", "HTTP/1.1 502", "0007"]
    assert bench.run_app(bench.other, "com.other", "theirs.example")[0] == "HTTP/1.1 200"
    bench.client.off()
    until(lambda: {"way", "ipv6"} <= bench.tunnel._troubles.keys())  # a look that was under way may say less
    bench.client.load(bench.wireguard.configuration)
    until(lambda: not bench.tunnel._troubles)
    bench.client.unplug()
    until(lambda: "probe" in bench.tunnel._troubles)
    bench.tunnel.restore()
    bench.rig.proxy.stop()
    assert {(one.host, one.port, one.owner) for one in bench.rig.of(Request)} == {
        ("mine.example", 443, Owner.APP),
        ("203.0.113.5", 80, Owner.APP),  # a name that only its header tells, for no name server gave that address
        ("203.0.113.5", 80, Owner.OTHER),
        ("theirs.example", 443, Owner.OTHER),
    }
    assert {(one.host, one.owner) for one in bench.rig.of(Connection) if one.kind is FlowKind.DNS} == {
        ("10.0.0.53", Owner.APP),
        ("10.0.0.53", Owner.OTHER),
    }
    refused = [one for one in bench.messages if isinstance(one, Gap)]
    assert {(one.kind, one.subject) for one in refused} == {
        (GapKind.TRAFFIC_OPAQUE, "203.0.113.5"),
        (GapKind.TRAFFIC_OPAQUE, "203.0.113.9:443"),
    }
    assert {one.why.partition(" in its Host")[0] for one in refused} >= {"a request names mine.example"}
    assert {gap[:2] for gap in bench.gaps} == {(GapKind.TRAFFIC_BYPASSED, SUBJECT)}
    assert all(since.mono_us < until.mono_us for _, _, _, since, until in bench.gaps)
    assert {why.partition(" (")[0] for _, _, why, _, _ in bench.gaps} == {
        "a connection that the device made did not come through the tunnel",
        "the app had a way for IPv6 past the tunnel",
        "the app's connections were not led into the tunnel",
    }


@pytest.mark.xdist_group("android")
def test_a_device_that_does_not_come_in_is_one_sentence_that_says_what_to_do(android, tmp_path):
    double = android(root="magisk")
    shell, said = AndroidShell(double.serial, double.server), []
    with open_wireguard(tmp_path, Listen("127.0.0.1", PORT), said.append, lambda: True) as wireguard:
        tunnel = AndroidTunnel(shell, "magisk", wireguard, Users((10_100,)), print, print)
        with pytest.raises(EnvironmentProblem, match=r"load .*analyzer\.conf in its WireGuard app, switch it on"):
            tunnel.start()
        tunnel.restore()


@pytest.mark.parametrize(
    ("users", "found", "owner"),
    [
        (Users((10_100, 20_100)), {10_100}, Owner.APP),
        (Users((10_100, 20_100)), {20_100}, Owner.APP),
        (Users((10_100,), sure=False), {10_100}, Owner.UNKNOWN),
        (Users((10_100,), True, frozenset({10_001})), {10_222}, Owner.OTHER),
        (Users((10_100,), True, frozenset({10_001})), {10_001}, Owner.UNKNOWN),
        (Users((10_100,), True, frozenset({10_001})), {1_010_100}, Owner.OTHER),
        (Users((10_100,), True, frozenset({10_001})), {1051}, Owner.UNKNOWN),
        (Users((10_100,), True, frozenset({10_001})), {99_001}, Owner.UNKNOWN),
        (Users((10_100,)), {10_222}, Owner.UNKNOWN),
        (Users((10_100,)), {10_100, 10_222}, Owner.UNKNOWN),
        (Users((10_100,)), set(), Owner.UNKNOWN),
    ],
)
def test_only_a_socket_of_one_user_proves_an_owner(users, found, owner):
    assert users.owner(found) is owner
