from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator

import pytest
from proxy_rig import Rig, lab_rig

from analyzer.capture.relay import MOST_GAPS, Relay
from analyzer.capture.relay_hints import EARLY_S, LATE_S
from analyzer.model.evidence import Connection, Message, Request
from analyzer.model.vocabulary import FlowKind, GapKind, Owner

CLASSES = (443, 80)


class Clock:
    """Time passes only as a test says: a busy machine tears no socket from its connection."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Redirected:
    """A relay before a real proxy, as a redirected app reaches them: through one port per class."""

    def __init__(
        self, rig: Rig, relay: Relay, ports: dict[int, int], gaps: list[tuple[GapKind, str, str]], clock: Clock
    ) -> None:
        self.rig, self.relay, self.ports, self.gaps = rig, relay, ports, gaps
        self.clock = clock
        self.claims: list[str] = []

    def connect(self, original: int) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.ports[original]), timeout=60)

    def tls(self, original: int, name: str | None) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.rig.proxy.ca_certificate))
        context.check_hostname = name is not None
        return context.wrap_socket(self.connect(original), server_hostname=name)

    def gap(self, kind: GapKind, word: str) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for one, subject, why in list(self.gaps):
                if one is kind and word in why:
                    return subject
            time.sleep(0.02)
        raise AssertionError(f"no {kind} with {word!r} among {self.gaps}")


@pytest.fixture(scope="module")
def redirected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redirected]:
    gaps: list[tuple[GapKind, str, str]] = []
    clock = Clock()
    claims: list[str] = []
    relay = Relay(lambda *gap: gaps.append(gap), CLASSES, clock=clock, tell_claim=claims.append)
    door, ports = relay.start()
    try:
        with lab_rig(tmp_path_factory.mktemp("relay"), clients=Owner.UNKNOWN, door=door) as rig:
            relay.lead(rig.proxy.address)
            ready = Redirected(rig, relay, dict(ports), gaps, clock)
            ready.claims = claims
            yield ready
    finally:
        relay.stop()


@pytest.fixture
def app(redirected: Redirected) -> Redirected:
    """Long after whatever an earlier test did."""
    redirected.clock.now += 60
    return redirected


def _get(connection: socket.socket, host: str, path: str) -> bytes:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    return connection.recv(65536)


def test_a_redirected_tls_connection_reaches_the_server_that_it_names_and_is_the_apps(app: Redirected) -> None:
    with app.tls(443, "api.one.example") as connection:
        assert _get(connection, "api.one.example", "/tls").startswith(b"HTTP/1.1 200")
    request = app.rig.wait_for(Request, target="/tls")
    assert (request.scheme, request.host, request.port, request.owner) == ("https", "api.one.example", 443, Owner.APP)
    assert (request.peer.client_host, request.peer.client_port) == ("", 0), "the relay's own port must join nothing"
    assert len(request.peer.client_random) == 64


def test_a_redirected_plain_request_goes_where_its_host_says(app: Redirected) -> None:
    with app.connect(80) as connection:
        assert _get(connection, "plain.example", "/plain").startswith(b"HTTP/1.1 200")
    request = app.rig.wait_for(Request, target="/plain")
    assert (request.scheme, request.host, request.port, request.owner) == ("http", "plain.example", 80, Owner.APP)


def test_the_port_of_an_odd_plain_request_is_the_hosts(app: Redirected) -> None:
    app.relay.hints.note("192.0.2.76", 8080)
    with app.connect(0) as connection:
        assert _get(connection, "odd.example:8080", "/odd").startswith(b"HTTP/1.1 200")
    assert app.rig.wait_for(Request, target="/odd").port == 8080


def test_the_port_of_an_odd_tls_connection_is_what_the_agent_saw_and_else_assumed_aloud(app: Redirected) -> None:
    app.relay.hints.note("192.0.2.77", 8443)
    with app.tls(0, "hinted.example") as connection:
        _get(connection, "hinted.example", "/hinted")
    assert app.rig.wait_for(Request, target="/hinted").port == 8443
    app.relay.hints.note("192.0.2.78", 9443)
    app.relay.hints.note("192.0.2.79", 9444)
    with app.tls(0, "assumed.example") as connection:
        _get(connection, "assumed.example", "/assumed")
    assert app.rig.wait_for(Request, target="/assumed").port == 443
    assert app.gap(GapKind.PROXY_ERROR, "assumed.example is not known; taken as 443")


def test_bytes_for_nobody_known_are_kept_and_a_gap_says_that_nobody_answered(app: Redirected) -> None:
    with app.connect(443) as connection:
        connection.sendall(b"\x00\x01secret-of-nobody")
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    message = next(one for one in _messages(app.rig) if b"secret-of-nobody" in one.body.data)
    opening = app.rig.wait_for(Connection, flow=message.flow)
    assert (opening.kind, opening.host, opening.port, opening.owner) == (FlowKind.TCP, "", 443, Owner.APP)
    assert app.gap(GapKind.TRAFFIC_OPAQUE, "nothing tells its destination") == "redirected:443"


def _messages(rig: Rig) -> list[Message]:
    rig.wait_for(Message)
    time.sleep(0.3)
    return rig.of(Message)


def test_a_connection_that_names_nothing_goes_to_the_only_socket_that_the_agent_saw(app: Redirected) -> None:
    app.relay.hints.note("192.0.2.99", 80)
    with app.connect(80) as connection:
        connection.sendall(b"\x10\x00MQTT-like")
        connection.recv(100)
    opening = app.rig.wait_for(Connection, host="192.0.2.99")
    assert (opening.port, opening.owner) == (80, Owner.APP)
    for last in (100, 101):
        app.relay.hints.note(f"192.0.2.{last}", 80)
    with app.connect(80) as connection:
        connection.sendall(b"\x10\x00which of two")
        connection.shutdown(socket.SHUT_WR)
        connection.recv(100)
    assert app.gap(GapKind.TRAFFIC_OPAQUE, "2 destinations are possible") == "redirected:80"


def test_a_socket_of_a_while_ago_is_no_destination_of_a_new_connection(app: Redirected) -> None:
    app.relay.hints.note("198.51.100.1", 9000)
    app.clock.now += LATE_S + EARLY_S
    with app.connect(0) as connection:
        app.relay.hints.note("203.0.113.9", 9001)
        connection.sendall(b"\x10\x00secret of B")
        connection.recv(100)
    assert app.rig.wait_for(Connection, host="203.0.113.9").port == 9001
    assert not [one for one in app.rig.of(Connection) if one.host == "198.51.100.1"]


def test_only_the_relays_token_makes_a_connection_the_apps(app: Redirected) -> None:
    for number, header in enumerate(("", "X-Analyzer-Relay: 0123456789abcdef\r\n")):
        with app.rig.raw() as connection:
            connection.sendall(f"CONNECT other.example:80 HTTP/1.1\r\n{header}\r\n".encode())
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
            _get(connection, "other.example", f"/forged/{number}")
        assert app.rig.wait_for(Request, target=f"/forged/{number}").owner is Owner.UNKNOWN


def test_where_other_apps_have_the_apps_user_a_redirected_connection_is_nobodys_for_sure(app: Redirected) -> None:
    app.relay.doubt_owner()
    try:
        with app.connect(80) as connection:
            assert _get(connection, "shared.example", "/shared").startswith(b"HTTP/1.1 200")
    finally:
        app.relay._word = app.relay._token
    assert app.rig.wait_for(Request, target="/shared").owner is Owner.UNKNOWN


def test_a_connection_that_hangs_up_without_a_word_leaves_no_trace(app: Redirected) -> None:
    before = len(app.gaps)
    app.connect(443).close()
    time.sleep(0.2)
    assert len(app.gaps) == before


def test_a_long_answer_passes_whole_in_both_directions(app: Redirected) -> None:
    body = bytes(range(256)) * 4096
    with app.tls(443, "long.example") as connection:
        client = http.client.HTTPConnection("long.example")
        client.sock = connection
        client.request("POST", "/long", body)
        assert client.getresponse().status == 200
    assert app.rig.wait_for(Request, target="/long").body.size == len(body)


def test_a_relay_without_a_proxy_turns_away_and_says_so() -> None:
    gaps: list[tuple[GapKind, str, str]] = []
    relay = Relay(lambda *gap: gaps.append(gap), ())
    _, ports = relay.start()
    try:
        with socket.create_connection(("127.0.0.1", ports[0]), timeout=60) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a.example:80\r\n\r\n")
            assert connection.recv(10) == b""
    finally:
        relay.stop()
        relay.stop()
    assert [(kind, "the proxy is not there yet" in why) for kind, _, why in gaps] == [(GapKind.PROXY_ERROR, True)]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]), timeout=1)


def test_an_app_cannot_flood_the_evidence_with_gaps() -> None:
    gaps: list[str] = []
    relay = Relay(lambda _kind, _subject, why: gaps.append(why), ())
    for _ in range(MOST_GAPS * 3):
        relay._gap(GapKind.PROXY_ERROR, 0, "x")
    assert len(gaps) == MOST_GAPS
    assert "further ones are not listed" in gaps[-1]


def test_more_connections_than_one_machine_bears_are_turned_away_aloud() -> None:
    gaps: list[GapKind] = []
    relay = Relay(lambda kind, _subject, _why: gaps.append(kind), (), most=2)
    _, ports = relay.start()
    try:
        held = [socket.create_connection(("127.0.0.1", ports[0]), timeout=60) for _ in range(3)]
        assert held[2].recv(10) == b""
        for one in held:
            one.close()
    finally:
        relay.stop()
    assert gaps == [GapKind.FLOWS_DROPPED]


def test_a_host_that_only_a_header_names_is_told_once(redirected: Redirected) -> None:
    before = len(redirected.claims)
    for _ in range(2):
        with redirected.connect(80) as wire:
            wire.sendall(b"GET / HTTP/1.1\r\nHost: claimed.example\r\nConnection: close\r\n\r\n")
            assert wire.recv(12)
    with redirected.tls(443, "proven.example") as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: proven.example\r\nConnection: close\r\n\r\n")
        assert wire.recv(12)
    assert redirected.claims[before:] == ["claimed.example"]
