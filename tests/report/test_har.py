from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest

from analyzer.model.clock import Instant, Stamp
from analyzer.model.evidence import (
    Blob,
    Body,
    Connection,
    EvidenceRef,
    FlowError,
    Line,
    Message,
    Peer,
    Request,
    Response,
)
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Direction, FlowKind, Owner, Source
from analyzer.report.har import har_entry, har_pieces

AT_US = 1_700_000_000_000_000
KEYS = {
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
    "response": {
        "status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize",
        "bodySize",
    },
}  # fmt: skip
"""What HAR 1.2 demands."""


def at(us: int) -> Stamp:
    return Stamp(1000 + us, 5)


def request(body: Body | None = None, **parts) -> Request:
    made = {"seq": 1, "source": "p", "stamp": at(0), "end": at(2000), "flow": "f", "method": "POST", "scheme": "https",
            "host": "a.example", "port": 443, "target": "/p?x=1&y=%20", "http_version": "HTTP/2.0",
            "headers": (("Content-Type", "text/plain"), ("Cookie", "a=1; b=2")), "body": body or Body(0),
            "peer": Peer("127.0.0.1", 40000)}  # fmt: skip
    return Request(**(made | parts))


def response(body: bytes, *headers: tuple[str, str]) -> Response:
    return Response(2, "p", at(5000), at(9000), "f", 200, "OK", "HTTP/2.0", headers, Body(len(body), body))


def flow(opening, answer=None, messages=(), errors=()) -> Flow:
    return Flow(
        3, EvidenceRef("1-accept", Source.FLOWS, 1), Instant(AT_US, "p", 1), FlowKind.HTTP, "a.example", 443, Owner.APP,
        Line(1, opening), None if answer is None else Line(2, answer),
        tuple(Line(3, one) for one in messages), tuple(Line(4, one) for one in errors),
    )  # fmt: skip


def blob(_recording: str, _blob: Blob) -> bytes:
    raise KeyError(_blob.path)


def entry(one: Flow, opened=lambda data, encoding: None):
    made = har_entry(one, (), blob, opened)
    assert made.keys() >= KEYS["entry"]
    assert made["request"].keys() >= KEYS["request"]
    assert made["response"].keys() >= KEYS["response"]
    return made


def test_an_exchange_has_everything_that_the_standard_demands():
    made = entry(flow(request(Body(2, b"hi")), response(b"{}", ("Content-Type", "a/b"), ("Set-Cookie", "k=v; Path=/"))))
    assert made["startedDateTime"] == "2023-11-14T22:13:20.000000Z"
    assert made["time"] == 9
    assert {name: made["timings"][name] for name in ("send", "wait", "receive")} == {"send": 2, "wait": 3, "receive": 4}
    assert made["request"]["url"] == "https://a.example/p?x=1&y=%20"
    assert made["request"]["postData"] == {"mimeType": "text/plain", "text": "hi"}
    assert [cookie["name"] for cookie in made["request"]["cookies"]] == ["a", "b"]
    assert made["request"]["queryString"] == [{"name": "x", "value": "1"}, {"name": "y", "value": " "}]
    assert made["response"]["cookies"] == [{"name": "k", "value": "v"}]
    assert made["response"]["content"] == {"size": 2, "mimeType": "a/b", "text": "{}"}
    assert (made["_flowIndex"], made["_owner"]) == (3, "app")


def test_what_was_read_inside_the_app_says_so():
    tapped = entry(replace(flow(replace(request(), source="tap", tapped=True)), tunnel=7))
    assert (tapped["_tapped"], tapped["_tunnel"]) == (True, 7)
    assert "_tapped" not in entry(flow(request()))


def test_bytes_that_are_no_text_are_base64_and_say_so():
    made = entry(flow(request(Body(2, b"\xff\x00"))))["request"]["postData"]
    assert made == {"mimeType": "text/plain", "text": "/wA=", "encoding": "base64", "_encoding": "base64"}


def test_a_compressed_answer_is_shown_plain_and_kept_as_it_was():
    answer = response(b"zipped", ("content-encoding", "gzip"))
    made = entry(flow(request(), answer), lambda data, encoding: data + encoding.encode())["response"]
    assert (made["content"]["text"], made["content"]["compression"]) == ("zippedgzip", 4)
    assert base64.b64decode(made["_content"]["text"]) == b"zipped"


def test_an_answer_that_cannot_be_opened_stays_as_it_was():
    made = entry(flow(request(), response(b"odd\xff", ("content-encoding", "gzip"))))["response"]
    assert base64.b64decode(made["content"]["text"]) == b"odd\xff"
    assert "_content" not in made


def test_an_unanswered_request_says_why():
    made = entry(flow(request(), errors=[FlowError(2, "p", at(1), "f", "gone")]))
    assert (made["response"]["status"], made["response"]["_error"], made["_error"]) == (0, "gone", "gone")


def test_websocket_messages_are_written_as_chrome_does():
    messages = [
        Message(2, "p", at(1_000_000), "f", Direction.SENT, True, Body(2, b"hi")),
        Message(3, "p", at(2_000_000), "f", Direction.RECEIVED, False, Body(2, b"\x00\xff")),
        Message(4, "p", at(3_000_000), "f", Direction.SENT, True, Body(1, b"\xff")),
    ]
    made = entry(flow(request(), response(b""), messages))
    assert made["_resourceType"] == "websocket"
    assert made["_webSocketMessages"] == [
        {"type": "send", "time": 1_700_000_001.0, "opcode": 1, "data": "hi"},
        {"type": "receive", "time": 1_700_000_002.0, "opcode": 2, "data": "AP8="},
        {"type": "send", "time": 1_700_000_003.0, "opcode": 1, "data": "/w==", "encoding": "base64"},
    ]


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        ({"scheme": "http", "port": 8080}, "http://a.example:8080/p?x=1&y=%20"),
        ({"scheme": "http", "port": 80, "target": "*"}, "http://a.example/*"),
        ({"host": "::1", "target": ""}, "https://[::1]/"),
    ],
)
def test_an_address_is_written_whole(parts, url):
    assert entry(flow(request(**parts)))["request"]["url"] == url


def test_a_body_that_is_missing_keeps_its_size():
    made = entry(flow(request(Body(9, blob=Blob("bodies/x", "x", 9)))))["request"]
    assert (made["bodySize"], "text" in made["postData"]) == (9, False)


def test_a_har_is_json_and_leaves_out_what_is_no_http():
    opening = Connection(1, "p", at(0), "g", FlowKind.TCP, "a", 1, Peer("", 0))
    pieces = list(har_pieces([flow(request()), flow(opening), flow(request())], {}, blob, lambda *_: None, "1.0"))
    log = json.loads(b"".join(pieces))["log"]
    assert (log["version"], log["creator"], len(log["entries"])) == ("1.2", {"name": "analyzer", "version": "1.0"}, 2)
    with pytest.raises(TypeError, match="only an HTTP exchange"):
        har_entry(flow(opening), (), blob, lambda *_: None)


def test_without_flows_it_is_a_har_as_well():
    assert json.loads(b"".join(har_pieces([], {}, blob, lambda *_: None, "1.0")))["log"]["entries"] == []
