from __future__ import annotations

import pytest

from analyzer.model.clock import Stamp
from analyzer.model.evidence import Body, FlowError, Peer, Request, Response
from analyzer.model.vocabulary import Source, Strategy
from analyzer.store.flow_index import stored_flows
from analyzer.store.session import SessionWriter


def request(flow: str) -> Request:
    at = Stamp(1, 1)
    return Request(1, "p", at, at, flow, "GET", "https", "a", 443, "/", "HTTP/1.1", (), Body(1, b"x"), Peer("", 0))


def response(flow: str) -> Response:
    return Response(1, "p", Stamp(2, 2), Stamp(2, 2), flow, 200, "", "HTTP/1.1", (), Body(0))


@pytest.fixture
def session(workspace, make):
    with SessionWriter.create(workspace, make.info(workspace)) as writer:
        first = writer.add_recording(Strategy.ACCEPT, Source)
        error = FlowError(1, "p", Stamp(3, 3), "one", "gone")
        for record in (request("one"), request("two"), response("two"), error, response("one"), response("none")):
            first.append(record)
        writer.add_recording(Strategy.REFUSE, Source).append(request("one"))
    return writer.path


def told(path):
    return [(flow.recording, [(line.number, type(line.record).__name__) for line in flow.lines])
            for flow in stored_flows(path)]  # fmt: skip


def test_each_flow_comes_with_its_records_in_the_order_of_the_beginnings(session):
    assert told(session) == [
        ("1-accept", [(1, "Request"), (4, "FlowError"), (5, "Response")]),
        ("1-accept", [(2, "Request"), (3, "Response")]),
        ("2-refuse", [(1, "Request")]),
    ]


def test_a_line_that_is_none_keeps_its_number(session):
    path = session / "recordings" / "1-accept" / "flows.jsonl"
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0], b"torn", *lines[2:]]))
    assert told(session)[0] == ("1-accept", [(1, "Request"), (4, "FlowError"), (5, "Response")])
    assert len(told(session)) == 2
