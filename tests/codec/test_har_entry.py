from __future__ import annotations

import pytest

from analyzer.codec.har_entry import HarEntries, NoEntry
from analyzer.model.evidence import Connection, FlowError, Message, Refusal, Request, Response

START = 1_767_225_600_000_000


def entry(request=None, **rest):
    request = {"method": "GET", "url": "https://api.example.com/v1", "headers": [], **(request or {})}
    return {"startedDateTime": "2026-01-01T00:00:00Z", "request": request, "response": {"status": 200}, **rest}


def records(document, number=1):
    return HarEntries("a.har").records(document, number)


def request_of(**request) -> Request:
    return records(entry(request))[0]


def test_an_exchange_becomes_a_request_and_a_response_of_one_flow():
    timings = {"blocked": 1, "dns": 2, "connect": 3, "ssl": 2, "send": 4, "wait": 20, "receive": 30}
    request, response = records(entry(time=60, timings=timings), 7)
    assert isinstance(request, Request)
    assert isinstance(response, Response)
    assert request.flow == response.flow == "a.har:7"
    assert (request.seq, response.seq) == (1, 2)
    assert (request.scheme, request.host, request.port, request.target) == ("https", "api.example.com", 443, "/v1")
    assert [request.stamp.wall_us - START, request.end.wall_us - START] == [0, 10_000]
    assert [response.stamp.wall_us - START, response.end.wall_us - START] == [30_000, 60_000]
    assert request.stamp.domain == "import"


@pytest.mark.parametrize(
    "headers",
    [
        [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}, {"name": "B", "value": "x: y"}],
        [["A", "1"], ["A", "2"], ["B", "x: y"]],
        [{"name": "A", "value": "1\n2"}, {"name": "B", "value": "x: y"}],
        "A: 1\r\nA: 2\r\nB: x: y",
        ["A: 1", "A: 2", "B: x: y"],
    ],
)
def test_headers_are_read_from_every_shape_and_doubles_are_kept(headers):
    assert request_of(headers=headers).headers == (("A", "1"), ("A", "2"), ("B", "x: y"))


@pytest.mark.parametrize(("said", "tapped"), [({"_tapped": True}, True), ({"_tapped": "yes"}, False), ({}, False)])
def test_what_was_read_inside_the_app_stays_known_as_that(said, tapped):
    assert records(entry(**said))[0].tapped is tapped


def test_headers_of_a_mapping_may_have_several_values():
    assert sorted(request_of(headers={"A": ["1", "2"], "B": "3"}).headers) == [("A", "1"), ("A", "2"), ("B", "3")]


def test_letters_beyond_latin_1_in_a_header_are_bytes_of_utf_8():
    assert request_of(headers=[["X-Name", "张"]]).headers[0][1].encode("latin-1") == "张".encode()


def test_pseudo_headers_complete_what_the_url_lacks_and_are_no_headers():
    pseudo = [
        [":authority", "h2.example.com"],
        [":path", "/p?q=1"],
        [":method", "PUT"],
        [":scheme", "https"],
        ["a", "b"],
    ]
    found = request_of(url="", headers=pseudo, method="")
    assert (found.host, found.target, found.method, found.http_version) == (
        "h2.example.com",
        "/p?q=1",
        "PUT",
        "HTTP/2.0",
    )
    assert found.headers == (("a", "b"),)


def test_a_host_header_names_the_host_only_where_the_url_names_none():
    assert request_of(url="https://203.0.113.5/x", headers=[["Host", "real.example.com"]]).host == "203.0.113.5"
    assert request_of(url="https://a.example/x", headers=[["Host", "real.example.com"]]).host == "a.example"
    assert request_of(url="/only/path", headers=[["Host", "real.example.com"]]).host == "real.example.com"
    assert request_of(url="/only/path", headers=[["Host", "real.example.com:8443"]]).port == 8443


def test_a_query_that_stands_only_in_its_list_joins_the_target():
    query = [{"name": "imei", "value": "490154203237518"}, {"name": "a b", "value": "c&d"}]
    assert request_of(queryString=query).target == "/v1?imei=490154203237518&a%20b=c%26d"
    assert request_of(url="https://a.example/?x=1", queryString=query).target == "/?x=1"


def test_cookies_that_stand_only_in_their_list_become_a_header():
    cookies = [{"name": "uid", "value": "7"}, {"name": "t", "value": "x"}]
    assert request_of(cookies=cookies).headers == (("Cookie", "uid=7; t=x"),)
    assert request_of(cookies=cookies, headers=[["cookie", "uid=8"]]).headers == (("cookie", "uid=8"),)
    _, response = records(entry() | {"response": {"status": 200, "cookies": cookies}})
    assert response.headers == (("Set-Cookie", "uid=7"), ("Set-Cookie", "t=x"))


@pytest.mark.parametrize(
    "url", ["data:text/plain,imei", "blob:https://a/b", "chrome-extension://id/x", "file:///etc/x"]
)
def test_what_never_leaves_the_device_is_no_traffic(url):
    found = request_of(url=url, postData={"text": "secret"})
    assert (found.target, found.body.size) == ("", 0)


@pytest.mark.parametrize("response", [{"status": 0}, {}, None, {"status": -1}, {"status": "x"}, "no"])
def test_an_exchange_without_a_response_says_so(response):
    request, error = records(entry() | {"response": response})
    assert isinstance(request, Request)
    assert isinstance(error, FlowError)
    assert records(entry() | {"response": {"status": 0, "_error": "net::ERR_ABORTED"}})[1].error == "net::ERR_ABORTED"


@pytest.mark.parametrize(
    "error",
    [
        *("net::ERR_CERT_AUTHORITY_INVALID", "SSL handshake with client failed: certificate_unknown"),
        *("net::ERR_SSL_PROTOCOL_ERROR", "javax.net.ssl.SSLHandshakeException", "TLS handshake error"),
    ],
)
def test_a_request_that_a_refused_certificate_kept_from_being_sent_is_a_refusal(error):
    (refusal,) = records(entry({"url": "https://pinned.example.com:8443/v1"}, response={"status": 0, "_error": error}))
    assert isinstance(refusal, Refusal)
    assert (refusal.host, refusal.port, refusal.error) == ("pinned.example.com", 8443, error)


def test_what_was_answered_is_an_exchange_whatever_its_error_says():
    request, _, error = records(entry(response={"status": 200, "_error": "net::ERR_CERT_DATE_INVALID"}))
    assert isinstance(request, Request)
    assert isinstance(error, FlowError)


def test_a_tunnel_is_an_unread_connection_unless_an_entry_shows_its_content():
    entries = HarEntries("a.har")
    for number, url in enumerate(("https://pinned.example.com:443", "api.example.com:443", "pinned.example.com:443")):
        assert entries.records(entry({"method": "CONNECT", "url": url}), number) == []
    entries.records(entry(), 3)
    (tunnel,) = entries.tunnels()
    assert isinstance(tunnel, Connection)
    entries.records(entry({"url": "http://pinned.example.com/plain"}), 4)
    assert entries.tunnels() == [tunnel], "plain traffic to a host says nothing of its tunnel"
    assert (tunnel.kind.value, tunnel.host, tunnel.port, tunnel.flow) == ("tls", "pinned.example.com", 443, "a.har:0")


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("http/2.0", "HTTP/2.0"),
        ("h2", "HTTP/2.0"),
        ("h3", "HTTP/3"),
        ("HTTP/1.0", "HTTP/1.0"),
        ("unknown", "HTTP/1.1"),
        (2, "HTTP/1.1"),
    ],
)
def test_versions_are_spelt_in_one_way(version, expected):
    assert request_of(httpVersion=version).http_version == expected


def test_web_socket_messages_are_read_with_their_direction_and_bytes():
    messages = [
        {"type": "send", "time": 1_767_225_601.5, "opcode": 1, "data": "hi 张"},
        {"type": "receive", "time": 1_767_225_602, "opcode": 2, "data": "AAEC"},
        {"type": "sent", "time": 1_767_225_603_000, "opcode": 2, "data": "\x00\xff"},
        5,
    ]
    found = [record for record in records(entry(_webSocketMessages=messages)) if isinstance(record, Message)]
    assert [message.direction.value for message in found] == ["sent", "received", "sent"]
    assert [message.body.data for message in found] == ["hi 张".encode(), b"\x00\x01\x02", b"\x00\xff"]
    assert [message.text for message in found] == [True, False, False]
    assert [(message.stamp.wall_us - START) // 100_000 for message in found] == [15, 20, 30]


def test_an_entry_without_a_time_gets_that_of_the_one_before():
    entries = HarEntries("a.har")
    entries.records(entry(), 1)
    undated = entry()
    del undated["startedDateTime"]
    assert entries.records(undated, 2)[0].stamp.wall_us == START


@pytest.mark.parametrize("document", [None, 1, "x", [], {}, {"request": 5}])
def test_what_has_no_request_is_no_entry(document):
    with pytest.raises(NoEntry):
        records(document)
