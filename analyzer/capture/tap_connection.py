"""One tapped connection: which protocol its plaintext speaks, and what is done where it speaks none that we read."""

from __future__ import annotations

import re
from typing import Final

from analyzer.capture.tap_exchange import Out, Raw, Stream, Unreadable
from analyzer.capture.tap_http1 import Http1
from analyzer.capture.tap_http2 import PREFACE, Http2
from analyzer.capture.tap_messages import TapPiece
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import Direction

_METHOD: Final = re.compile(rb"[A-Z][A-Z-]{0,19}(?: |\Z)")
_HELD_LIMIT: Final = 64 * 1024
_LATE: Final = "it was open before the tap"
_FRAME: Final = 9
_FRAME_KINDS: Final = 9
_ORDINARY_FRAME: Final = 16384


class TapConnection:
    """Takes the pieces of one connection in order; `late` says that it was there before the tap."""

    def __init__(self, out: Out, *, late: bool) -> None:
        self._out, self._late = out, late
        self._stream: Stream | None = None
        self._held: list[TapPiece] = []
        self._size = 0
        self._expected = dict.fromkeys(Direction, 0)
        self._lost: set[Direction] = set()

    def feed(self, piece: TapPiece) -> None:
        """Take a piece; a hole before it ends its direction."""
        direction = piece.direction
        if direction in self._lost:
            return
        if piece.offset != self._expected[direction]:
            self.lose(direction, piece.stamp, f"from byte {self._expected[direction]} on something is missing")
            return
        self._expected[direction] += len(piece.data)
        if self._stream is not None:
            self._pass(piece.direction, piece.data, piece.stamp)
            return
        self._held.append(piece)
        self._size += len(piece.data)
        self._choose()

    def lose(self, direction: Direction, stamp: Stamp, why: str) -> None:
        """Hear that no more of a direction will come, and why."""
        if direction in self._lost:
            return
        self._lost.add(direction)
        way = "what was sent" if direction is Direction.SENT else "what was received"
        self._out.gap(f"{way} is not told any further: {why}")
        if self._stream is not None:
            self._stream.lose(direction, stamp)

    def end(self, direction: Direction | None, stamp: Stamp) -> None:
        """Hear that a direction has ended, or both."""
        if self._held and direction is not Direction.RECEIVED:
            self._begin(Raw(self._out))
        if self._stream is None:
            return
        self._stream.end(direction, stamp)
        if direction is None:
            self._leave(stamp, "it ended before its next message did")

    def _choose(self) -> None:
        """Choose a protocol by what the app sends first; who hears the server first waits for the app."""
        sent = b"".join(piece.data for piece in self._held if piece.direction is Direction.SENT)
        if not sent:
            if self._size > _HELD_LIMIT:
                self._begin(Raw(self._out))
        elif PREFACE.startswith(sent[: len(PREFACE)]):
            if len(sent) >= len(PREFACE):
                self._begin(Http2(self._out))
        elif _METHOD.match(sent[:21]):
            self._begin(Http1(self._out))
        else:
            if _frames(sent):
                self._out.gap(f"{_LATE}, and without the beginning of HTTP/2 its compressed heads cannot be read")
            elif self._late:
                self._out.gap(f"{_LATE}; what came of it since is kept as it is")
            self._begin(Raw(self._out))

    def _begin(self, stream: Stream) -> None:
        self._stream = stream
        held, self._held = self._held, []
        for piece in held:
            self._pass(piece.direction, piece.data, piece.stamp)

    def _pass(self, direction: Direction, data: bytes, stamp: Stamp) -> None:
        if self._stream is None:
            return
        try:
            self._stream.feed(direction, data, stamp)
        except Unreadable as problem:
            self._stream.end(None, stamp)
            self._leave(stamp, str(problem))

    def _leave(self, stamp: Stamp, why: str) -> None:
        """Keep what could not be read as it is."""
        if self._stream is None or isinstance(self._stream, Raw):
            return
        stream, raw = self._stream, Raw(self._out)
        self._stream = raw
        rests = {direction: stream.rest(direction) for direction in Direction}
        if any(rests.values()) or not why.startswith("it ended"):
            self._out.gap(f"what follows could not be read ({why}); it is kept as it is")
        for direction, rest in rests.items():
            if rest:
                raw.feed(direction, rest, stamp)


def _frames(data: bytes) -> bool:
    """Say whether bytes look like whole frames of HTTP/2 in the middle of a connection."""
    at = count = 0
    while at + _FRAME <= len(data):
        length, kind = int.from_bytes(data[at : at + 3], "big"), data[at + 3]
        if length > _ORDINARY_FRAME or kind > _FRAME_KINDS or data[at + 5] & 0x80:
            return False
        at, count = at + _FRAME + length, count + 1
    return count > 0
