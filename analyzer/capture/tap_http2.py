"""HTTP/2 out of the plaintext of a connection: frames, compressed heads, and the exchanges of its streams."""

from __future__ import annotations

from typing import Final

from hpack import Decoder
from hpack.exceptions import HPACKError
from hyperframe.exceptions import HyperframeError
from hyperframe.frame import (
    ContinuationFrame,
    DataFrame,
    Frame,
    GoAwayFrame,
    HeadersFrame,
    PushPromiseFrame,
    RstStreamFrame,
    SettingsFrame,
)

from analyzer.capture.tap_exchange import Exchange, Out, Unreadable
from analyzer.capture.tap_records import Head, Headers, StatusHead
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import Direction

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_FRAME_HEAD: Final = 9
_LARGEST_FRAME: Final = 2 * 1024 * 1024
_LARGEST_HEAD: Final = 256 * 1024
_LARGEST_TABLE: Final = 1024 * 1024
_STREAMS_LIMIT: Final = 2000
_VERSION: Final = "HTTP/2.0"


class _Half:
    """One direction: its bytes, the state of its compression, and a head that goes on in further frames."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.decoder = Decoder(_LARGEST_HEAD)
        self.block = bytearray()
        self.block_of: HeadersFrame | PushPromiseFrame | None = None


class Http2:
    """The exchanges of a connection from its preface on."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self._halves = {direction: _Half() for direction in Direction}
        self._preface = len(PREFACE)
        self._streams: dict[int, Exchange] = {}
        self._highest = 0
        self._told: set[str] = set()

    def feed(self, direction: Direction, data: bytes, stamp: Stamp) -> None:
        """Take a piece; raises `Unreadable`."""
        half = self._halves[direction]
        half.buffer += data
        if direction is Direction.SENT and self._preface:
            gone = min(self._preface, len(half.buffer))
            del half.buffer[:gone]
            self._preface -= gone
        try:
            while (frame := _next(half)) is not None:
                self._take(direction, half, frame, stamp)
        except (HyperframeError, HPACKError) as error:
            raise Unreadable("a frame or a head is no HTTP/2") from error

    def end(self, direction: Direction | None, stamp: Stamp) -> None:
        """Hear that a direction has ended, or both."""
        for one in Direction if direction is None else (direction,):
            self.lose(one, stamp)
        if direction is None:
            unasked = sum(not exchange.asked for exchange in self._streams.values())
            self._streams.clear()
            if unasked:
                self._tell(f"{unasked} answers belong to requests that were not seen")

    def lose(self, direction: Direction, stamp: Stamp) -> None:
        """Hear that no more of a direction will come, though it has not ended."""
        for exchange in self._streams.values():
            if direction is Direction.SENT:
                exchange.end_request(stamp, complete=False)
            else:
                exchange.end_answer(stamp, complete=False)

    def rest(self, direction: Direction) -> bytes:
        """Take the bytes of a direction that were not read as anything."""
        half = self._halves[direction]
        rest = bytes(half.buffer)
        half.buffer.clear()
        return rest

    def _take(self, direction: Direction, half: _Half, frame: Frame, stamp: Stamp) -> None:
        match frame:
            case HeadersFrame() | PushPromiseFrame():
                half.block, half.block_of = bytearray(frame.data), frame
                self._head(direction, half, frame, stamp)
            case ContinuationFrame() if half.block_of is not None:
                half.block += frame.data
                if len(half.block) > _LARGEST_HEAD:
                    raise Unreadable("a head does not end")
                self._head(direction, half, frame, stamp)
            case DataFrame():
                self._data(direction, frame, stamp)
            case RstStreamFrame():
                self._reset(frame, stamp)
            case SettingsFrame() if SettingsFrame.HEADER_TABLE_SIZE in frame.settings:
                size = frame.settings[SettingsFrame.HEADER_TABLE_SIZE]
                other = Direction.RECEIVED if direction is Direction.SENT else Direction.SENT
                self._halves[other].decoder.max_allowed_table_size = min(size, _LARGEST_TABLE)
            case GoAwayFrame() if frame.error_code:
                self._tell(f"the peers parted with error {frame.error_code}")

    def _head(self, direction: Direction, half: _Half, frame: Frame, stamp: Stamp) -> None:
        """Take a head once all of it is there; it is read even where nobody wants it, for the next one leans on it."""
        if "END_HEADERS" not in frame.flags or half.block_of is None:
            return
        of, half.block_of = half.block_of, None
        fields = half.decoder.decode(bytes(half.block), raw=True)
        named = [(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in fields]
        if isinstance(of, PushPromiseFrame):
            self._tell("the server pushed answers that nobody asked for; they were not kept")
            return
        exchange = self._exchange(of.stream_id, direction)
        if exchange is None:
            return
        pseudo = dict(one for one in named if one[0].startswith(":"))
        plain = tuple(one for one in named if not one[0].startswith(":"))
        if direction is Direction.SENT:
            self._ask(exchange, pseudo, plain, stamp)
        else:
            self._answer(exchange, pseudo, plain, stamp)
        if "END_STREAM" in of.flags:
            self._ended(direction, of.stream_id, exchange, stamp)

    def _ask(self, exchange: Exchange, pseudo: dict[str, str], plain: Headers, stamp: Stamp) -> None:
        if exchange.head is not None:
            exchange.trail(plain)
            return
        authority = pseudo.get(":authority") or next((value for name, value in plain if name == "host"), "")
        method, target = pseudo.get(":method", ""), pseudo.get(":path", "") or authority
        host, port = self._out.host("" if method == "CONNECT" else authority), self._out.place.port
        exchange.begin(Head(method, host, port, target, _VERSION, plain), stamp)

    def _answer(self, exchange: Exchange, pseudo: dict[str, str], plain: Headers, stamp: Stamp) -> None:
        told = pseudo.get(":status", "")
        if exchange.answer is not None and not told:
            exchange.trail_answer(plain)
            return
        if not (told.isascii() and told.isdigit() and len(told) == 3):  # noqa: PLR2004 - digits of a status
            raise Unreadable("an answer has no status")
        if not told.startswith("1"):
            exchange.begin_answer(StatusHead(int(told), "", _VERSION, plain), stamp)

    def _data(self, direction: Direction, frame: DataFrame, stamp: Stamp) -> None:
        exchange = self._exchange(frame.stream_id, direction)
        if exchange is None:
            return
        if direction is Direction.SENT:
            exchange.sent(frame.data)
        else:
            exchange.received(frame.data)
        if "END_STREAM" in frame.flags:
            self._ended(direction, frame.stream_id, exchange, stamp)

    def _exchange(self, stream: int, direction: Direction) -> Exchange | None:
        """Give the exchange of a stream; an answer may come to us before its request does."""
        known = self._streams.get(stream)
        if known is not None or stream % 2 == 0 or (direction is Direction.RECEIVED and stream <= self._highest):
            return known
        if direction is Direction.SENT and stream <= self._highest:
            return None
        if len(self._streams) >= _STREAMS_LIMIT:
            self._tell(f"more than {_STREAMS_LIMIT} requests were open at once; further ones were not kept")
            return None
        if direction is Direction.SENT:
            self._highest = stream
        made = self._streams[stream] = Exchange(self._out)
        return made

    def _ended(self, direction: Direction, stream: int, exchange: Exchange, stamp: Stamp) -> None:
        if direction is Direction.SENT:
            exchange.end_request(stamp)
        else:
            exchange.end_answer(stamp)
        if exchange.asked and exchange.done:
            self._streams.pop(stream, None)
            self._highest = max(self._highest, stream)

    def _reset(self, frame: RstStreamFrame, stamp: Stamp) -> None:
        exchange = self._streams.pop(frame.stream_id, None)
        if exchange is None:
            return
        whole = exchange.done
        exchange.close(stamp)
        if exchange.asked and not whole:
            self._out.error(exchange.flow, f"the stream was reset (error {frame.error_code})", stamp)

    def _tell(self, why: str) -> None:
        if why not in self._told and len(self._told) < 10:  # noqa: PLR2004 - enough to know
            self._told.add(why)
            self._out.gap(why)


def _next(half: _Half) -> Frame | None:
    """Take the next whole frame of a direction."""
    if len(half.buffer) < _FRAME_HEAD:
        return None
    frame, length = Frame.parse_frame_header(memoryview(bytes(half.buffer[:_FRAME_HEAD])))
    if length > _LARGEST_FRAME:
        raise Unreadable("a frame is longer than any of HTTP/2")
    end = _FRAME_HEAD + length
    if len(half.buffer) < end:
        return None
    frame.parse_body(memoryview(bytes(half.buffer[_FRAME_HEAD:end])))
    del half.buffer[:end]
    return frame
