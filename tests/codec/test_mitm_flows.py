from __future__ import annotations

import pytest
from mitmproxy.test import tflow

from analyzer.codec.mitm_flows import FlowStates
from analyzer.model.evidence import Connection, FlowError, Message, Refusal, Request, Response


def records(flow, **changes):
    state = flow.get_state()
    for path, value in changes.items():
        holder, *inner = path.split("__")
        if inner:
            state[holder][inner[0]] = value
        else:
            state[holder] = value
    return list(FlowStates("a.flow").records(state, 3))


def test_an_exchange_becomes_a_request_and_a_response_of_one_flow():
    request, response = records(tflow.tflow(resp=True))
    assert isinstance(request, Request)
    assert isinstance(response, Response)
    assert request.flow == response.flow == "a.flow:3"
    assert (request.method, request.scheme, request.host, request.port, request.target) == (
        *("GET", "http", "address", 22, "/path"),
    )
    assert (request.stamp.wall_us, request.end.wall_us) == (946681200_000000, 946681201_000000)
    assert request.headers == (("header", "qvalue"), ("content-length", "7"))
    assert (request.body.data, response.body.data, response.status) == (b"content", b"message", 200)
    assert (request.peer.client_host, request.peer.client_port, request.peer.sni) == ("127.0.0.1", 22, "address")
    assert request.stamp.domain == "import"


@pytest.mark.parametrize(
    ("changes", "host"),
    [
        ({"request__headers": [(b"Host", b"other.example.com:99")]}, "address"),
        ({"request__authority": b"h2.example.com"}, "address"),
        (
            {"request__host": "", "request__headers": [(b"Host", b"Real.example.com:99")], "client_conn__sni": None},
            "real.example.com",
        ),
        (
            {
                "request__host": "203.0.113.9",
                "request__headers": [(b"Host", b"other.example.com")],
                "client_conn__sni": None,
            },
            "203.0.113.9",
        ),
        ({"request__authority": b"a b"}, "address"),
        ({"request__host": "203.0.113.9", "client_conn__sni": "sni.example.com"}, "sni.example.com"),
        ({"request__host": "203.0.113.9", "client_conn__sni": None}, "203.0.113.9"),
        ({"request__host": "例子.测试"}, "xn--fsqu00a.xn--0zwm56d"),
        ({"request__host": b"old.example.com"}, "old.example.com"),
    ],
)
def test_the_host_is_the_one_the_request_went_to(changes, host):
    assert records(tflow.tflow(), **changes)[0].host == host


def test_a_body_that_was_streamed_past_is_missing_and_says_so():
    body = records(tflow.tflow(), request__content=None)[0].body
    assert (body.size, body.data, body.truncated) == (7, b"", True)


def test_trailers_are_kept_behind_the_headers():
    found = records(tflow.tflow(), request__trailers=[(b"grpc-status", b"0")])[0]
    assert found.headers[-1] == ("grpc-status", "0")


def test_an_unanswered_flow_and_an_error_are_evidence_too():
    request, error = records(tflow.tflow(err=True))
    assert isinstance(request, Request)
    assert isinstance(error, FlowError)
    assert (error.error, error.stamp.wall_us) == ("error", 946681207_000000)


def test_a_request_without_times_gets_that_of_the_flow():
    found = records(tflow.tflow(), request__timestamp_start=None, request__timestamp_end=None, timestamp_created=5.5)
    assert [found[0].stamp.wall_us, found[0].end.wall_us] == [5_500_000, 5_500_000]


def test_web_socket_messages_follow_their_handshake():
    found = [record for record in records(tflow.twebsocketflow()) if isinstance(record, Message)]
    assert [(record.direction.value, record.text, record.body.data) for record in found] == [
        ("sent", False, b"hello binary"),
        ("sent", True, b"hello text"),
        ("received", True, b"it's me"),
    ]


@pytest.mark.parametrize(("flow", "kind"), [(tflow.ttcpflow(), "tcp"), (tflow.tudpflow(), "udp")])
def test_raw_connections_have_their_segments(flow, kind):
    opening, *messages = records(flow, client_conn__sni=None)
    assert isinstance(opening, Connection)
    assert (opening.kind.value, opening.host, opening.port) == (kind, "address", 22)
    assert [message.body.data for message in messages] == [b"hello", b"it's me"]


def test_dns_messages_are_bytes_of_the_wire():
    opening, question, answer = records(tflow.tdnsflow(resp=True))
    assert opening.kind.value == "dns"
    assert b"\x03dns\x06google\x00" in question.body.data
    assert answer.body.data.endswith(b"\x08\x08\x04\x04")


def test_a_tunnel_that_the_app_broke_off_is_a_refusal():
    words = "Client TLS handshake failed. The client does not trust the proxy's certificate."
    flow = tflow.tflow()
    flow.request.method, flow.request.host, flow.request.port = "CONNECT", "pinned.example.com", 443
    flow.client_conn.sni, flow.client_conn.error = "", words
    (refusal,) = records(flow)
    assert isinstance(refusal, Refusal)
    assert (refusal.host, refusal.port, refusal.error) == ("pinned.example.com", 443, words)
    raw = tflow.ttcpflow(messages=[])
    raw.client_conn.error = words
    assert isinstance(records(raw)[0], Refusal)


def test_the_copy_that_old_files_make_of_a_handshake_brings_only_its_messages():
    flow = tflow.twebsocketflow()
    states = FlowStates("a.flow")
    first = flow.get_state() | {"websocket": None}
    assert len(list(states.records(first, 1))) == 2
    copy = flow.get_state() | {"metadata": {"duplicated": "migrated"}}
    again = list(states.records(copy, 2))
    assert [type(record) for record in again] == [Message] * 3
    assert {record.flow for record in again} == {"a.flow:1"}


@pytest.mark.parametrize(
    "changes",
    [
        *({"type": "strange"}, {"request": None}, {"request__method": 5}, {"request__content": 5}),
        *({"request__headers": [(b"a",)]}, {"client_conn": None}, {"response__status_code": "x"}, {"error": {"x": 1}}),
    ],
)
def test_a_state_of_odd_shape_is_refused_and_costs_no_number(changes):
    states = FlowStates("a.flow")
    state = tflow.tflow(resp=True).get_state()
    for path, value in changes.items():
        holder, *inner = path.split("__")
        (state[holder] if inner else state)[inner[0] if inner else holder] = value
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        states.records(state, 1)
    assert next(states.records(tflow.tflow().get_state(), 2)).seq == 1


@pytest.mark.parametrize(("metadata", "tapped"), [({"tapped": True}, True), ({"tapped": 1}, False), ({}, False)])
def test_what_was_read_inside_the_app_stays_known_as_that(metadata, tapped):
    assert records(tflow.tflow(), metadata=metadata)[0].tapped is tapped
