from __future__ import annotations

import zlib
from dataclasses import replace

from analyzer.model.clock import Stamp
from analyzer.model.evidence import Blob, Body, Connection, Message, Refusal, Request, Response
from analyzer.model.results import Analysis, Flow
from analyzer.model.vocabulary import Direction, FlowKind
from analyzer.report.document import ResultDocument
from analyzer.report.redacted_flow import FlowRedactor


class Plain:
    """Replaces one word."""

    def record(self, text: str, seen) -> str:
        return text.replace("secret", "[x]")

    def data(self, data: bytes, seen=()) -> bytes:
        return b"[withheld]" if seen and b"secret" not in data else data.replace(b"secret", b"[x]")


def opened(data: bytes, encoding: str) -> bytes | None:
    return zlib.decompress(data) if encoding == "deflate" else None


def read_blob(recording: str, blob: Blob) -> bytes:
    if blob.sha256 != "ok":
        raise KeyError(blob.sha256)
    return b"a secret beside"


def copied(analysis: Analysis, document: ResultDocument | None = None, **changes) -> Flow:
    flow = analysis.flows[0]
    record = flow.opening.record
    assert isinstance(record, Request)
    kept = {name: value for name, value in changes.items() if hasattr(record, name)}
    lines = {name: value for name, value in changes.items() if not hasattr(record, name)}
    made = Flow(**{name: getattr(flow, name) for name in flow.__slots__} | lines | {
        "opening": flow.opening._replace(record=type(record)(**{
            name: kept.get(name, getattr(record, name)) for name in record.__slots__
        })),
    })  # fmt: skip
    seen = document.observations if document else ()
    return FlowRedactor(Plain(), read_blob, opened).flow(made, seen)


def request(flow: Flow) -> Request:
    assert isinstance(flow.opening.record, Request)
    return flow.opening.record


def test_address_headers_and_body_are_replaced(analysis):
    made = request(copied(analysis, target="/a?q=secret", headers=(("X", "secret"),), body=Body(6, b"secret")))
    assert (made.target, made.headers[0], made.body.data) == ("/a?q=[x]", ("X", "[x]"), b"[x]")


def test_a_compressed_body_comes_out_open_with_headers_that_fit(analysis):
    headers = (("Content-Encoding", "deflate"), ("Content-Length", "14"), ("Host", "a"))
    made = request(copied(analysis, headers=headers, body=Body(14, zlib.compress(b"my secret"))))
    assert made.body == Body(6, b"my [x]")
    assert made.headers == (("Host", "a"), ("content-length", "6"))


def test_what_holds_nothing_stays_byte_for_byte(analysis):
    headers = (("Content-Encoding", "deflate"),)
    body = Body(20, zlib.compress(b"nothing"))
    made = request(copied(analysis, headers=headers, body=body))
    assert (made.body, made.headers) == (body, headers)


def test_a_body_kept_beside_the_records_is_read_and_one_that_is_gone_is_missing(analysis):
    assert request(copied(analysis, body=Body(15, blob=Blob("p", "ok", 15)))).body.data == b"a [x] beside"
    gone = request(copied(analysis, body=Body(15, blob=Blob("p", "no", 15)))).body
    assert (gone.data, gone.blob, gone.truncated) == (b"", None, True)


def test_answers_and_messages_are_replaced_too(analysis):
    stamp = Stamp(0, 0)
    flow = analysis.flows[0]
    response = Response(2, "p", stamp, stamp, "a", 200, "OK", "", (("set-cookie", "secret"),), Body(6, b"secret"))
    message = Message(3, "p", stamp, "a", Direction.SENT, text=True, body=Body(6, b"secret"))
    made = copied(
        analysis,
        response=flow.response._replace(record=response),
        messages=(flow.messages[0]._replace(record=message),),
    )
    assert made.response
    assert made.response.record.headers == (("set-cookie", "[x]"), ("content-length", "3"))
    assert made.response.record.body.data == made.messages[0].record.body.data == b"[x]"


def test_what_was_seen_in_the_address_does_not_withhold_the_body(analysis, document):
    assert request(copied(analysis, document, body=Body(4, b"\x00abc"))).body.data == b"\x00abc"


def test_every_text_of_every_kind_of_record_is_replaced(analysis):
    flow, stamp = analysis.flows[0], Stamp(0, 0)
    peer = replace(flow.opening.record.peer, sni="secret.example", client_host="secret")
    asked = request(copied(analysis, host="secret.example", method="secret", headers=(("X-secret", "1"),), peer=peer))
    assert (asked.host, asked.method, asked.headers) == ("[x].example", "[x]", (("X-[x]", "1"),))
    assert (asked.peer.sni, asked.peer.client_host) == ("[x].example", "[x]")
    response = Response(2, "p", stamp, stamp, "a", 200, "OK secret", "", (), Body(0))
    made = copied(analysis, response=flow.response._replace(record=response))
    assert made.response
    assert made.response.record.reason == "OK [x]"
    raw = Connection(3, "secret", stamp, "secret", FlowKind.TLS, "secret.example", 443, peer)
    refused = Refusal(4, "p", stamp, "a", "secret.example", 443, peer, "no certificate of secret")
    redactor = FlowRedactor(Plain(), read_blob, opened)
    for record in (raw, refused):
        made = redactor.flow(replace(flow, host=record.host, opening=flow.opening._replace(record=record)), ())
        assert made.host == made.opening.record.host == made.opening.record.peer.sni == "[x].example"
        assert not isinstance(made.opening.record, Refusal) or made.opening.record.error == "no certificate of [x]"
    assert (made.opening.record.source, made.opening.record.flow) == ("p", "a")
