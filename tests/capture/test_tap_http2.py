"""HTTP/2 between two real ends of it (the h2 library), as a tap beside one of them sees it."""

from __future__ import annotations

import hpack
import hyperframe.frame
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived
from hypothesis import given, settings
from hypothesis import strategies as st
from tap_rig import RECEIVED, SENT, Line, Written

from analyzer.capture.tap_http2 import PREFACE
from analyzer.model.evidence import Request, Response


def ask(path: str, **more: str) -> list[tuple[str, str]]:
    head = {":method": "POST", ":scheme": "https", ":authority": "a.example", ":path": path, **more}
    return list(head.items())


class Both:
    """A client and a server that speak with each other; what they say is kept in order."""

    def __init__(self) -> None:
        self.client, self.server = H2Connection(), H2Connection(H2Configuration(client_side=False))
        self.said: list[tuple] = []
        self.client.initiate_connection()
        self.server.initiate_connection()

    def talk(self) -> list:
        """Let both hear what the other has to say; gives what the server heard."""
        heard = []
        for direction, speaker, hearer in ((SENT, self.client, self.server), (RECEIVED, self.server, self.client)):
            data = speaker.data_to_send()
            if data:
                self.said.append((direction, data))
                events = hearer.receive_data(data)
                heard += events if direction is SENT else []
        return heard

    def exchange(self, *paths: str) -> None:
        for path in paths:
            stream = self.client.get_next_available_stream_id()
            self.client.send_headers(stream, ask(path, **{"x-id": "490154203237518"}))
            self.client.send_data(stream, path.encode() * 3, pad_length=7)
            self.client.send_headers(stream, [("x-behind", path)], end_stream=True)
        for event in self.talk():
            if isinstance(event, RequestReceived):
                self.server.send_headers(event.stream_id, [(":status", "103"), ("link", "x")])
                self.server.send_headers(event.stream_id, [(":status", "200"), ("x-id", "490154203237518")])
                self.server.send_data(event.stream_id, b"answer")
                self.server.send_headers(event.stream_id, [("grpc-status", "0")], end_stream=True)
        self.talk()

    def tapped(self) -> Written:
        line = Line()
        for direction, data in self.said:
            line.say(direction, data)
        return line.end()


def test_exchanges_side_by_side_are_told_apart_with_their_trailers():
    both = Both()
    both.exchange("/one", "/two")
    both.exchange("/three")
    written = both.tapped()
    asked = {one.flow: one for one in written.of(Request)}
    assert [(one.host, one.target, one.body.data) for one in asked.values()] == [
        ("a.example", path, path.encode() * 3) for path in ("/one", "/two", "/three")
    ]
    assert [one.headers for one in asked.values()] == [
        (("x-id", "490154203237518"), ("x-behind", path)) for path in ("/one", "/two", "/three")
    ]
    answers = written.of(Response)
    assert {one.flow for one in answers} == set(asked)
    assert {(one.status, one.body.data, one.headers) for one in answers} == {
        (200, b"answer", (("x-id", "490154203237518"), ("grpc-status", "0")))
    }
    assert written.gaps == []


def test_a_stream_that_is_reset_is_written_as_far_as_it_came():
    both = Both()
    both.client.send_headers(1, ask("/reset"))
    both.client.send_data(1, b"half")
    both.talk()
    both.server.reset_stream(1, 8)
    both.talk()
    assert both.tapped().said() == [
        ("request", "POST", "a.example", "/reset", b"half", True),
        ("error", "the stream was reset (error 8)"),
    ]


def test_a_smaller_or_larger_table_of_heads_is_followed():
    both = Both()
    for end, size in ((both.server, 64), (both.client, 65536)):
        end.update_settings({1: size})
    both.talk()
    both.talk()
    for number in range(5):
        both.exchange(f"/{number}{'x' * 50}")
    written = both.tapped()
    assert [one.target[1] for one in written.of(Request)] == list("01234")
    assert len(written.of(Response)) == 5
    assert written.gaps == []


def test_pushed_answers_are_a_gap_and_the_heads_after_them_are_read():
    both = Both()
    both.client.send_headers(1, ask("/page"), end_stream=True)
    both.talk()
    both.server.push_stream(1, 2, ask("/pushed"))
    both.server.send_headers(2, [(":status", "200")], end_stream=True)
    both.server.send_headers(1, [(":status", "200"), ("x", "after")], end_stream=True)
    both.talk()
    written = both.tapped()
    assert [one.target for one in written.of(Request)] == ["/page"]
    assert [one.headers for one in written.of(Response)] == [(("x", "after"),)]
    assert "the server pushed answers" in written.gaps[0]


def head(stream: int, fields, encoder: hpack.Encoder, *flags: str) -> bytes:
    frame = hyperframe.frame.HeadersFrame(stream, encoder.encode(fields), flags=["END_HEADERS", *flags])
    return frame.serialize()


def test_an_answer_that_comes_to_us_before_its_request_waits_for_it():
    ours, theirs = hpack.Encoder(), hpack.Encoder()
    line = Line().say(SENT, PREFACE)
    line.say(RECEIVED, head(1, [(":status", "204")], theirs, "END_STREAM"))
    written = line.say(SENT, head(1, ask("/late"), ours, "END_STREAM")).end()
    assert [one[0] for one in written.said()] == ["request", "response"]


def test_the_answers_to_requests_that_were_not_seen_are_a_gap():
    line = Line().say(SENT, PREFACE)
    written = line.say(RECEIVED, head(1, [(":status", "204")], hpack.Encoder(), "END_STREAM")).end()
    assert written.records == []
    assert "1 answers belong to requests that were not seen" in written.gaps[0]


def test_a_head_in_pieces_is_joined_and_one_without_end_is_given_up():
    block = hpack.Encoder().encode(ask("/pieces"))
    first = hyperframe.frame.HeadersFrame(1, block[:3], flags=["END_STREAM"]).serialize()
    last = hyperframe.frame.ContinuationFrame(1, block[3:], flags=["END_HEADERS"]).serialize()
    assert Line().say(SENT, PREFACE + first + last).end().said()[0][3] == "/pieces"
    more = hyperframe.frame.ContinuationFrame(1, b"a" * 16000).serialize()
    written = Line().say(SENT, PREFACE + first + more * 20).end()
    assert "a head does not end" in written.gaps[0]


def test_a_few_bytes_that_stand_for_very_many_are_given_up():
    encoder = hpack.Encoder()
    many = [*ask("/bomb"), *[("x", "y" * 3000)] * 60]
    encoder.encode(many)
    line = Line().say(SENT, PREFACE + head(1, many, hpack.Encoder(), "END_STREAM"))
    for number in range(400):
        line.say(SENT, head(3 + 2 * number, many, encoder, "END_STREAM"))
    written = line.end()
    assert written.weight < 40 * 1024 * 1024
    assert "take more than" in written.gaps[0]


def test_more_streams_than_memory_bears_are_a_gap():
    encoder, line = hpack.Encoder(), Line().say(SENT, PREFACE)
    for number in range(2100):
        line.say(SENT, head(1 + 2 * number, ask("/"), encoder))
    written = line.end()
    assert len(written.of(Request)) == 2000
    assert "more than 2000 requests were open at once" in written.gaps[0]


def test_what_is_no_frame_is_given_up_and_said():
    written = Line().say(SENT, PREFACE + b"\x00\x00\x08\x06\x00\x00\x00\x00\x07imei4901").end()
    assert "a frame or a head is no HTTP/2" in written.gaps[0]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 90), max_size=60))
def test_it_does_not_matter_where_pieces_end(sizes):
    both = Both()
    both.exchange("/one", "/two")
    line = Line()
    for direction, data in both.said:
        rest = data
        for size in [*sizes, 99999]:
            part, rest = rest[:size], rest[size:]
            if part:
                line.say(direction, part)
    written = line.end()
    assert [one.target for one in written.of(Request)] == ["/one", "/two"]
    assert len(written.of(Response)) == 2
    assert written.gaps == []


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=200))
def test_no_bytes_break_it(sent, received):
    Line().say(SENT, PREFACE + sent).say(RECEIVED, received or b"x").end()
