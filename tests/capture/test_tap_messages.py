from __future__ import annotations

import pytest
from tap_rig import at, opening

from analyzer.capture.tap_messages import (
    PIECE_LIMIT,
    TapCut,
    TapEnded,
    TapOpened,
    TapPiece,
    decode_tap,
    encode_tap,
    from_agent,
)
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import Direction

SAID = {"t": "tap", "c": 3, "m": 5, "w": 6}
OPEN = {
    **SAID, "k": "open", "host": "a.example", "peer": "192.0.2.1", "port": 443, "local": 5000, "random": "AB" * 32,
    "through": "libssl.so", "late": False,
}  # fmt: skip
STAMP = Stamp(5, 6, "device:x")


def read(raw, data=None):
    return from_agent(7, "device:x", raw, data)


def test_what_the_agent_says_is_read():
    assert read(OPEN) == TapOpened(
        "7:3", STAMP, "a.example", "192.0.2.1", 443, 5000, "ab" * 32, "libssl.so", late=False
    )
    assert read({**SAID, "k": "data", "d": "sent", "o": 9}, b"x") == TapPiece("7:3", STAMP, Direction.SENT, 9, b"x")
    cut = read({**SAID, "k": "cut", "d": "received", "o": 9, "why": "w" * 999})
    assert cut == TapCut("7:3", STAMP, Direction.RECEIVED, 9, "w" * 300)
    assert read({**SAID, "k": "end", "d": "both"}) == TapEnded("7:3", STAMP, None)


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        ({**OPEN, "random": "ab"}, None),
        ({**OPEN, "random": "zz" * 32}, None),
        ({**OPEN, "port": 70000}, None),
        ({**OPEN, "c": "x"}, None),
        ({**SAID, "k": "data", "d": "sent", "o": 0}, None),
        ({**SAID, "k": "data", "d": "sent", "o": 0}, b"x" * (PIECE_LIMIT + 1)),
        ({**SAID, "k": "data", "d": "up", "o": 0}, b"x"),
        ({**SAID, "k": "data", "d": "sent", "o": -1}, b"x"),
        ({**SAID, "k": "talk"}, None),
        ({"k": "open"}, None),
    ],
)
def test_what_cannot_be_read_is_refused(raw, data):
    with pytest.raises((KeyError, ValueError, TypeError)):
        read(raw, data)


@pytest.mark.parametrize(
    "message",
    [
        opening(1, "\u4e2d.example\n\x00", late=True),
        TapPiece("7:1", at(1), Direction.SENT, 5, bytes(range(256))),
        TapCut("7:1", at(1), Direction.RECEIVED, 5, "why\nnot"),
        TapEnded("7:1", at(1), Direction.SENT),
        TapEnded("7:1", at(1), None),
    ],
)
def test_a_message_is_one_line_and_comes_back_as_it_was(message):
    line = encode_tap(message)
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert decode_tap(line) == message


def test_another_line_is_none():
    assert decode_tap(b"stop\n") is None
