"""The TLS tap from the app's own libraries to the flows: a real JVM and real OpenSSL, a real proxy, real servers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import frida
import pytest
from agent_rig import NEEDS_JVM, Observed, command
from proxy_rig import Rig, lab_rig
from tap_rig import Written, opening

from analyzer.capture.agent import Agent
from analyzer.capture.agent_build import build_agent
from analyzer.capture.agent_config import TAPPED
from analyzer.capture.tap_http2 import PREFACE
from analyzer.capture.tap_ledger import Ledger
from analyzer.capture.tap_messages import TapEnded, TapMessage, TapOpened, TapPiece, encode_tap
from analyzer.capture.taps import Taps
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Connection, Gap, Message, Process, Request, Response
from analyzer.model.vocabulary import Direction, FlowKind, GapKind, Owner
from analyzer.packs.catalog import load_catalog
from analyzer.packs.catalog_entries import Catalog

LEFT = "left.example"
TAPS = [hook for hook in load_catalog().hooks.values() if hook.family == "tap"]
MOST = 250_000
IMEI = b'{"imei":"490154203237518"}'


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> str:
    return build_agent(tmp_path_factory.mktemp("agent")).source


class Ran(Observed):
    """A program under the agent, whose tap speaks to a proxy, and what that proxy wrote and told."""

    def __init__(self, rig: Rig, bundle: str, line: list[str]) -> None:
        self._rig = rig
        super().__init__(bundle, TAPS, line, tap=True)
        rig.proxy.stop()
        self.flows = rig.records()
        self.told = [one for one in rig.messages if isinstance(one, Gap)]

    def tap(self, message: TapMessage) -> None:
        super().tap(message)
        self._rig.proxy.tap(message)

    def requests(self, host: str) -> list[Request]:
        return [one for one in self.flows if isinstance(one, Request) and one.host == host]

    def answer(self, request: Request) -> Response:
        (found,) = [one for one in self.flows if isinstance(one, Response) and one.flow == request.flow]
        return found

    def tunnels(self) -> dict[str, Connection]:
        found = [one for one in self.flows if isinstance(one, Connection) and one.kind is FlowKind.TLS]
        return {one.peer.client_random: one for one in found}


@pytest.fixture(scope="module")
def java(tmp_path_factory, bundle) -> Ran:
    with pytest.MonkeyPatch.context() as patch, lab_rig(tmp_path_factory.mktemp("java"), untouched=(LEFT,)) as rig:
        patch.setitem(TAPPED, "connection", MOST)
        return Ran(rig, bundle, command("Tapped", str(rig.port), "300000", LEFT, "read.example"))


NATIVE = '''
import ctypes, socket, ssl, sys, threading
import h2.connection, h2.events, wsproto, wsproto.events, wsproto.extensions
proxy, chain, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]

def context(*protocols):
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    made.set_alpn_protocols(list(protocols))
    return made

def tunnel(host, *protocols):
    wire = socket.create_connection(("127.0.0.1", proxy))
    wire.sendall(f"CONNECT {host}:443 HTTP/1.1\\r\\nHost: {host}:443\\r\\n\\r\\n".encode())
    assert wire.recv(4096).startswith(b"HTTP/1.1 200")
    return context(*protocols).wrap_socket(wire, server_hostname=host)

def two(host):
    wire, http, ended = tunnel(host, "h2"), h2.connection.H2Connection(), set()
    assert wire.selected_alpn_protocol() == "h2"
    http.initiate_connection()
    for stream, path in ((1, "/one"), (3, "/two")):
        head = {":method": "POST", ":scheme": "https", ":authority": host, ":path": path, "x-id": "490154203237518"}
        http.send_headers(stream, list(head.items()))
    for stream in (3, 1):
        http.send_data(stream, b"%d" % stream * 16000, end_stream=True)
        wire.sendall(http.data_to_send())
    while len(ended) < 2:
        for event in http.receive_data(wire.recv(65536)):
            if isinstance(event, h2.events.StreamEnded):
                ended.add(event.stream_id)
        wire.sendall(http.data_to_send())
    wire.close()

def web(host):
    wire, deflate = tunnel(host, "http/1.1"), wsproto.extensions.PerMessageDeflate()
    peer = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    wire.sendall(peer.send(wsproto.events.Request(host, "/socket", extensions=[deflate])))
    wanted = ["490154203237518" * 40, "second"]
    while wanted:
        peer.receive_data(wire.recv(65536))
        for event in peer.events():
            if isinstance(event, wsproto.events.Message):
                wanted.pop(0)
            if wanted:
                wire.sendall(peer.send(wsproto.events.TextMessage(wanted[0])))
    wire.close()

def bare(host):
    """Speaks by the oldest functions of the library."""
    path = next(line.split()[-1] for line in open("/proc/self/maps") if "libssl" in line)
    library, pointer = ctypes.CDLL(path), ctypes.c_void_p
    for name in ("TLS_client_method", "SSL_CTX_new", "SSL_new"):
        getattr(library, name).restype = pointer
    wire = socket.create_connection(("127.0.0.1", proxy))
    wire.sendall(f"CONNECT {host}:443 HTTP/1.1\\r\\n\\r\\n".encode())
    wire.recv(4096)
    made = pointer(library.SSL_new(pointer(library.SSL_CTX_new(pointer(library.TLS_client_method())))))
    library.SSL_set_fd(made, wire.fileno())
    library.SSL_ctrl(made, 55, 0, host.encode())
    assert library.SSL_connect(made) == 1
    asked = f"GET /bare HTTP/1.0\\r\\nHost: {host}\\r\\n\\r\\n".encode()
    assert library.SSL_write(made, asked, len(asked)) == len(asked)
    room = ctypes.create_string_buffer(4096)
    while library.SSL_read(made, room, 4096) > 0:
        pass
    library.SSL_free(made)

def around():
    """A server of the process itself, and a client that goes to it without the proxy and speaks no HTTP."""
    listener, serving = socket.create_server(("127.0.0.1", 0)), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(chain, key)
    def answer():
        with serving.wrap_socket(listener.accept()[0], server_side=True) as wire:
            wire.sendall(b"hello\\n")
            while said := wire.recv(65536):
                wire.sendall(said)
    thread = threading.Thread(target=answer)
    thread.start()
    with context().wrap_socket(socket.create_connection(listener.getsockname()), server_hostname="own.example") as wire:
        assert wire.recv(6) == b"hello\\n"
        wire.sendall(b"\\x00\\x01imei 490154203237518")
        wire.recv(65536)
    thread.join()

two("left.example")
web("left.example")
bare("left.example")
two("read.example")
around()
print("done", flush=True)
'''


@pytest.fixture(scope="module")
def native(tmp_path_factory, bundle) -> Ran:
    folder = tmp_path_factory.mktemp("native")
    with lab_rig(folder, untouched=(LEFT,)) as rig:
        words = [str(rig.port), *(str(folder / "internet" / name) for name in ("server.pem", "server.key"))]
        return Ran(rig, bundle, [sys.executable, "-I", "-c", NATIVE, *words])


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_what_a_pinned_java_client_says_is_read_inside_it(java):
    found = java.requests(LEFT)[:2]
    assert [(one.method, one.target, one.body.size) for one in found] == [
        ("POST", "/one", len(IMEI)),
        ("POST", "/two", len(IMEI)),
    ]
    assert found[0].body.data == IMEI
    assert {(one.tapped, one.owner, one.scheme, one.port, one.source) for one in found} == {
        (True, Owner.APP, "https", 443, "tap")
    }
    assert [java.answer(one).body.data for one in found] == [
        line.split(" ", 2)[2].encode() for line in java.lines if line.startswith(LEFT)
    ]
    assert java.gaps == []


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_a_connection_that_brings_too_much_is_cut_and_said_and_its_answer_is_read(java):
    large = java.requests(LEFT)[2]
    assert (large.target, large.body.truncated) == ("/large", True)
    assert 0 < MOST - large.body.size < 1000  # the head counts too
    assert java.answer(large).body.data == b'{"ok": true, "received": 300000}'
    assert [one.kind for one in java.told] == [GapKind.TRAFFIC_OPAQUE, GapKind.BODY_TRUNCATED]
    assert java.told[0].subject == LEFT
    assert f"more than is kept of one direction of a connection ({MOST} bytes)" in java.told[0].why


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_each_exchange_names_its_unread_connection_and_a_read_one_is_told_once(java):
    tunnels = java.tunnels()
    assert {one.host for one in tunnels.values()} == {LEFT}
    assert {one.peer.client_random for one in java.requests(LEFT)} == set(tunnels)
    assert [(one.target, one.tapped) for one in java.requests("read.example")] == [("/one", False), ("/two", False)]
    assert sum(one.host == "read.example" for one in java.tapped if isinstance(one, TapOpened)) > 0


@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_the_call_that_sends_the_first_bytes_is_told_with_its_stack_and_its_socket(java):
    events = [one for one in java.events if one.hook == "tap.jvm_sent"]
    assert len(events) == sum(isinstance(one, TapOpened) for one in java.tapped)
    first = events[0]
    said = {name: value.text for name, value in first.this.fields}
    assert said["host"] == LEFT
    assert int(said["local_port"]) == java.requests(LEFT)[0].peer.client_port
    assert any("program.Tapped.post" in frame for frame in java.stacks[first.stack])
    assert first.stamp.mono_us <= java.requests(LEFT)[0].stamp.mono_us


def test_http2_of_openssl_is_put_together_from_its_frames(native):
    assert native.lines == ["done"]
    found = {one.target: one for one in native.requests(LEFT) if one.http_version == "HTTP/2.0"}
    for path, digit in (("/one", b"1"), ("/two", b"3")):
        request, answer = found[path], native.answer(found[path])
        assert (request.method, request.headers) == ("POST", (("x-id", "490154203237518"),))
        assert request.body.data == digit * 16000
        assert (answer.status, answer.body.data) == (200, b'{"ok": true, "received": 16000}')
    assert native.gaps == native.told == []


def test_a_websocket_that_is_compressed_is_read_both_ways(native):
    (request,) = [one for one in native.requests(LEFT) if one.target == "/socket"]
    messages = [one for one in native.flows if isinstance(one, Message) and one.flow == request.flow]
    assert [(one.direction, one.text, one.body.data) for one in messages] == [
        (direction, True, text)
        for text in (b"490154203237518" * 40, b"second")
        for direction in (Direction.SENT, Direction.RECEIVED)
    ]


def test_the_oldest_functions_are_tapped_too_and_an_answer_without_a_length_ends_with_its_connection(native):
    (request,) = [one for one in native.requests(LEFT) if one.target == "/bare"]
    answer = native.answer(request)
    assert (request.http_version, answer.status) == ("HTTP/1.0", 200)
    assert answer.body.data == b'{"ok": true, "received": 0}'
    assert not answer.body.truncated


def test_a_handshake_joins_a_native_connection_with_the_unread_one(native):
    assert {one.peer.client_random for one in native.requests(LEFT)} == set(native.tunnels())
    opened = [one for one in native.tapped if isinstance(one, TapOpened)]
    assert {one.random for one in opened if one.host == LEFT} == set(native.tunnels())
    assert all(one.tapped for one in native.requests(LEFT))
    assert [one.tapped for one in native.requests("read.example")] == [False, False]


def test_what_goes_around_the_proxy_and_is_no_http_is_kept_as_it_is_and_a_server_is_left_alone(native):
    (start,) = [one for one in native.flows if isinstance(one, Connection) and one.kind is FlowKind.TCP]
    assert (start.host, start.source, start.owner) == ("own.example", "tap", Owner.APP)
    said = [
        (one.direction, one.body.data) for one in native.flows if isinstance(one, Message) and one.flow == start.flow
    ]
    text = b"\x00\x01imei 490154203237518"
    assert said == [(Direction.RECEIVED, b"hello\n"), (Direction.SENT, text), (Direction.RECEIVED, text)]


def test_a_native_connection_ends_with_its_object_and_all_were_made_under_the_tap(native):
    opened = [one for one in native.tapped if isinstance(one, TapOpened)]
    assert {one.connection for one in native.tapped if isinstance(one, TapEnded)} == {one.connection for one in opened}
    assert not any(one.late for one in opened)


BENEATH = """
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
void *TLS_client_method (void); void *SSL_CTX_new (void *); void *SSL_new (void *); void SSL_free (void *);
int SSL_set_fd (void *, int); long SSL_ctrl (void *, int, long, void *); int SSL_connect (void *);
int SSL_write (void *, const void *, int); int SSL_read (void *, void *, int);
long Java_org_conscrypt_NativeCrypto_open (void *env, void *type, int port)
{
  struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons (port) };
  char answer[4096];
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  void *ssl = SSL_new (SSL_CTX_new (TLS_client_method ()));
  to.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (connect (fd, (void *) &to, sizeof to)) return 0;
  dprintf (fd, "CONNECT left.example:443 HTTP/1.1\\r\\n\\r\\n");
  if (read (fd, answer, sizeof answer) <= 0) return 0;
  SSL_set_fd (ssl, fd);
  SSL_ctrl (ssl, 55, 0, "left.example");
  return SSL_connect (ssl) == 1 ? (long) ssl : 0;
}
int Java_org_conscrypt_NativeCrypto_send (void *env, void *type, long ssl, long data, int size)
{ return SSL_write ((void *) ssl, (void *) data, size); }
int Java_org_conscrypt_NativeCrypto_receive (void *env, void *type, long ssl, long room, int size)
{ return SSL_read ((void *) ssl, (void *) room, size); }
void Java_org_conscrypt_NativeCrypto_free (void *env, void *type, long ssl) { SSL_free ((void *) ssl); }
"""


@pytest.fixture(scope="module")
def layered(tmp_path_factory, bundle) -> Ran:
    if shutil.which("gcc") is None:
        assert not os.environ.get("CI")
        pytest.skip("this needs a compiler of C: apt-get install gcc libc6-dev")
    folder = tmp_path_factory.mktemp("layered")
    source, library = folder / "beneath.c", folder / "libbeneath.so"
    source.write_text(BENEATH)
    subprocess.run(["gcc", "-shared", "-fPIC", "-w", "-o", library, source, "-l:libssl.so.3"], check=True)
    # As behind a device's address translation: the proxy does not see from which port the app connects.
    with lab_rig(folder, untouched=(LEFT,), clients=Owner.UNKNOWN) as rig:
        return Ran(rig, bundle, command("Layered", str(library), str(rig.port)))


@pytest.mark.long
@NEEDS_JVM[1]
@NEEDS_JVM[0]
def test_streams_like_conscrypts_and_the_library_beneath_them_tell_the_same_bytes_once(layered):
    assert layered.lines == ['{"ok": true, "received": 37}'] * 2
    opened = [one for one in layered.tapped if isinstance(one, TapOpened)]
    through = "org.conscrypt.ConscryptFileDescriptorSocket"
    assert [(one.host, one.through, one.local_port) for one in opened] == [(LEFT, through, 0)] * 2
    asked = layered.requests(LEFT)
    assert [one.body.data for one in asked] == [b'{"imei":"490154203237518","number":%d}' % one for one in (0, 1)]
    assert [layered.answer(one).body.data for one in asked] == [line.encode() for line in layered.lines]
    assert [one.random for one in opened] == [one.peer.client_random for one in asked] == list(layered.tunnels())
    assert {one.peer.client_port for one in asked} == {0}
    assert [one.hook for one in layered.events] == ["tap.conscrypt_sent"] * 2
    assert layered.gaps == layered.told == []


EARLY = """
import socket, ssl, sys
made = ssl.create_default_context()
made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
made.set_alpn_protocols(sys.argv[2:])
wire = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
wire.sendall(b"CONNECT left.example:443 HTTP/1.1\\r\\n\\r\\n")
wire.recv(4096)
wire = made.wrap_socket(wire, server_hostname="left.example")
wire.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\4\\0\\0\\0\\0\\0")
print("open", flush=True)
sys.stdin.readline()
wire.sendall(b"\\0\\0\\x0f\\0\\1\\0\\0\\0\\x01490154203237518")
print("done", flush=True)
sys.stdin.readline()
"""


@pytest.mark.long
def test_a_connection_that_was_open_before_the_tap_is_a_gap_and_its_bytes_are_kept(tmp_path, bundle):
    heard: list[TapMessage] = []
    with lab_rig(tmp_path, untouched=(LEFT,)) as rig:

        def hear(message: TapMessage) -> None:
            heard.append(message)
            rig.proxy.tap(message)

        words = [sys.executable, "-I", "-c", EARLY, str(rig.port), "h2"]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout.readline() == "open\n"
            agent = Agent(bundle, Catalog({hook.id: hook for hook in TAPS}), Written(), on_tap=hear)
            agent.attach(frida.get_local_device(), Process(program.pid, "program"))
            print(file=program.stdin, flush=True)
            assert program.stdout.readline() == "done\n"
            agent.close()
            print(file=program.stdin, flush=True)
        rig.proxy.stop()
        (told,) = [one for one in rig.messages if isinstance(one, Gap)]
        (kept,) = rig.of(Message)
    assert [one.late for one in heard if isinstance(one, TapOpened)] == [True]
    assert "compressed heads cannot be read" in told.why
    assert kept.body.data.endswith(b"490154203237518")


# -- what no well-behaved program makes


def heard(*messages: TapMessage) -> Written:
    written = Written()
    taps = Taps(written, Ledger(), lambda: Stamp(9, 9))
    for message in messages:
        taps.hear(encode_tap(message))
    taps.close()
    return written


def test_a_line_that_is_none_of_a_tap_is_a_gap_and_hurts_nothing():
    written = Written()
    taps = Taps(written, Ledger(), lambda: Stamp(9, 9))
    for line in (b"hello\n", b'{"tap":["open",{}]}\n', b'{"tap":7}\n', b'{"tap":["data",{"stamp":[]}]}\n'):
        taps.hear(line)
    assert written.gaps == ["a line of the TLS tap could not be read"] * 4
    assert written.records == []


def test_a_connection_without_a_name_a_socket_and_a_handshake_is_left_out_and_said():
    written = heard(opening(1, ""), TapPiece("7:1", Stamp(1, 1), Direction.SENT, 0, b"GET / HTTP/1.1\r\n\r\n"))
    assert written.records == []
    assert written.gaps == [
        "a tapped connection was left out: neither its handshake nor its socket nor its host is known"
    ]


def test_no_more_connections_are_followed_at_once_than_memory_bears(monkeypatch):
    monkeypatch.setattr("analyzer.capture.taps._CONNECTIONS", 2)
    written = heard(*(opening(number) for number in range(5)))
    assert written.gaps == ["more than 2 tapped connections at once"]


def test_what_a_recordings_taps_bring_is_bounded_and_the_rest_is_a_gap(monkeypatch):
    monkeypatch.setattr("analyzer.capture.taps._BYTES", 100)
    head = b"POST / HTTP/1.1\r\ncontent-length: 90\r\n\r\n"
    pieces = (head, b"a" * 50, b"b" * 50)
    at = [sum(map(len, pieces[:number])) for number in range(3)]
    parts = [TapPiece("7:1", Stamp(1, 1), Direction.SENT, start, one) for start, one in zip(at, pieces, strict=True)]
    written = heard(opening(1), *parts)
    (request,) = written.records
    assert (request.body.data, request.body.truncated) == (b"a" * 50, True)
    (why,) = written.gaps
    assert why.endswith("what was sent is not told any further: the taps of this recording brought more than 100 bytes")


def test_bytes_that_break_a_parser_cost_their_connection_and_nothing_else(monkeypatch):
    def broken(_self, direction, _data, _stamp):
        raise RecursionError(direction)

    get = b"GET / HTTP/1.1\r\n\r\n"
    monkeypatch.setattr("analyzer.capture.tap_http2.Http2.feed", broken)
    first = [TapPiece("7:1", Stamp(1, 1), Direction.SENT, start, PREFACE) for start in (0, len(PREFACE))]
    written = heard(opening(1), opening(2), *first, TapPiece("7:2", Stamp(1, 1), Direction.SENT, 0, get))
    assert [one.method for one in written.of(Request)] == ["GET"]
    assert written.gaps == ["a tapped connection could not be read any further: RecursionError"]


def test_an_app_cannot_fill_the_list_of_gaps(monkeypatch):
    monkeypatch.setattr("analyzer.capture.taps._GAPS", 3)
    written = heard(*(opening(number, "") for number in range(9)))
    assert len(written.gaps) == 3
    assert written.gaps[-1] == "the TLS tap has more gaps than are listed"
