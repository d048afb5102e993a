from __future__ import annotations

import pytest
from tap_rig import PLACE, RECEIVED, SENT, Written, at
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, Ping, TextMessage
from wsproto.extensions import PerMessageDeflate

from analyzer.capture import tap_websocket
from analyzer.capture.tap_exchange import Out, Unreadable
from analyzer.capture.tap_websocket import WebSocket

DEFLATE = "permessage-deflate; client_max_window_bits=15; server_max_window_bits=15"


def ends(extensions: str = "") -> tuple[Connection, Connection, Written, WebSocket]:
    """Give a client, a server, what was written, and the reader between them."""

    def own() -> list:
        deflate = PerMessageDeflate()
        if extensions:
            deflate.finalize(extensions)
        return [deflate] if extensions else []

    written = Written()
    reader = WebSocket(Out(written, "7:1", PLACE), "f", extensions)
    return Connection(ConnectionType.CLIENT, own()), Connection(ConnectionType.SERVER, own()), written, reader


@pytest.mark.parametrize("extensions", ["", DEFLATE, "unknown, " + DEFLATE])
def test_messages_of_both_directions_are_read_also_compressed_and_in_parts(extensions):
    client, server, written, reader = ends(extensions)
    reader.feed(SENT, client.send(TextMessage("imei ", message_finished=False)), at(1))
    reader.feed(SENT, client.send(TextMessage("490154203237518" * 9)) + client.send(Ping()), at(2))
    reader.feed(RECEIVED, server.send(BytesMessage(b"\x00" * 50)), at(3))
    assert written.said() == [
        ("message", "sent", True, b"imei " + b"490154203237518" * 9, False),
        ("message", "received", False, b"\x00" * 50, False),
    ]
    assert [one.stamp.mono_us for one in written.records] == [1, 3]


def test_a_message_that_does_not_end_is_cut():
    client, _, written, reader = ends()
    reader.feed(SENT, client.send(TextMessage("begun", message_finished=False)), at(1))
    reader.end(None, at(2))
    assert written.said() == [("message", "sent", True, b"begun", True)]


def test_a_message_that_grows_without_end_is_cut_and_given_up(monkeypatch):
    monkeypatch.setattr(tap_websocket, "MESSAGE_LIMIT", 100_000)
    client, _, written, reader = ends(DEFLATE)
    with pytest.raises(Unreadable, match="more than 100000 bytes"):
        reader.feed(SENT, client.send(BytesMessage(b"\x00" * 5_000_000)), at(1))
    (message,) = written.records
    assert message.body.truncated


def test_what_is_no_frame_is_given_up():
    _, _, written, reader = ends()
    with pytest.raises(Unreadable, match="no WebSocket"):
        reader.feed(SENT, b"\xff\xff\xff\xff\xff", at(1))
    assert written.records == []
