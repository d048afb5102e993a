from __future__ import annotations

import base64
import gzip
import json

from wire import IMEI, Wire, missing

from analyzer.analysis.excerpt import LONGEST, excerpt
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.model.exhibits import Excerpt, Find, Passage
from analyzer.model.vocabulary import Direction


def shown(wire: Wire, *finds: Find) -> Excerpt:
    session = wire.session()
    return excerpt(assemble_flows(session, place_session(session)).flows[0], finds, missing)


def part(made: Excerpt, name: str) -> Passage:
    (found,) = [passage for passage in made.passages if passage.part == name]
    return found


def text(passage: Passage) -> str:
    return "".join(piece.text for piece in passage.pieces)


def marked(passage: Passage) -> list[tuple[str, tuple[str, ...]]]:
    return [(piece.text, piece.finds) for piece in passage.pieces if piece.finds]


def test_a_value_is_marked_where_it_stands_in_line_headers_and_body():
    wire = Wire()
    headers = (("X-Id", "first"), ("Cookie", "uid=second"))
    wire.request(1, b'{"id": "third"}', target="/t?q=zeroth", headers=headers)
    made = shown(
        wire,
        Find("o0", 1, ("query", "query:q"), "zeroth"),
        Find("o1", 1, ("header", "header:X-Id"), "first"),
        Find("o2", 1, ("cookie", "cookie:uid"), "second"),
        Find("o3", 1, ("body", "json:$.id"), "third"),
    )
    assert marked(part(made, "request")) == [("zeroth", ("o0",))]
    assert marked(part(made, "headers")) == [("first", ("o1",)), ("second", ("o2",))]
    assert marked(part(made, "body")) == [("third", ("o3",))]
    assert text(part(made, "body")) == '{"id": "third"}'
    assert "X-Id: first" in text(part(made, "headers"))


def test_an_encoded_value_is_marked_by_what_carries_it_and_each_step_of_the_way_is_shown():
    wire = Wire()
    inner = base64.b64encode(json.dumps({"imei": IMEI}).encode()).decode()
    wire.request(1, gzip.compress(f"v=1&d={inner.replace('=', '%3D')}".encode()))
    made = shown(wire, Find("o1", 1, ("body", "gzip", "form:d", "base64", "json:$.imei"), IMEI))
    body = part(made, "body")
    assert body.undone == ("gzip",)
    assert marked(body) == [(inner.replace("=", "%3D"), ("o1",))]
    assert [step.name for step in made.ways["o1"]] == ["gzip", "form:d", "base64", "json:$.imei"]
    assert [step.text for step in made.ways["o1"]][1:] == [inner, json.dumps({"imei": IMEI}), IMEI]


def test_a_digest_is_marked_where_the_value_itself_is_not():
    wire = Wire()
    wire.request(1, b'{"h":"0123456789abcdef"}')
    made = shown(wire, Find("o1", 1, ("body", "json:$.h", "md5"), IMEI))
    assert marked(part(made, "body")) == [("0123456789abcdef", ("o1",))]
    assert made.ways["o1"][-1] == ("md5", "")


def test_a_body_that_hides_a_value_as_a_whole_is_marked_as_a_whole():
    wire = Wire()
    body = base64.b64encode(bytes(range(128, 208)))
    wire.request(1, body)
    made = shown(wire, Find("o1", 1, ("body", "base64", "aes"), IMEI))
    assert marked(part(made, "body")) == [(body.decode(), ("o1",))]
    assert made.ways["o1"] == (("base64", "(80 bytes)"), ("aes", ""))


def test_what_is_no_text_is_shown_by_what_can_be_printed():
    wire = Wire()
    wire.request(1, b"\x0a\x0f" + IMEI.encode() + b"\xff\xfe\x00")
    body = part(shown(wire, Find("o1", 1, ("body", "protobuf:1"), IMEI)), "body")
    assert body.binary
    assert text(body) == f"\n·{IMEI}···"
    assert marked(body) == [(IMEI, ("o1",))]


def test_messages_answers_and_responses_are_parts_of_their_own():
    wire = Wire()
    flow = wire.request(1, b"")
    wire.response(flow, 2, b'{"you": "second"}')
    wire.message(flow, 3, b"to: third")
    wire.message(flow, 4, b"from: fourth", Direction.RECEIVED)
    made = shown(
        wire, Find("o2", 2, ("response", "json:$.you"), "second"), Find("o3", 3, ("message", "pairs:to"), "third")
    )
    assert [passage.part for passage in made.passages] == [
        "request", "headers", "response", "response_body", "message", "answer",
    ]  # fmt: skip
    assert marked(part(made, "response_body")) == [("second", ("o2",))]
    assert marked(part(made, "message")) == [("third", ("o3",))]


def test_a_large_body_is_cut_and_its_finds_stay_in_view():
    wire = Wire()
    body = "x" * 200_000 + IMEI + "y" * 50_000
    wire.request(1, body.encode())
    passage = part(shown(wire, Find("o1", 1, ("body",), IMEI)), "body")
    assert marked(passage) == [(IMEI, ("o1",))]
    assert len(text(passage)) <= LONGEST
    assert len(text(passage)) + sum(piece.omitted for piece in passage.pieces) == len(body)


def test_of_thousands_of_messages_those_with_finds_are_shown():
    wire = Wire()
    flow = wire.request(1, b"")
    for at in range(500):
        wire.message(flow, 2 + at, IMEI.encode() if at == 400 else b"nothing")
    made = shown(wire, Find("o1", 402, ("message",), IMEI))
    assert len(made.passages) < 60
    assert [passage.line for passage in made.passages if marked(passage)] == [402]
