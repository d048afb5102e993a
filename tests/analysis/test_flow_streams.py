from __future__ import annotations

from dataclasses import replace

from wire import CATALOG, IMEI, Wire, missing, stamp, taxonomy

from analyzer.analysis.detect_network import Seen, Watcher
from analyzer.analysis.flow_pass import pass_flows
from analyzer.analysis.flow_streams import LARGEST_SEGMENT, LARGEST_STREAM, Streams, only_new, segment_bytes
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.placement import place_session
from analyzer.model.evidence import Body, Connection, Message, Peer
from analyzer.model.vocabulary import Direction, FlowKind


def _open(flow: str = "t", kind: FlowKind = FlowKind.TCP) -> Connection:
    return Connection(0, "proxy", stamp(1), flow, kind, "push.example", 5000, Peer("127.0.0.1", 0))


def _segment(data: bytes, direction: Direction = Direction.SENT, *, text: bool = False) -> Message:
    return Message(1, "proxy", stamp(2), "t", direction, text, Body(len(data), data))


def _seen(*parts: bytes, kind: FlowKind = FlowKind.TCP) -> list[tuple[int, str, str, str]]:
    wire = Wire()
    wire.flows.append(_open(kind=kind))
    wire.flows += [replace(_segment(part), seq=at, stamp=stamp(2 + at)) for at, part in enumerate(parts)]
    session, terms = wire.session(), taxonomy()
    known = gather_indicators("com.example", {"id.imei": (IMEI,)}, (), CATALOG, terms)
    seen = pass_flows(session, Watcher(known, terms, place_session(session), missing)).seen
    return [
        (ref.line, one.data_type, one.path, one.reasoning.rpartition("; ")[2])
        for ref, found in seen.items()
        for one in found.observations
    ]


def test_a_value_across_the_boundary_of_segments_is_found_at_the_first_one():
    body = b'{"imei": "%s"}' % IMEI.encode()
    told = [(2, "id.imei", "json:$.imei", "the segments of the connection were joined")]
    assert _seen(body[:15], body[15:]) == told
    assert _seen(body[:15], body[15:], kind=FlowKind.WEBSOCKET) == []


def test_what_one_segment_shows_alone_is_said_once():
    found = _seen(b"hello", b'{"imei": "%s"}' % IMEI.encode())
    assert [(line, data_type) for line, data_type, *_ in found] == [(3, "id.imei")]


def test_only_what_the_app_sends_as_bytes_is_a_segment():
    assert segment_bytes(_segment(b"x")) == b"x"
    assert segment_bytes(_segment(b"x", text=True)) == b""
    assert segment_bytes(_segment(b"x", Direction.RECEIVED)) == b""
    assert segment_bytes(_segment(bytes(LARGEST_SEGMENT + 1))) == b""
    assert segment_bytes(_open()) == b""


def test_streams_are_held_up_to_their_bound():
    streams = Streams()
    streams.note(1, _open(), b"")
    for number in range(2, 20):
        streams.note(number, _segment(b"x"), bytes(LARGEST_SEGMENT))
    ((line, whole, lines),) = streams.joined()
    assert (line, whole.body.size, len(lines)) == (2, LARGEST_STREAM, LARGEST_STREAM // LARGEST_SEGMENT)
    assert streams.held == LARGEST_STREAM


def test_one_segment_alone_is_no_stream():
    streams = Streams()
    streams.note(1, _open(), b"")
    streams.note(2, _segment(b"x"), b"x")
    assert list(streams.joined()) == []
    assert only_new(Seen((), ()), []) == Seen((), ())
