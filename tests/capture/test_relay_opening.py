from __future__ import annotations

import ssl

import pytest

from analyzer.capture.relay_opening import LIMIT, RAW, Opening, read_opening


def _hello(name: str | None) -> bytes:
    """Give what a real TLS client says first."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    context.check_hostname = False
    client = context.wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def test_a_hello_names_its_server_once_all_of_it_is_there() -> None:
    hello = _hello("api.tracker.example")
    assert read_opening(hello) == Opening("tls", "api.tracker.example")
    assert all(read_opening(hello[:size]) is None for size in range(len(hello)))


def test_a_hello_in_several_records_is_read_too() -> None:
    hello = _hello("split.example")
    body = hello[5:]
    records = b"".join(hello[:3] + len(part).to_bytes(2, "big") + part for part in (body[:40], body[40:41], body[41:]))
    assert read_opening(records) == Opening("tls", "split.example")


def test_a_hello_without_a_name_is_tls_to_nobody_known() -> None:
    assert read_opening(_hello(None)) == Opening("tls")


@pytest.mark.parametrize(
    ("data", "opening"),
    [
        (b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n", Opening("http", "a.example")),
        (b"POST /x HTTP/1.1\r\nX: 1\r\nhOsT:  a.example:8081 \r\n\r\nbody", Opening("http", "a.example", 8081)),
        (b"GET / HTTP/1.1\r\nHost: [2001:db8::1]:81\r\n\r\n", Opening("http", "2001:db8::1", 81)),
        (b"M-SEARCH * HTTP/1.1\nHost: b.example\n\n", Opening("http", "b.example")),
        (b"GET / HTTP/1.0\r\n\r\n", Opening("http")),
        (b"GET / HTTP/1.1\r\nX: 1\r\n\r\nHost: body.example\r\n", Opening("http")),
        (b"GET / HTTP/1.1\r\nHost: a b<script>\r\n\r\n", Opening("http")),
        (b"GET / HTTP/1.1\r\nHost: a.example:99999\r\n\r\n", Opening("http")),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", RAW),
        (b"HELO mail.example\r\n", RAW),
        (b"\x10\x1f\x00\x04MQTT\x04\x02", RAW),
        (b"\x16\x03\x01\x00\x00rest", RAW),
        (b"\x16\x02\x01\x00\x00", RAW),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * LIMIT, Opening("http")),
        (b"G" * 30, RAW),
    ],
)
def test_first_words_are_read_as_what_they_are(data: bytes, opening: Opening) -> None:
    assert read_opening(data) == opening


@pytest.mark.parametrize("data", [b"", b"\x16", b"\x16\x03", b"GE", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a.exa"])
def test_too_little_is_waited_for(data: bytes) -> None:
    assert read_opening(data) is None


def test_a_hello_that_promises_more_than_anybody_sends_is_raw() -> None:
    endless = b"\x16\x03\x01\x40\x00" + b"\x01\xff\xff\xff" + b"\x00" * 0x3FFC
    assert read_opening(endless * 5) == RAW
