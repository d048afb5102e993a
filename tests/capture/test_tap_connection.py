from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tap_rig import RECEIVED, SENT, Line, at

from analyzer.capture.tap_http2 import PREFACE
from analyzer.capture.tap_messages import TapPiece
from analyzer.model.evidence import Message

GET = b"GET /x HTTP/1.1\r\n\r\n"
SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"


def test_what_the_server_says_first_waits_for_what_the_app_says():
    written = Line().say(RECEIVED, b"220 hello\r\n").say(SENT, b"\x00\x01").say(RECEIVED, b"bye").end()
    assert [one[-2] for one in written.said()[1:]] == [b"220 hello\r\n", b"\x00\x01", b"bye"]
    assert written.gaps == []


def test_an_app_that_only_listens_is_heard_at_the_end_and_before_it_fills_the_memory():
    assert [one[0] for one in Line().say(RECEIVED, b"220 hello\r\n").end().said()] == ["connection", "message"]
    line = Line()
    for _ in range(9):
        line.say(RECEIVED, b"a" * 10_000)
    assert len(line.written.of(Message)) == 9


@pytest.mark.parametrize("size", [1, 3, 16, 23])
def test_the_preface_of_http2_is_known_in_pieces(size):
    written = Line().say(SENT, PREFACE[:size]).say(SENT, PREFACE[size:] + SETTINGS).say(RECEIVED, SETTINGS).end()
    assert written.records == []
    assert written.gaps == []


def test_the_method_of_a_request_is_known_in_pieces():
    line = Line()
    for letter in GET:
        line.say(SENT, bytes([letter]))
    assert [one[0] for one in line.end().said()] == ["request"]


def test_a_hole_ends_its_direction_and_is_said_once():
    line = Line().say(SENT, GET)
    for offset in (999, 2000):
        line.connection.feed(TapPiece("7:1", at(5), SENT, offset, b"x"))
    written = line.say(RECEIVED, b"HTTP/1.1 204 \r\n\r\n").end()
    assert [one[0] for one in written.said()] == ["request", "response"]
    (why,) = written.gaps
    assert why.endswith("what was sent is not told any further: from byte 19 on something is missing")


def test_a_direction_that_is_cut_short_leaves_the_other_readable():
    line = Line().say(SENT, GET).say(RECEIVED, b"HTTP/1.1 200 \r\ncontent-length: 9\r\n\r\nab")
    line.connection.lose(RECEIVED, at(5), "enough")
    written = line.say(SENT, GET).end()
    assert [one[0] for one in written.said()] == ["request", "response", "request"]
    assert written.said()[1][3] is True
    assert written.gaps[0].endswith("what was received is not told any further: enough")


def test_http2_without_its_beginning_is_a_gap_and_its_bytes_are_kept():
    data = b"\x00\x00\x0f\x00\x01\x00\x00\x00\x05490154203237518"
    written = Line(late=True).say(SENT, data).end()
    assert written.said()[1] == ("message", "sent", False, data, False)
    assert "compressed heads cannot be read" in written.gaps[0]


def test_another_protocol_in_its_middle_is_a_gap_and_its_bytes_are_kept():
    written = Line(late=True).say(SENT, b"\xffmiddle").end()
    assert written.said()[1][3] == b"\xffmiddle"
    assert written.gaps[0].endswith("it was open before the tap; what came of it since is kept as it is")


def test_a_request_that_was_first_seen_in_a_late_connection_is_read():
    assert [one[0] for one in Line(late=True).say(SENT, GET).end().said()] == ["request"]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([SENT, RECEIVED]), st.binary(min_size=1, max_size=80)), max_size=12))
def test_whatever_an_app_says_nothing_breaks_and_no_byte_of_no_protocol_is_lost(said):
    line = Line()
    for direction, data in said:
        line.say(direction, data)
    written = line.end()
    kept = b"".join(one.body.data for one in written.of(Message))
    if not written.gaps and all(isinstance(one, Message) for one in written.records[1:]):
        assert len(kept) == sum(len(data) for _, data in said)
