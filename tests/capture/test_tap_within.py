"""A TLS connection within another one, as through an HTTPS proxy: what the tap tells of it, and what it misses."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from contextlib import suppress

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded
from proxy_rig import Rig
from tap_rig import Tapped

from analyzer.capture.agent_build import build_agent
from analyzer.capture.lab_internet import LabInternet
from analyzer.capture.lab_routes import LabRoutes
from analyzer.capture.tap_within import UNREAD, Within, hello_random
from analyzer.model.evidence import Connection, Message, Request, Response
from analyzer.model.vocabulary import GapKind

IMEI = b"490154203237518"
HELLO_START = bytes.fromhex("1603010200010001fc0303") + b"\x07" * 32
PROGRAM = '''
import socket, ssl, subprocess, sys
import h2.config, h2.connection, h2.events

def context(*protocols):
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    if protocols:
        made.set_alpn_protocols(protocols)
    return made

def outer(host, *protocols):
    wire = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    wire.sendall(f"CONNECT {host}:443 HTTP/1.1\\r\\nHost: {host}:443\\r\\n\\r\\n".encode())
    assert wire.recv(4096).startswith(b"HTTP/1.1 200")
    return context(*protocols).wrap_socket(wire, server_hostname=host)

def inner(name, send, receive):
    """Speak TLS through whatever carries its bytes."""
    came, gone = ssl.MemoryBIO(), ssl.MemoryBIO()
    one = context().wrap_bio(came, gone, server_hostname=name)
    def until(work):
        while True:
            try:
                done = work()
                send(gone.read())
                return done
            except ssl.SSLWantReadError:
                send(gone.read())
                came.write(receive())
    until(one.do_handshake)
    body = b'{"imei":"490154203237518"}'
    head = f"POST /within HTTP/1.1\\r\\nHost: {name}\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n"
    until(lambda: one.write(head.encode() + body))
    assert until(lambda: one.read(4096)).startswith(b"HTTP/1.1 200")

def through_proxy():
    carrier = outer("left.example")
    carrier.sendall(b"CONNECT inner.example:443 HTTP/1.1\\r\\nHost: inner.example:443\\r\\n\\r\\n")
    assert carrier.recv(4096).startswith(b"HTTP/1.1 200")
    inner("inner.example", lambda data: data and carrier.sendall(data), lambda: carrier.recv(4096))
    carrier.close()

class Carrier:
    """A tunnel that is a stream of HTTP/2."""

    def __init__(self, target):
        self.wire, self.came, self.open = outer("left.example", "h2"), b"", False
        self.http = h2.connection.H2Connection(h2.config.H2Configuration(validate_outbound_headers=False))
        assert self.wire.selected_alpn_protocol() == "h2"
        self.http.initiate_connection()
        self.http.send_headers(1, [(":method", "CONNECT"), (":authority", target + ":443")])
        while not self.open:
            self.pump()

    def pump(self):
        self.wire.sendall(self.http.data_to_send())
        for event in self.http.receive_data(self.wire.recv(65536)):
            self.open |= isinstance(event, h2.events.ResponseReceived)
            self.open &= not isinstance(event, h2.events.StreamEnded)
            if isinstance(event, h2.events.DataReceived):
                self.came += event.data
                self.http.acknowledge_received_data(event.flow_controlled_length, 1)

    def sendall(self, data):
        if data:
            self.http.send_data(1, data)
            self.wire.sendall(self.http.data_to_send())

    def recv(self, _size):
        while not self.came:
            self.pump()
        came, self.came = self.came, b""
        return came

    def close(self):
        self.http.end_stream(1)
        while self.open:
            self.pump()
        self.wire.close()

def through_stream():
    carrier = Carrier("stream.example")
    inner("stream.example", carrier.sendall, lambda: carrier.recv(4096))
    carrier.close()

def unseen(name, carrier):
    """The inner connection is another process's, where no tap is."""
    here, there = socket.socketpair()
    line = [sys.executable, "-I", "-c", sys.argv[2], "child", str(there.fileno()), name]
    child = subprocess.Popen(line, pass_fds=[there.fileno()])
    there.close()
    while data := here.recv(65536):
        carrier.sendall(data)
        answer = carrier.recv(65536)
        here.sendall(answer)
    assert child.wait() == 0
    carrier.close()

if sys.argv[1:2] == ["child"]:
    wire = socket.socket(fileno=int(sys.argv[2]))
    inner(sys.argv[3], lambda data: data and wire.sendall(data), lambda: wire.recv(65536))
else:
    through_proxy()
    carrier = outer("left.example")
    carrier.sendall(b"CONNECT unseen.example:443 HTTP/1.1\\r\\nHost: unseen.example:443\\r\\n\\r\\n")
    assert carrier.recv(4096).startswith(b"HTTP/1.1 200")
    unseen("unseen.example", carrier)
    through_stream()
    unseen("hidden.example", Carrier("hidden.example"))
    print("done", flush=True)
'''


def serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Be an HTTPS proxy whose every destination is itself."""
    with suppress(OSError):
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0], context), daemon=True).start()


def answer(wire: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), context.wrap_socket(wire, server_side=True) as carrier:
        if carrier.selected_alpn_protocol() == "h2":
            carry_streams(carrier, context)
            return
        assert carrier.recv(4096).startswith(b"CONNECT ")
        carrier.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        within = Inner(context)
        while data := carrier.recv(65536):
            carrier.sendall(within.said(data))


def carry_streams(carrier: ssl.SSLSocket, context: ssl.SSLContext) -> None:
    """Be the proxy of HTTP/2 for the one stream that is opened."""
    http, within = H2Connection(H2Configuration(client_side=False, validate_inbound_headers=False)), Inner(context)
    http.initiate_connection()
    carrier.sendall(http.data_to_send())
    while data := carrier.recv(65536):
        for event in http.receive_data(data):
            if isinstance(event, RequestReceived):
                assert dict(event.headers)[b":method"] == b"CONNECT"
                http.send_headers(event.stream_id, [(":status", "200")])
            if isinstance(event, StreamEnded):
                http.end_stream(event.stream_id)
            if isinstance(event, DataReceived):
                http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if told := within.said(event.data):
                    http.send_data(event.stream_id, told)
        carrier.sendall(http.data_to_send())


class Inner:
    """The server of a connection within another one."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._came, self._gone = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._within = context.wrap_bio(self._came, self._gone, server_side=True)
        self._shaken = False

    def said(self, data: bytes) -> bytes:
        """Take what the client says, and give what it is answered."""
        self._came.write(data)
        with suppress(ssl.SSLWantReadError):
            if not self._shaken:
                self._within.do_handshake()
                self._shaken = True
            if self._within.read(65536):
                self._within.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        return self._gone.read()


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Tapped:
    folder = tmp_path_factory.mktemp("within")
    internet = LabInternet(folder / "internet")
    internet.start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["h2", "http/1.1"])
    context.load_cert_chain(*(folder / "internet" / name for name in ("server.pem", "server.key")))
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=serve, args=(listener, context), daemon=True).start()
            place = listener.getsockname()
            rig = Rig(folder, LabRoutes(place, place, place), untouched=("left.example",))
            try:
                words = [sys.executable, "-I", "-c", PROGRAM, str(rig.port), PROGRAM]
                return Tapped(rig, build_agent(folder / "agent").source, words)
            finally:
                rig.proxy.stop()
    finally:
        internet.stop()


@pytest.mark.parametrize("name", ["inner.example", "stream.example"], ids=["HTTP/1", "HTTP/2"])
def test_what_runs_within_a_tapped_connection_is_told_once_and_joined_with_nothing_twice(name, ran):
    assert ran.lines == ["done"]
    tunnels = {one.peer.client_random for one in ran.flows if isinstance(one, Connection)}
    asked = [one for one in ran.flows if isinstance(one, Request)]
    (outer,) = [one for one in asked if one.target == f"{name}:443"]
    (within,) = [one for one in asked if one.host == name]
    assert (outer.method, outer.host) == ("CONNECT", "left.example")
    assert (within.method, within.tapped) == ("POST", True)
    assert outer.peer.client_random in tunnels
    assert within.peer.client_random not in ("", *tunnels)
    assert within.body.data == b'{"imei":"%s"}' % IMEI
    pieces = [one for one in ran.flows if isinstance(one, Message) and one.flow == outer.flow]
    assert hello_random((pieces[0] if pieces else outer).body.data) == within.peer.client_random


def test_each_value_is_told_once_and_is_encrypted_in_the_connection_around_it(ran):
    carried = [one.body.data for one in ran.flows if isinstance(one, Request | Response | Message)]
    assert [IMEI in data for data in carried].count(True) == 2


def test_one_that_no_tap_reads_is_the_only_gap_although_the_connection_around_it_was_read(ran):
    assert ran.gaps == []
    asked = [one.target for one in ran.flows if isinstance(one, Request) and one.method == "CONNECT"]
    names = ("inner", "unseen", "stream", "hidden")
    assert sorted(asked) == sorted(f"{name}.example:443" for name in names)
    assert [(gap.kind, gap.subject, UNREAD in gap.why) for gap in ran.told] == [
        (GapKind.TRAFFIC_OPAQUE, "left.example", True)
    ] * 2


@pytest.mark.parametrize(
    ("start", "found"),
    [
        (HELLO_START, "07" * 32),
        (HELLO_START[:-1], ""),
        (b"\x17" + HELLO_START[1:], ""),
        (HELLO_START[:5] + b"\x02" + HELLO_START[6:], ""),
        (b"GET / HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n", ""),
        (b"", ""),
    ],
)
def test_a_hello_is_known_by_its_first_bytes(start, found):
    assert hello_random(start) == found
    within = Within()
    assert within.is_unread(start) is bool(found)
    within.tell(found)
    assert not within.is_unread(start)
