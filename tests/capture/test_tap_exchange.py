from __future__ import annotations

from dataclasses import replace

import pytest
from tap_rig import PLACE, RECEIVED, SENT, Written, at

from analyzer.capture.tap_exchange import Exchange, Out, Raw, Unreadable
from analyzer.capture.tap_records import Head, StatusHead

HEAD = Head("POST", "a.example", 443, "/", "HTTP/1.1", (("a", "b"),))
ANSWER = StatusHead(200, "", "HTTP/1.1", ())


def out(written: Written) -> Out:
    return Out(written, "7:1", PLACE)


@pytest.mark.parametrize("authority", ["", "a b", "[", "x" * 300, "\x00"])
def test_a_host_that_is_none_is_the_connections(authority):
    assert out(Written()).host(authority) == "a.example"


def test_a_request_names_the_host_without_its_port_where_the_connection_has_none():
    nowhere = Out(Written(), "7:1", replace(PLACE, host=""))
    assert [nowhere.host(one) for one in ("b.example", "b.example:8443", "[2001:db8::1]:443", "a b")] == [
        "b.example",
        "b.example",
        "2001:db8::1",
        "",
    ]


def test_a_request_that_names_another_host_than_its_connections_is_told_once():
    written = Written()
    door = out(written)
    assert [door.host(one) for one in ("nice.example:443", "nice.example", "A.example:443")] == ["a.example"] * 3
    (why,) = written.gaps
    assert "names nice.example in its Host header another host than the one it went to" in why


def test_an_answer_waits_for_its_request_and_each_is_written_once():
    written = Written()
    exchange = Exchange(out(written))
    exchange.begin(HEAD, at(1))
    exchange.begin_answer(ANSWER, at(2))
    exchange.received(b"ok")
    exchange.end_answer(at(3))
    assert written.records == []
    exchange.sent(b"hello")
    for _ in range(2):
        exchange.end_request(at(4))
        exchange.close(at(5))
    assert written.said() == [
        ("request", "POST", "a.example", "/", b"hello", False),
        ("response", 200, b"ok", False),
    ]


def test_an_exchange_that_has_not_begun_writes_nothing():
    written = Written()
    Exchange(out(written)).close(at(1))
    assert written.records == []


def test_heads_are_bounded_and_weigh_something():
    written = Written()
    door = out(written)
    large = Head("GET", "a.example", 443, "/", "HTTP/1.1", (("x", "y" * 1_000_000),))

    def ask(times: int) -> None:
        for _ in range(times):
            exchange = Exchange(door)
            exchange.begin(large, at(1))
            exchange.end_request(at(1))

    with pytest.raises(Unreadable, match="heads"):
        ask(99)
    assert 30_000_000 < written.weight < 34_000_000


def test_pieces_of_no_protocol_share_a_flow():
    written = Written()
    raw = Raw(out(written))
    raw.feed(SENT, b"a", at(1))
    raw.feed(RECEIVED, b"b", at(2))
    assert [one[0] for one in written.said()] == ["connection", "message", "message"]
    assert len({one.flow for one in written.records}) == 1
