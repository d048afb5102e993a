from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tap_rig import RECEIVED, SENT, Line

from analyzer.model.evidence import Request, Response

POST = b"POST /x?a=1 HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nX-Caf\xe9: \xe9\r\n\r\nhello"
OK = b"HTTP/1.1 200 Fine\r\nContent-Length: 2\r\n\r\nok"
ASKED = ("request", "POST", "a.example", "/x?a=1", b"hello", False)


def test_an_exchange_has_its_names_bytes_and_instants_as_they_were():
    written = Line().say(SENT, POST[:30]).say(SENT, POST[30:]).say(RECEIVED, OK).end()
    request, response = written.records
    assert (request.headers[-1], request.tapped, request.scheme) == (("X-Caf\xe9", "\xe9"), True, "https")
    assert (request.stamp.mono_us, request.end.mono_us, response.stamp.mono_us) == (1, 2, 3)
    assert (response.reason, response.flow) == ("Fine", request.flow)
    assert written.gaps == []


def test_requests_that_do_not_wait_for_answers_get_their_own():
    line = Line().say(SENT, POST + b"HEAD /h HTTP/1.1\r\nHost: a.example\r\n\r\n" + POST)
    line.say(RECEIVED, OK + b"HTTP/1.1 200 \r\nContent-Length: 99\r\n\r\nHTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n")
    written = line.end()
    asked = {one.flow: one.method for one in written.of(Request)}
    assert [(asked[one.flow], one.status) for one in written.of(Response)] == [
        ("POST", 200),
        ("HEAD", 200),
        ("POST", 404),
    ]


def test_an_answer_that_comes_to_us_before_its_request_waits_for_it():
    written = Line().say(SENT, POST[:40]).say(RECEIVED, OK).say(SENT, POST[40:]).end()
    assert written.said() == [ASKED, ("response", 200, b"ok", False)]


def test_chunks_are_joined_and_what_only_announces_an_answer_is_none():
    chunked = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
    line = Line().say(SENT, b"POST / HTTP/1.1\r\nExpect: 100-continue\r\n" + chunked)
    written = line.say(RECEIVED, b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 \r\n" + chunked).end()
    assert written.said() == [
        ("request", "POST", "a.example", "/", b"abcde", False),
        ("response", 200, b"abcde", False),
    ]
    assert [one.headers[-1] for one in written.records] == [("T", "1"), ("T", "1")], "headers behind a body count too"


@pytest.mark.parametrize(("direction", "cut"), [(RECEIVED, False), (None, False)])
def test_an_answer_without_a_length_lasts_until_its_end(direction, cut):
    line = (
        Line().say(SENT, b"GET / HTTP/1.0\r\n\r\n").say(RECEIVED, b"HTTP/1.0 200 \r\n\r\nall of").say(RECEIVED, b" it")
    )
    line.end(direction)
    assert line.end().said()[1:] == [("response", 200, b"all of it", cut)]


def test_what_does_not_end_is_written_as_far_as_it_came():
    written = Line().say(SENT, POST[:-2]).say(RECEIVED, OK[:-1]).end()
    assert written.said() == [("request", "POST", "a.example", "/x?a=1", b"hel", True), ("response", 200, b"o", True)]


def test_a_body_that_breaks_is_cut_and_what_follows_is_kept_as_it_is():
    broken = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nimei 490154203237518\r\nmore"
    written = Line().say(SENT, broken).say(RECEIVED, b"what?").end()
    assert written.said() == [
        ("request", "POST", "a.example", "/", b"abc", True),
        ("connection", "a.example"),
        ("message", "sent", False, b"imei 490154203237518\r\nmore", False),
        ("message", "received", False, b"what?", False),
    ]
    assert "could not be read (the parts of a body are no HTTP/1)" in written.gaps[0]


def test_a_head_that_is_none_is_kept_as_it_is():
    written = Line().say(SENT, b"GET me a coffee\r\n\r\nimei=490154203237518").end()
    assert [one[0] for one in written.said()] == ["connection", "message"]
    assert written.said()[1][3] == b"GET me a coffee\r\n\r\nimei=490154203237518"
    assert "a head is no HTTP/1" in written.gaps[0]


def test_a_head_without_an_end_is_given_up_and_kept():
    line = Line()
    for _ in range(40):
        line.say(SENT, b"GET /" + b"a" * 10_000)
    written = line.end()
    assert "a head does not end" in written.gaps[0]
    assert sum(len(one[3]) for one in written.said() if one[0] == "message") == 40 * 10_005


def test_a_tunnel_within_the_connection_is_kept_as_it_is():
    line = Line().say(SENT, b"CONNECT c.example:443 HTTP/1.1\r\n\r\n").say(RECEIVED, b"HTTP/1.1 200 \r\n\r\n")
    written = line.say(SENT, b"\x16inner").say(RECEIVED, b"\x16outer").end()
    assert [one[3] for one in written.said()[2:]] == [b"\x16inner", b"\x16outer"]
    assert written.said()[0][3] == "c.example:443"


def test_an_upgrade_that_is_not_granted_stays_http():
    line = (
        Line().say(SENT, b"GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n").say(RECEIVED, OK).say(SENT, POST).say(RECEIVED, OK)
    )
    assert line.end().said()[2:] == [ASKED, ("response", 200, b"ok", False)]


STREAMS = {SENT: POST * 3 + b"GET /last HTTP/1.1\r\n\r\n", RECEIVED: OK * 3 + b"HTTP/1.1 204 \r\n\r\n"}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([SENT, RECEIVED]), st.integers(1, 60)), max_size=60))
def test_it_does_not_matter_where_pieces_end_and_which_direction_comes_first(cuts):
    line, left = Line().say(SENT, STREAMS[SENT][:1]), {SENT: STREAMS[SENT][1:], RECEIVED: STREAMS[RECEIVED]}
    for direction, size in [*cuts, (SENT, 9999), (RECEIVED, 9999)]:
        part, left[direction] = left[direction][:size], left[direction][size:]
        if part:
            line.say(direction, part)
    written = line.end()
    assert [one[2:5] for one in written.said() if one[0] == "request"] == [ASKED[2:5]] * 3 + [
        ("a.example", "/last", b"")
    ]
    assert [one[1] for one in written.said() if one[0] == "response"] == [200, 200, 200, 204]
    assert written.gaps == []
