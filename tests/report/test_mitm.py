from __future__ import annotations

import io
from dataclasses import replace

import pytest
from mitmproxy.io import FlowReader

from analyzer.model.clock import Instant, Stamp
from analyzer.model.evidence import (
    Blob,
    Body,
    Connection,
    EvidenceRef,
    FlowError,
    Line,
    Message,
    Peer,
    Refusal,
    Request,
    Response,
)
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Direction, FlowKind, Owner, Source
from analyzer.report.mitm import flow_state, mitm_pieces

PEER = Peer("10.0.0.2", 40000, "a.example", tls=True)


def at(us: int) -> Stamp:
    return Stamp(us, 5)


def request(body: Body) -> Request:
    headers = (("Content-Type", "t\xe9xt"),)
    return Request(
        1, "p", at(0), at(1000), "f", "POST", "https", "a.example", 443, "/p", "HTTP/2.0", headers, body, PEER
    )


def flow(opening, messages=(), answer=None, errors=(), kind=FlowKind.HTTP) -> Flow:
    return Flow(
        0, EvidenceRef("1-accept", Source.FLOWS, 1), Instant(1_700_000_000_000_000, "p", 1), kind, "a.example", 443,
        Owner.APP, Line(1, opening), answer and Line(2, answer), tuple(Line(3, one) for one in messages),
        tuple(Line(4, one) for one in errors),
    )  # fmt: skip


def blob(_recording: str, found: Blob) -> bytes:
    if found.path == "gone":
        raise KeyError(found.path)
    return b"beside"


def opened(*flows: Flow):
    return list(FlowReader(io.BytesIO(b"".join(mitm_pieces(flows, {}, blob)))).stream())


def raw(kind: FlowKind) -> Connection:
    return Connection(1, "p", at(0), "f", kind, "a.example", 53, PEER)


def test_an_exchange_is_opened_by_mitmproxy_as_it_was():
    answer = Response(2, "p", at(5000), at(9000), "f", 404, "Not Found", "HTTP/2.0", (), Body(1, b"\xff"))
    (one,) = opened(flow(request(Body(2, b"hi")), answer=answer))
    assert (one.request.method, one.request.url, one.request.raw_content) == ("POST", "https://a.example/p", b"hi")
    assert one.request.headers.fields == ((b"Content-Type", b"t\xe9xt"),)
    assert (one.request.timestamp_start, one.response.timestamp_end) == (1_700_000_000.0, 1_700_000_000.009)
    assert (one.response.status_code, one.response.reason, one.response.raw_content) == (404, "Not Found", b"\xff")
    assert (one.client_conn.peername, one.client_conn.sni) == (("10.0.0.2", 40000), "a.example")


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (Body(6, blob=Blob("there", "x", 6)), b"beside"),
        (Body(6, blob=Blob("gone", "x", 6)), None),
        (Body(6, truncated=True), None),
        (Body(0), b""),
    ],
)
def test_a_body_is_given_whole_or_not_at_all(body, content):
    assert opened(flow(request(body)))[0].request.raw_content == content


def test_messages_of_a_websocket_keep_their_kind_and_direction():
    messages = [Message(2, "p", at(7), "f", Direction.SENT, True, Body(2, b"hi")),
                Message(3, "p", at(8), "f", Direction.RECEIVED, False, Body(1, b"\xff"))]  # fmt: skip
    (one,) = opened(flow(request(Body(0)), messages))
    assert [(m.from_client, m.is_text, m.content) for m in one.websocket.messages] == [
        (True, True, b"hi"), (False, False, b"\xff")]  # fmt: skip


@pytest.mark.parametrize("kind", [FlowKind.TCP, FlowKind.UDP])
def test_raw_connections_keep_their_segments(kind):
    messages = [Message(2, "p", at(7), "f", Direction.SENT, False, Body(2, b"hi"))]
    (one,) = opened(flow(raw(kind), messages, kind=kind))
    assert (one.type, one.messages[0].content, one.server_conn.address) == (kind.value, b"hi", ("a.example", 443))


def test_a_dns_message_that_is_none_is_kept_as_a_datagram():
    messages = [Message(2, "p", at(7), "f", Direction.SENT, False, Body(3, b"odd"))]
    (one,) = opened(flow(raw(FlowKind.DNS), messages, kind=FlowKind.DNS))
    assert (one.type, one.messages[0].content) == ("udp", b"odd")


def test_errors_and_refused_handshakes_are_told():
    failed = flow(request(Body(0)), errors=[FlowError(2, "p", at(3), "f", "reset")])
    refused = flow(Refusal(1, "p", at(0), "g", "a.example", 443, PEER, "unknown ca"), kind=FlowKind.TLS)
    first, second = opened(failed, refused)
    assert (first.error.msg, second.type) == ("reset", "tcp")
    assert "handshake failed: unknown ca" in second.error.msg


def test_the_two_ends_and_the_flow_have_names_of_their_own():
    state = flow_state(flow(request(Body(0))), (), blob)
    assert len({state["id"], state["client_conn"]["id"], state["server_conn"]["id"]}) == 3


def test_what_was_read_inside_the_app_says_so_also_beside_a_note_of_the_whole():
    tapped = replace(flow(replace(request(Body(0)), source="tap", tapped=True)), tunnel=7)
    written = b"".join(mitm_pieces([tapped, flow(request(Body(0)))], {}, blob, "shortened"))
    first, second = FlowReader(io.BytesIO(written)).stream()
    assert first.metadata == {"tapped": True, "tunnel": 7, "redaction": "shortened"}
    assert second.metadata == {"redaction": "shortened"}
