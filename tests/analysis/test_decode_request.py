from __future__ import annotations

from wire import Wire

from analyzer.analysis.decode_request import request_parts, response_parts
from analyzer.model.vocabulary import Where


def _request(target: str, headers=(), host: str = "api.example"):
    wire = Wire()
    wire.request(1, b"body", target=target, headers=headers, host=host)
    (line,) = wire.session().recordings[0].flows
    return [part[:4] for part in request_parts(line.record, b"body")]


def test_segments_carry_the_name_before_them_and_matrix_parameters_their_own():
    assert _request("/v1/imei/86%37;os=13;flag#x=1") == [
        (Where.URL, "path:1", "", "v1"),
        (Where.URL, "path:2", "", "imei"),
        (Where.URL, "path:3", "imei", b"867"),
        (Where.URL, "matrix:os", "os", "13"),
        (Where.URL, "path:3", "imei", b"flag"),
        (Where.URL, "fragment:x", "x", "1"),
        (Where.BODY, "", "", b"body"),
    ]


def test_long_labels_of_the_host_may_carry_data():
    found = _request("/", host="867431059238179.www.internationalization.example")
    assert (Where.URL, "host:0", "", "867431059238179") in found
    assert len(found) == 2


def test_headers_keep_their_bytes_and_the_word_of_basic_authorization_stands_alone():
    found = _request("/", (("Authorization", "Basic dTpw"), ("X-Name", "\xe4"), ("X-Wide", "世"), ("Host", "h")))
    assert [value for where, *_, value in found if where is Where.HEADER] == ["Basic dTpw", "dTpw", b"\xe4", "世"]


def test_the_encoding_of_a_body_goes_with_it():
    wire = Wire()
    flow = wire.request(1, b"x", headers=(("Content-Encoding", "br"),))
    wire.response(flow, 2, b"y")
    asked, answered = wire.session().recordings[0].flows
    assert [encoding for *_, encoding in request_parts(asked.record, b"x")][-1] == "br"
    assert [value for _, _, _, value, _ in response_parts(answered.record, b"y")] == [b"y"]


def test_cookies_are_taken_one_by_one():
    found = _request("/", (("Cookie", "a=1; b=2"), ("Set-Cookie", "c=3; Path=/")))[:-1]
    assert found == [
        (Where.COOKIE, "cookie:a", "a", "1"),
        (Where.COOKIE, "cookie:b", "b", "2"),
        (Where.HEADER, "header:Set-Cookie:c", "c", "3"),
    ]
