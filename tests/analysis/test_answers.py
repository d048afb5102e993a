from __future__ import annotations

import gzip
import json

import brotli
import pytest
from detection import detect
from wire import Wire

from analyzer.analysis.answers import Answers, Given, given_in
from analyzer.model.evidence import Body, Response
from analyzer.model.vocabulary import Direction

ADID = "b83fd216-7a09-4c5e-8e41-2d96f07ac3b5"
ASKED = json.dumps({"gaid": ADID}).encode()
GIVING = json.dumps({"config": {"tracking": ADID}}).encode()


def _sureness(wire: Wire) -> list[tuple[float, bool]]:
    return [(one.confidence, "an answer had given" in one.reasoning) for one in detect(wire).sent]


def test_what_an_answer_gave_before_is_less_sure_to_be_the_devices():
    wire = Wire()
    wire.response(wire.request(1), 2, GIVING)
    wire.request(3, ASKED)
    assert _sureness(wire) == [(0.7, True)]


def test_what_the_app_sent_first_is_its_own_though_an_answer_repeats_it():
    wire = Wire()
    wire.response(wire.request(1, ASKED), 2, GIVING)
    wire.request(3, ASKED)
    assert _sureness(wire) == [(0.9, False)] * 2


def test_what_an_answer_gives_later_says_nothing():
    wire = Wire()
    flow = wire.request(1, b"x")
    wire.request(2, ASKED)
    wire.response(flow, 3, GIVING)
    assert _sureness(wire) == [(0.9, False)]


def test_messages_of_the_server_are_answers():
    wire = Wire()
    wire.message(wire.request(1), 2, GIVING, Direction.RECEIVED)
    wire.request(3, ASKED)
    assert _sureness(wire) == [(0.7, True)]


def test_what_servers_give_by_nature_stays_as_sure_as_it_was():
    body = json.dumps({"uid": "3141592653589"}).encode()
    alone, given = Wire(), Wire()
    given.response(given.request(1), 2, body)
    for wire in (alone, given):
        wire.request(3, body)
    assert len(_sureness(alone)) == 1
    assert _sureness(given) == _sureness(alone)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((("Set-Cookie", f"adid={ADID}; path=/"),), b""),
        ((), GIVING),
        ((), gzip.compress(GIVING, mtime=0)),
        ((("Content-Encoding", "br"),), brotli.compress(GIVING)),
        ((), f"<id>{ADID.upper()}</id>".encode()),
    ],
)
def test_values_are_read_in_bodies_and_cookies_however_they_are_packed(headers, body):
    answers = Answers()
    for at, given in enumerate((_given(headers, body), _given((), ADID.encode()))):
        assert given is not None
        answers.note(given._replace(at_us=at))
    (wanted,) = _numbers(ADID)
    assert answers.first({wanted, 7}) == {wanted: 0}


def test_words_and_bytes_give_nothing():
    assert _given((), b'{"message": "everythingisfine", "n": 12}') is None
    assert _given((), b"\x89PNG\0" + ADID.encode()) is None


def _given(headers: tuple[tuple[str, str], ...], body: bytes) -> Given | None:
    wire = Wire()
    wire.response(wire.request(1), 2, b"")
    answer = next(one for one in wire.flows if isinstance(one, Response))
    full = Response(
        *(answer.seq, answer.source, answer.stamp, answer.end, answer.flow, 200, "OK", "HTTP/1.1"),
        *(headers, Body(len(body), body)),
    )
    return given_in(full, 5)


def _numbers(value: str) -> list[int]:
    answers = Answers()
    given = _given((), value.encode())
    assert given is not None
    answers.note(given)
    return list(answers.marks)
