"""What no well-behaved program makes a tap say; programs of real libraries are in `tapped`."""

from __future__ import annotations

from tap_rig import Written, opening

from analyzer.capture.tap_http2 import PREFACE
from analyzer.capture.tap_ledger import Ledger
from analyzer.capture.tap_messages import TapMessage, TapPiece, encode_tap
from analyzer.capture.taps import Taps
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Request
from analyzer.model.vocabulary import Direction


def heard(*messages: TapMessage) -> Written:
    written = Written()
    taps = Taps(written, Ledger(), lambda: Stamp(9, 9))
    for message in messages:
        taps.hear(encode_tap(message))
    taps.close()
    return written


def test_a_line_that_is_none_of_a_tap_is_a_gap_and_hurts_nothing():
    written = Written()
    taps = Taps(written, Ledger(), lambda: Stamp(9, 9))
    for line in (b"hello\n", b'{"tap":["open",{}]}\n', b'{"tap":7}\n', b'{"tap":["data",{"stamp":[]}]}\n'):
        taps.hear(line)
    assert written.gaps == ["a line of the TLS tap could not be read"] * 4
    assert written.records == []


def test_a_connection_without_a_name_a_socket_and_a_handshake_is_left_out_and_said():
    written = heard(opening(1, ""), TapPiece("7:1", Stamp(1, 1), Direction.SENT, 0, b"GET / HTTP/1.1\r\n\r\n"))
    assert written.records == []
    assert written.gaps == [
        "a tapped connection was left out: neither its handshake nor its socket nor its host is known"
    ]


def test_no_more_connections_are_followed_at_once_than_memory_bears(monkeypatch):
    monkeypatch.setattr("analyzer.capture.taps._CONNECTIONS", 2)
    written = heard(*(opening(number) for number in range(5)))
    assert written.gaps == ["more than 2 tapped connections at once"]


def test_what_a_recordings_taps_bring_is_bounded_and_the_rest_is_a_gap(monkeypatch):
    monkeypatch.setattr("analyzer.capture.taps._BYTES", 100)
    head = b"POST / HTTP/1.1\r\ncontent-length: 90\r\n\r\n"
    pieces = (head, b"a" * 50, b"b" * 50)
    at = [sum(map(len, pieces[:number])) for number in range(3)]
    parts = [TapPiece("7:1", Stamp(1, 1), Direction.SENT, start, one) for start, one in zip(at, pieces, strict=True)]
    written = heard(opening(1), *parts)
    (request,) = written.records
    assert (request.body.data, request.body.truncated) == (b"a" * 50, True)
    (why,) = written.gaps
    assert why.endswith("what was sent is not told any further: the taps of this recording brought more than 100 bytes")


def test_bytes_that_break_a_parser_cost_their_connection_and_nothing_else(monkeypatch):
    def broken(_self, direction, _data, _stamp):
        raise RecursionError(direction)

    get = b"GET / HTTP/1.1\r\n\r\n"
    monkeypatch.setattr("analyzer.capture.tap_http2.Http2.feed", broken)
    first = [TapPiece("7:1", Stamp(1, 1), Direction.SENT, start, PREFACE) for start in (0, len(PREFACE))]
    written = heard(opening(1), opening(2), *first, TapPiece("7:2", Stamp(1, 1), Direction.SENT, 0, get))
    assert [one.method for one in written.of(Request)] == ["GET"]
    assert written.gaps == ["a tapped connection could not be read any further: RecursionError"]


def test_an_app_cannot_fill_the_list_of_gaps(monkeypatch):
    monkeypatch.setattr("analyzer.capture.taps._GAPS", 3)
    written = heard(*(opening(number, "") for number in range(9)))
    assert len(written.gaps) == 3
    assert written.gaps[-1] == "the TLS tap has more gaps than are listed"
