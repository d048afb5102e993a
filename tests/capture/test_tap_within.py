"""A TLS connection within another one, as through an HTTPS proxy: what the tap tells of it, and what it misses."""

from __future__ import annotations

import socket
import ssl
import sys
import threading
from contextlib import suppress

import pytest
from agent_rig import Observed
from proxy_rig import Rig

from analyzer.capture.agent_build import build_agent
from analyzer.capture.lab_internet import LabInternet
from analyzer.capture.lab_routes import LabRoutes
from analyzer.capture.tap_messages import TapMessage
from analyzer.capture.tap_within import UNREAD, Within, hello_random
from analyzer.model.evidence import Connection, Gap, Message, Request, Response
from analyzer.model.vocabulary import GapKind
from analyzer.packs.catalog import load_catalog

TAPS = [hook for hook in load_catalog().hooks.values() if hook.family == "tap"]
IMEI = b"490154203237518"
HELLO_START = bytes.fromhex("1603010200010001fc0303") + b"\x07" * 32
PROGRAM = '''
import socket, ssl, subprocess, sys

def context():
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made

def outer(host):
    wire = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    wire.sendall(f"CONNECT {host}:443 HTTP/1.1\\r\\nHost: {host}:443\\r\\n\\r\\n".encode())
    assert wire.recv(4096).startswith(b"HTTP/1.1 200")
    return context().wrap_socket(wire, server_hostname=host)

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

def unseen():
    """The inner connection is another process's, where no tap is."""
    carrier = outer("left.example")
    carrier.sendall(b"CONNECT unseen.example:443 HTTP/1.1\\r\\nHost: unseen.example:443\\r\\n\\r\\n")
    assert carrier.recv(4096).startswith(b"HTTP/1.1 200")
    here, there = socket.socketpair()
    line = [sys.executable, "-I", "-c", sys.argv[2], "child", str(there.fileno())]
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
    inner("unseen.example", lambda data: data and wire.sendall(data), lambda: wire.recv(65536))
else:
    through_proxy()
    unseen()
    print("done", flush=True)
'''


def serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    """Be an HTTPS proxy whose every destination is itself."""
    with suppress(OSError):
        while True:
            threading.Thread(target=answer, args=(listener.accept()[0], context), daemon=True).start()


def answer(wire: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError), context.wrap_socket(wire, server_side=True) as carrier:
        assert carrier.recv(4096).startswith(b"CONNECT ")
        carrier.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        came, gone = ssl.MemoryBIO(), ssl.MemoryBIO()
        within = context.wrap_bio(came, gone, server_side=True)
        shaken = False
        while data := carrier.recv(65536):
            came.write(data)
            with suppress(ssl.SSLWantReadError):
                if not shaken:
                    within.do_handshake()
                    shaken = True
                if within.read(65536):
                    within.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            if gone.pending:
                carrier.sendall(gone.read())


class Ran(Observed):
    """One run of the program behind a proxy that passes its host through."""

    def __init__(self, rig: Rig, bundle: str) -> None:
        self._rig = rig
        super().__init__(bundle, TAPS, [sys.executable, "-I", "-c", PROGRAM, str(rig.port), PROGRAM], tap=True)
        rig.proxy.stop()
        self.told = [one for one in rig.messages if isinstance(one, Gap)]
        self.flows = rig.records()

    def tap(self, message: TapMessage) -> None:
        super().tap(message)
        self._rig.proxy.tap(message)


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Ran:
    folder = tmp_path_factory.mktemp("within")
    internet = LabInternet(folder / "internet")
    internet.start()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*(folder / "internet" / name for name in ("server.pem", "server.key")))
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=serve, args=(listener, context), daemon=True).start()
            place = listener.getsockname()
            rig = Rig(folder, LabRoutes(place, place, place), untouched=("left.example",))
            try:
                return Ran(rig, build_agent(folder / "agent").source)
            finally:
                rig.proxy.stop()
    finally:
        internet.stop()


def test_what_runs_within_a_tapped_connection_is_told_once_and_joined_with_nothing_twice(ran):
    assert ran.lines == ["done"]
    tunnels = {one.peer.client_random for one in ran.flows if isinstance(one, Connection)}
    outer, within, _ = [one for one in ran.flows if isinstance(one, Request)]
    assert (outer.method, outer.host, outer.target) == ("CONNECT", "left.example", "inner.example:443")
    assert (within.method, within.host, within.tapped) == ("POST", "inner.example", True)
    assert outer.peer.client_random in tunnels
    assert within.peer.client_random not in ("", *tunnels)
    carried = [one.body.data for one in ran.flows if isinstance(one, Request | Response | Message)]
    assert [IMEI in data for data in carried].count(True) == 1, "told once, and encrypted in the connection around it"
    assert within.body.data == b'{"imei":"%s"}' % IMEI
    pieces = [one for one in ran.flows if isinstance(one, Message) and one.flow == outer.flow]
    assert hello_random(pieces[0].body.data) == within.peer.client_random


def test_one_that_no_tap_reads_is_the_only_gap_although_the_connection_around_it_was_read(ran):
    assert ran.gaps == []
    assert [one.target for one in ran.flows if isinstance(one, Request)][2:] == ["unseen.example:443"]
    (gap,) = ran.told
    assert (gap.kind, gap.subject) == (GapKind.TRAFFIC_OPAQUE, "left.example")
    assert UNREAD in gap.why


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
