"""WebSocket messages out of the plaintext of a connection, each direction by itself."""

from __future__ import annotations

from typing import Final

from wsproto.extensions import Extension, PerMessageDeflate
from wsproto.frame_protocol import Frame, FrameProtocol, ParseFailed

from analyzer.capture.flow_records import Content
from analyzer.capture.tap_exchange import Out, Unreadable
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import Direction

MESSAGE_LIMIT: Final = 16 * 1024 * 1024
_STEP: Final = 16 * 1024
"""So much is read at once: what is compressed may become a thousand times as much."""


class _Half:
    """One direction; `client` says that it is what a client hears."""

    def __init__(self, extensions: str, *, client: bool) -> None:
        self.frames = FrameProtocol(client=client, extensions=_extensions(extensions))
        self.message = bytearray()
        self.text = False
        self.began: Stamp | None = None


class WebSocket:
    """The messages of a flow whose exchange became a WebSocket; `extensions` are what its server agreed to."""

    def __init__(self, out: Out, flow: str, extensions: str) -> None:
        self._out, self._flow = out, flow
        self._halves = {one: _Half(extensions, client=one is Direction.RECEIVED) for one in Direction}

    def feed(self, direction: Direction, data: bytes, stamp: Stamp) -> None:
        """Take a piece; raises `Unreadable`."""
        half = self._halves[direction]
        try:
            for start in range(0, len(data), _STEP):
                half.frames.receive_bytes(data[start : start + _STEP])
                for frame in half.frames.received_frames():
                    if not frame.opcode.iscontrol():
                        self._take(half, direction, frame, stamp)
        except ParseFailed as error:
            raise Unreadable("a frame is no WebSocket's") from error

    def end(self, direction: Direction | None, stamp: Stamp) -> None:
        """Hear that a direction has ended, or both."""
        for one in Direction if direction is None else (direction,):
            self.lose(one, stamp)

    def lose(self, direction: Direction, stamp: Stamp) -> None:
        """Write what came of a message that has not ended."""
        half = self._halves[direction]
        if half.message:
            self._write(half, direction, stamp, complete=False)

    def rest(self, _direction: Direction) -> bytes:
        """Give nothing: a part of a frame says nothing by itself."""
        return b""

    def _take(self, half: _Half, direction: Direction, frame: Frame, stamp: Stamp) -> None:
        half.began = half.began or stamp
        payload = frame.payload
        half.text = isinstance(payload, str)
        if isinstance(payload, str):
            half.message += payload.encode("utf-8")
        elif not isinstance(payload, tuple):  # which only a closing frame has
            half.message += payload
        if len(half.message) > MESSAGE_LIMIT:
            self._write(half, direction, stamp, complete=False)
            raise Unreadable(f"a message has more than {MESSAGE_LIMIT} bytes")
        if frame.message_finished:
            self._write(half, direction, stamp, complete=True)

    def _write(self, half: _Half, direction: Direction, stamp: Stamp, *, complete: bool) -> None:
        data = bytes(half.message)
        content = Content(data, len(data), complete)
        self._out.message(self._flow, direction, content, half.began or stamp, text=half.text)
        half.message.clear()
        half.began = None


def _extensions(header: str) -> list[Extension]:
    for offer in header.split(","):
        if offer.partition(";")[0].strip() == PerMessageDeflate.name:
            deflate = PerMessageDeflate()
            deflate.finalize(offer)
            return [deflate]
    return []
