"""What programs with OpenSSL say over connections that the proxy does not read: a real proxy, real servers."""

from __future__ import annotations

import subprocess
import sys

import frida
import pytest
from proxy_rig import lab_rig
from tap_rig import LEFT, TAPS, Tapped, Written

from analyzer.capture.agent import Agent
from analyzer.capture.tap_messages import TapEnded, TapMessage, TapOpened
from analyzer.model.evidence import Connection, Gap, Message, Process
from analyzer.model.vocabulary import Direction, FlowKind, Owner
from analyzer.packs.catalog_entries import Catalog

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
def native(tmp_path_factory, bundle) -> Tapped:
    folder = tmp_path_factory.mktemp("native")
    with lab_rig(folder, untouched=(LEFT,)) as rig:
        words = [str(rig.port), *(str(folder / "internet" / name) for name in ("server.pem", "server.key"))]
        return Tapped(rig, bundle, [sys.executable, "-I", "-c", NATIVE, *words])


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
