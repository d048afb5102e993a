from __future__ import annotations

from dataclasses import replace

import pytest
from wire import CATALOG, IMEI, Wire, missing, stamp, taxonomy

from analyzer.analysis import flow_streams
from analyzer.analysis.detect_network import Seen, Watcher
from analyzer.analysis.flow_pass import UNJOINED, Passed, pass_flows
from analyzer.analysis.flow_streams import LARGEST_SEGMENT, LARGEST_STREAM, Streams, only_new, segment_bytes, whole
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.placement import place_session
from analyzer.model.evidence import Body, Connection, Message, Peer
from analyzer.model.vocabulary import Direction, FlowKind, GapKind

BODY = b'{"imei": "%s"}' % IMEI.encode()


def _open(flow: str = "t", kind: FlowKind = FlowKind.TCP) -> Connection:
    return Connection(0, "proxy", stamp(1), flow, kind, "push.example", 5000, Peer("127.0.0.1", 0))


def _segment(data: bytes, direction: Direction = Direction.SENT, *, text: bool = False) -> Message:
    return Message(1, "proxy", stamp(2), "t", direction, text, Body(len(data), data))


def _passed(*parts: bytes, kind: FlowKind = FlowKind.TCP) -> Passed:
    """Send each part a second after the one before, the first in line 2."""
    wire = Wire()
    wire.flows.append(_open(kind=kind))
    wire.flows += [replace(_segment(part), seq=at, stamp=stamp(2 + at)) for at, part in enumerate(parts)]
    session, terms = wire.session(), taxonomy()
    known = gather_indicators("com.example", {"id.imei": (IMEI,)}, (), CATALOG, terms)
    return pass_flows(session, Watcher(known, terms, place_session(session), missing))


def _told(passed: Passed) -> list[Seen]:
    """Give what was seen in the records, and then in the streams."""
    (name,) = passed.seen
    return [*(found for _, found in passed.seen[name]), *passed.joined[name].values()]


def _seen(*parts: bytes, kind: FlowKind = FlowKind.TCP) -> list[tuple[int, str, str, str]]:
    return [
        (one.ref.line, one.data_type, one.path, one.reasoning.rpartition("; ")[2])
        for found in _told(_passed(*parts, kind=kind))
        for one in found.observations
    ]


def _lasting(*parts: bytes) -> list[tuple[int, float]]:
    """Give the line that each find begins in, and how many seconds later it ends."""
    found = [one for seen in _told(_passed(*parts)) for one in seen.observations]
    return [(one.ref.line, (one.until.at_us - one.instant.at_us) / 1e6 if one.until else 0) for one in found]


def test_a_value_across_the_boundary_of_segments_is_found_at_the_first_one():
    told = [(2, "id.imei", "json:$.imei", "the segments of the connection were joined")]
    assert _seen(BODY[:15], BODY[15:]) == told
    assert _seen(BODY[:15], BODY[15:], kind=FlowKind.WEBSOCKET) == []


def test_a_value_is_placed_at_the_segments_that_it_lies_in():
    assert _lasting(b"hello\n", b"ok\n", BODY[:15], BODY[15:], b"\nbye") == [(4, 1)]
    assert _lasting(b"hello\n", BODY[:15], BODY[15:20], BODY[20:] + b"\n") == [(3, 2)]


def test_a_value_that_is_sent_again_is_told_again():
    twice = (BODY[:15], BODY[15:] + b"\n") * 2
    assert _lasting(b"hello\n", *twice, b"bye") == [(3, 1), (5, 1)]


def test_the_search_for_the_segments_of_a_value_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(flow_streams, "LARGEST_SEARCH", 100)
    found = _lasting(b"hello\n", *(BODY[:15], BODY[15:] + b"\n") * 100)
    assert found[0] == (3, 1)
    assert found[-1] == (2, 200)
    assert len(found) < 110


def test_what_one_segment_shows_alone_is_said_once():
    found = _seen(b"hello", BODY)
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
        streams.note(number, _segment(bytes(LARGEST_SEGMENT)), bytes(LARGEST_SEGMENT))
    (segments,) = streams.joined()
    assert (segments[0].line, whole(segments).body.size) == (2, LARGEST_STREAM)
    assert len(segments) == LARGEST_STREAM // LARGEST_SEGMENT
    assert streams.held == LARGEST_STREAM


def test_what_was_not_joined_is_a_gap_as_long_as_it_lasted():
    filled = [b"." * LARGEST_SEGMENT] * (LARGEST_STREAM // LARGEST_SEGMENT)
    passed = _passed(*filled, BODY[:15], BODY[15:])
    assert [one for seen in _told(passed) for one in seen.observations] == []
    (gap,) = (gap for seen in _told(passed) for gap in seen.gaps if gap.why == UNJOINED)
    assert (gap.kind, gap.ref.line, (gap.until_us - gap.at_us) / 1e6) == (GapKind.DECODE_LIMIT, 6, 1)


def test_a_segment_that_is_too_long_alone_has_no_boundary():
    long = b"." * (LARGEST_SEGMENT + 1)
    assert not any(gap.why == UNJOINED for seen in _told(_passed(long)) for gap in seen.gaps)
    assert any(gap.why == UNJOINED for seen in _told(_passed(b"x", long)) for gap in seen.gaps)


def test_one_segment_alone_is_no_stream():
    streams = Streams()
    streams.note(1, _open(), b"")
    streams.note(2, _segment(b"x"), b"x")
    assert list(streams.joined()) == []
    assert only_new(Seen((), ()), []) == Seen((), ())
