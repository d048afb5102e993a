from __future__ import annotations

import pytest

from analyzer.capture.proxy_messages import FlowSeen, ProxyLost, ProxyMessage, Ready, Stopped, decode, encode
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Gap
from analyzer.model.vocabulary import GapKind

MESSAGES: list[ProxyMessage] = [
    Ready(8080),
    FlowSeen("f", "http", "GET", "a.example", '/"}\n{"fatal":"x"}\u2028', 3, ("id.imei",)),
    Gap(1, "proxy", Stamp(1, 2), GapKind.FLOWS_DROPPED, "proxy", "full", Stamp(3, 4)),
    Gap(2, "proxy", Stamp(1, 2), GapKind.BODY_TRUNCATED, "f", "cut"),
    Stopped({"request": 3}),
    ProxyLost("the disk is full"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_survives_the_pipe_as_one_line(message: ProxyMessage) -> None:
    line = encode(message)
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert line.isascii()
    assert decode(line) == message


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[12:00] hello",
        b"{}",
        b"[]",
        b"3",
        b'{"ready":"x"}',
        b'{"flow":{}}',
        b'{"gap":{"kind":"?"}}',
        b'{"odd":1}',
    ],
)
def test_a_line_that_is_no_message_is_none(line: bytes) -> None:
    assert decode(line) is None
