from __future__ import annotations

import hashlib
import socket
import ssl
import time
from collections.abc import Iterator
from types import SimpleNamespace

import h2.config
import h2.connection
import h2.events
import pytest
import wsproto
import wsproto.events
from cryptography import x509
from mitmproxy.test import tflow
from proxy_rig import Rig, lab_rig

from analyzer.capture.flow_recorder import FlowRecorder
from analyzer.capture.flow_records import BODY_LIMIT, Draft
from analyzer.capture.proxy_messages import FlowSeen
from analyzer.model.evidence import Connection, FlowError, Gap, Message, Refusal, Request, Response
from analyzer.model.said_of_traffic import DISCONNECTED
from analyzer.model.vocabulary import Direction, FlowKind, GapKind, Owner


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    folder = tmp_path_factory.mktemp("recorder")
    with lab_rig(folder, untouched=("left.example",), keys=folder / "tls_keys.log") as ready:
        yield ready


def test_an_https_exchange_is_a_request_and_later_its_response(rig: Rig) -> None:
    assert rig.ask("POST", "first.example", "/collect?imei=1", b"{}", **{"X-Id": "caf\u00e9"})[0] == 200
    request = rig.wait_for(Request, host="first.example")
    response = rig.wait_for(Response, flow=request.flow)
    assert (request.method, request.scheme, request.port, request.target) == ("POST", "https", 443, "/collect?imei=1")
    assert request.http_version == "HTTP/1.1"
    assert ("X-Id", "caf\u00e9") in request.headers
    assert request.body.data == b"{}"
    assert response.status == 200
    assert b"received" in response.body.data
    assert request.seq < response.seq


def test_a_request_is_stamped_with_its_start_on_the_boot_clock(rig: Rig) -> None:
    before = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
    with rig.raw() as connection:
        connection.sendall(b"POST http://slow.example/ HTTP/1.1\r\nHost: slow.example\r\nContent-Length: 4\r\n\r\nab")
        time.sleep(0.3)
        middle = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
        connection.sendall(b"cd")
        connection.recv(4096)
    request = rig.wait_for(Request, host="slow.example")
    assert before <= request.stamp.mono_us < middle - 200_000
    assert request.end.mono_us >= middle
    assert request.stamp.domain == "host"
    assert abs(request.stamp.wall_us - time.time_ns() // 1000) < 30_000_000


def test_the_peer_carries_client_port_server_name_and_the_random_of_the_hello(rig: Rig) -> None:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with rig.tunnel("hello.example", 443) as connection:
        tls = rig.trusting.wrap_bio(incoming, outgoing, server_hostname="hello.example")
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        hello = outgoing.read()
        connection.sendall(hello)
        _finish(tls, connection, incoming, outgoing)
        tls.write(b"GET /peer HTTP/1.1\r\nHost: hello.example\r\n\r\n")
        connection.sendall(outgoing.read())
        port = connection.getsockname()[1]
        peer = rig.wait_for(Request, target="/peer").peer
    assert (peer.client_host, peer.client_port, peer.sni, peer.tls) == ("127.0.0.1", port, "hello.example", True)
    assert peer.client_random == hello[11:43].hex()


def _finish(tls: ssl.SSLObject, connection: socket.socket, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> None:
    while True:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            connection.sendall(outgoing.read())
            incoming.write(connection.recv(65536))
        else:
            connection.sendall(outgoing.read())
            return


def test_an_encoded_body_is_kept_as_it_was_on_the_wire(rig: Rig) -> None:
    wire = bytes.fromhex("1f8b08000000000002ff4b4c4a0600c241243503000000")
    rig.ask("POST", "gzip.example", "/", wire, **{"Content-Encoding": "gzip"})
    assert rig.wait_for(Request, host="gzip.example").body.data == wire


def test_a_body_above_a_megabyte_is_kept_beside_the_record(rig: Rig) -> None:
    large = b"0123456789abcdef" * 70_000
    assert rig.ask("POST", "large.example", "/", large)[0] == 200
    body = rig.wait_for(Request, host="large.example").body
    assert body.blob is not None
    assert (body.data, body.size, body.truncated) == (b"", len(large), False)
    assert body.blob.sha256 == hashlib.sha256(large).hexdigest()
    assert (rig.recording / body.blob.path).read_bytes() == large


def test_a_request_nobody_answers_stays(rig: Rig) -> None:
    status, _ = rig.ask("POST", "tracker.org", "/leak", b"secret")
    request = rig.wait_for(Request, host="tracker.org")
    assert status == 502
    assert request.body.data == b"secret"
    assert "the lab refuses tracker.org:443" in rig.wait_for(FlowError, flow=request.flow).error
    assert not [answer for answer in rig.of(Response) if answer.flow == request.flow]


def test_an_app_that_does_not_trust_the_proxy_leaves_a_refusal(rig: Rig) -> None:
    with rig.tunnel("pinned.example", 8443) as connection:
        port = connection.getsockname()[1]
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(connection, server_hostname="api.pinned.example")
    refusal = rig.wait_for(Refusal, host="api.pinned.example")
    assert (refusal.port, refusal.peer.sni, refusal.peer.client_port) == (8443, "api.pinned.example", port)
    assert len(refusal.peer.client_random) == 64
    assert "does not trust" in refusal.error
    rig.wait_for_message(FlowSeen, kind="refused", host="api.pinned.example")


def test_a_handshake_that_is_only_closed_is_told_apart_from_one_that_an_alert_ends(rig: Rig) -> None:
    with rig.tunnel("closing.example", 443) as connection:
        out = ssl.MemoryBIO()
        client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), out, server_hostname="closing.example")
        with pytest.raises(ssl.SSLWantReadError):
            client.do_handshake()
        connection.sendall(out.read())
        assert connection.recv(4096)  # the certificate has come: whoever reads it may close without a word
    refusal = rig.wait_for(Refusal, host="closing.example")
    assert refusal.error.startswith(DISCONNECTED)
    rig.wait_for_message(FlowSeen, kind="closed", host="closing.example")


def test_a_connection_that_closes_before_its_handshake_has_begun_is_no_refusal(rig: Rig) -> None:
    with rig.tunnel("early.example", 443) as connection:
        connection.sendall(bytes.fromhex("16030100c8010000c40303"))  # the start of a ClientHello
    gap = rig.wait_for_message(Gap, subject="early.example:443")
    assert "before its TLS handshake had said" in gap.why
    assert not [one for one in rig.of(Refusal) if one.host == "early.example"]


def test_a_host_that_is_to_be_left_alone_is_passed_through_unread(rig: Rig) -> None:
    app = ssl.create_default_context()
    app.check_hostname, app.verify_mode = False, ssl.CERT_NONE
    with (
        rig.tunnel("left.example", 443) as connection,
        app.wrap_socket(connection, server_hostname="left.example") as secured,
    ):
        shown = x509.load_der_x509_certificate(secured.getpeercert(binary_form=True) or b"")
        secured.sendall(b"GET /secret HTTP/1.1\r\nHost: left.example\r\n\r\n")
        assert secured.recv(4096).startswith(b"HTTP/1.1 200")
    ours = x509.load_pem_x509_certificate(rig.proxy.ca_certificate.read_bytes())
    assert shown.issuer != ours.subject
    seen = rig.wait_for(Connection, host="left.example")
    assert (seen.kind, seen.port, seen.owner) == (FlowKind.TLS, 443, Owner.APP)
    assert rig.ask("GET", "right.example", "/")[0] == 200
    assert "left.example" not in {request.host for request in rig.of(Request)}


def test_the_secrets_of_the_connections_are_kept_for_nobody_else(rig: Rig) -> None:
    assert rig.ask("GET", "keys.example", "/")[0] == 200
    file = rig.recording.parent / "tls_keys.log"
    random = rig.wait_for(Request, host="keys.example").peer.client_random
    assert f"CLIENT_TRAFFIC_SECRET_0 {random} " in file.read_text("ascii")
    assert file.stat().st_mode & 0o777 == 0o600


def test_an_app_that_hangs_up_in_the_middle_leaves_a_truncated_request(rig: Rig) -> None:
    with rig.raw() as connection:
        connection.sendall(b"POST http://half.example/u HTTP/1.1\r\nHost: half.example\r\nContent-Length: 9\r\n\r\nabc")
        time.sleep(0.1)
    request = rig.wait_for(Request, host="half.example")
    assert (request.body.data, request.body.truncated) == (b"abc", True)
    assert rig.wait_for(FlowError, flow=request.flow)
    assert rig.wait_for_message(Gap, kind=GapKind.BODY_TRUNCATED, subject=request.flow)


def test_headers_behind_a_body_in_chunks_are_not_lost(rig: Rig) -> None:
    with rig.raw() as connection:
        head = b"POST http://chunks.example/t HTTP/1.1\r\nHost: chunks.example\r\nTransfer-Encoding: chunked\r\n"
        connection.sendall(head + b"Trailer: X-Behind\r\n\r\n3\r\nabc\r\n0\r\nX-Behind: 867431059238179\r\n\r\n")
        connection.settimeout(20)
        connection.recv(4096)
    request = rig.wait_for(Request, host="chunks.example")
    assert request.body.data == b"abc"
    assert request.headers[-1] == ("X-Behind", "867431059238179")
    assert rig.wait_for(Response, flow=request.flow).status == 200, "the exchange went on"


def test_a_truncated_request_of_a_tunnel_still_knows_where_it_was_going(rig: Rig) -> None:
    with (
        rig.tunnel("torn.example", 443) as plain,
        rig.trusting.wrap_socket(plain, server_hostname="torn.example") as secure,
    ):
        secure.sendall(b"POST /torn HTTP/1.1\r\nHost: torn.example\r\nContent-Length: 9\r\n\r\nabc")
        time.sleep(0.1)
        port = secure.getsockname()[1]
    request = rig.wait_for(Request, target="/torn")
    assert (request.host, request.port, request.peer.client_port) == ("torn.example", 443, port)
    assert request.body.data == b"abc"
    assert len(request.peer.client_random) == 64


def test_what_is_no_http_is_a_gap(rig: Rig) -> None:
    with rig.raw() as connection:
        connection.sendall(b"GARBAGE\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")
    assert rig.wait_for_message(Gap, kind=GapKind.PROXY_ERROR)


def test_a_body_above_the_hard_limit_streams_through_and_its_beginning_is_kept(rig: Rig) -> None:
    size = BODY_LIMIT + 1_000_000
    status, answer = rig.ask("POST", "huge.example", "/", bytes(size))
    body = rig.wait_for(Request, host="huge.example").body
    assert body.blob is not None
    assert (status, str(size).encode() in answer) == (200, True)
    assert (body.size, body.blob.size, body.truncated) == (size, BODY_LIMIT, True)


def test_dns_questions_and_datagrams_are_messages_of_a_connection() -> None:
    told: list[Draft] = []
    recorder = FlowRecorder(lambda _folder: None)
    recorder._writer = SimpleNamespace(put=lambda draft, _weight=0: told.append(draft))
    question, datagrams = tflow.tdnsflow(resp=True), tflow.tudpflow()
    recorder.dns_request(question)
    recorder.dns_response(question)
    recorder.udp_start(datagrams)
    recorder.udp_message(datagrams)
    records = [draft(number, lambda _data: None) for number, draft in enumerate(told)]
    assert [type(record) for record in records] == [Connection, Message, Message, Connection, Message]
    assert [records[0].kind, records[3].kind] == [FlowKind.DNS, FlowKind.UDP]
    assert records[1].body.data == question.request.packed
    assert (records[1].direction, records[2].direction) == (Direction.SENT, Direction.RECEIVED)
    assert records[4].body.data == b"it's me"


def test_http_2_streams_are_flows_of_their_own(rig: Rig) -> None:
    context = ssl.create_default_context(cafile=str(rig.proxy.ca_certificate))
    context.set_alpn_protocols(["h2"])
    with rig.tunnel("two.example", 443) as plain, context.wrap_socket(plain, server_hostname="two.example") as secure:
        assert secure.selected_alpn_protocol() == "h2"
        _ask_twice(secure)
    for path, body in (("/one", b"first"), ("/two", b"second")):
        request = rig.wait_for(Request, target=path)
        assert (request.http_version, request.host, request.port) == ("HTTP/2.0", "two.example", 443)
        assert request.body.data == body
        assert request.headers[-1] == ("x-behind", f"behind {path}")
        assert rig.wait_for(Response, flow=request.flow).status == 200


def _ask_twice(secure: ssl.SSLSocket) -> None:
    speaker = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    speaker.initiate_connection()
    for stream, path, body in ((1, "/one", b"first"), (3, "/two", b"second")):
        names = {":method": "POST", ":authority": "two.example", ":scheme": "https", ":path": path}
        speaker.send_headers(stream, list(names.items()))
        speaker.send_data(stream, body)
        speaker.send_headers(stream, [("x-behind", f"behind {path}")], end_stream=True)
    secure.sendall(speaker.data_to_send())
    open_streams = {1, 3}
    while open_streams:
        for event in speaker.receive_data(secure.recv(65536)):
            if isinstance(event, h2.events.StreamEnded):
                open_streams.discard(event.stream_id)
        secure.sendall(speaker.data_to_send())


def test_websocket_messages_belong_to_the_flow_of_their_handshake(rig: Rig) -> None:
    speaker = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    with (
        rig.tunnel("socket.example", 443) as plain,
        rig.trusting.wrap_socket(plain, server_hostname="socket.example") as secure,
    ):
        secure.sendall(speaker.send(wsproto.events.Request(host="socket.example", target="/live")))
        _hear(speaker, secure, wsproto.events.AcceptConnection)
        secure.sendall(speaker.send(wsproto.events.TextMessage("hello")))
        _hear(speaker, secure, wsproto.events.TextMessage)
        secure.sendall(speaker.send(wsproto.events.BytesMessage(b"\x00\x01")))
        _hear(speaker, secure, wsproto.events.BytesMessage)
    flow = rig.wait_for(Request, target="/live").flow
    assert rig.wait_for(Response, flow=flow).status == 101
    rig.wait_for(Message, flow=flow, direction=Direction.RECEIVED, text=False)
    messages = [(item.direction, item.text, item.body.data) for item in rig.of(Message) if item.flow == flow]
    sent, received = Direction.SENT, Direction.RECEIVED
    assert messages == [
        (sent, True, b"hello"),
        (received, True, b"hello"),
        (sent, False, b"\x00\x01"),
        (received, False, b"\x00\x01"),
    ]


def _hear(speaker: wsproto.WSConnection, secure: ssl.SSLSocket, kind: type[wsproto.events.Event]) -> None:
    while True:
        speaker.receive_data(secure.recv(65536))
        if any(isinstance(event, kind) for event in speaker.events()):
            return


def test_a_raw_tcp_connection_is_a_connection_with_messages(rig: Rig) -> None:
    with rig.tunnel("push.example", 5222) as connection:
        connection.sendall(b"\x00\x01ping")
        assert connection.recv(100) == b"\x00\x01ping"
    opened = rig.wait_for(Connection, host="push.example")
    assert (opened.kind, opened.port) == (FlowKind.TCP, 5222)
    assert rig.wait_for(Message, flow=opened.flow, direction=Direction.SENT).body.data == b"\x00\x01ping"
    assert rig.wait_for(Message, flow=opened.flow, direction=Direction.RECEIVED).body.data == b"\x00\x01ping"


def test_a_tunnel_through_which_nothing_came_is_a_gap(rig: Rig) -> None:
    with rig.tunnel("silent.example", 25):
        pass
    assert rig.wait_for_message(Gap, kind=GapKind.TRAFFIC_OPAQUE, subject="silent.example:25")


def test_the_second_request_of_a_connection_names_the_same_place_as_the_first(rig: Rig) -> None:
    with (
        rig.tunnel("again.example", 443) as plain,
        rig.trusting.wrap_socket(plain, server_hostname="again.example") as secure,
    ):
        for path in ("/first-time", "/second-time"):
            secure.sendall(f"GET {path} HTTP/1.1\r\nHost: again.example\r\n\r\n".encode())
            secure.recv(65536)
    for path in ("/first-time", "/second-time"):
        request = rig.wait_for(Request, target=path)
        assert (request.host, request.port) == ("again.example", 443)


def test_the_preview_names_what_it_found(rig: Rig) -> None:
    rig.ask("POST", "preview.example", "/p", b"imei=490154203237518")
    seen = rig.wait_for_message(FlowSeen, host="preview.example")
    assert (seen.method, seen.target, seen.size, seen.found) == ("POST", "/p", 20, ("id.imei",))


def test_the_memory_does_not_grow_with_the_traffic(rig: Rig) -> None:
    process = rig.proxy._process
    assert process is not None
    with rig.tunnel("bulk.example", 9000) as connection:
        _pump(connection, 4)
        before = _resident_kb(process.pid)
        _pump(connection, 40)
        after = _resident_kb(process.pid)
    assert after - before < 20_000


def _pump(connection: socket.socket, megabytes: int) -> None:
    block = bytes(range(256)) * 256
    for _ in range(megabytes * 16):
        connection.sendall(block)
        left = len(block)
        while left:
            left -= len(connection.recv(65536))


def _resident_kb(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def test_a_handshake_that_names_another_host_than_its_tunnel_is_a_gap(rig: Rig) -> None:
    with (
        rig.tunnel("front.example", 443) as plain,
        rig.trusting.wrap_socket(plain, server_hostname="behind.example") as secure,
    ):
        secure.sendall(b"GET /front HTTP/1.1\r\nHost: behind.example\r\n\r\n")
        assert rig.wait_for(Request, target="/front").host == "behind.example"
    gap = rig.wait_for_message(Gap, subject="behind.example")
    assert "to front.example was opened whose TLS handshake names another host" in gap.why
