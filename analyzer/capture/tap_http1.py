"""HTTP/1 out of the plaintext of a connection, each direction by itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Self

from h11 import Data, ProtocolError
from h11._readers import ChunkedReader, ContentLengthReader, Http10Reader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.http import Headers as Fields
from mitmproxy.http import Request as Asked
from mitmproxy.net.http.http1 import expected_http_body_size, read_request_head, read_response_head

from analyzer.capture.flow_records import headers
from analyzer.capture.tap_exchange import Exchange, Out, Raw, Stream, Unreadable
from analyzer.capture.tap_records import Head, Headers, StatusHead
from analyzer.capture.tap_websocket import WebSocket
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import Direction

HEAD_LIMIT: Final = 256 * 1024
_HELD_LIMIT: Final = 1024 * 1024
"""An answer may come to us before its request does; more than this is not held."""
_UPGRADED: Final = 101
_OK: Final = range(200, 300)


class _Buffer(ReceiveBuffer):
    """Bytes that wait, and those that were taken last: what turns out to be no HTTP goes back."""

    def __init__(self) -> None:
        super().__init__()
        self._last = b""

    def __iadd__(self, more: bytes | bytearray) -> Self:
        super().__iadd__(more)
        return self

    def _extract(self, count: int) -> bytearray:
        taken = super()._extract(count)
        self._last = bytes(taken)
        return taken

    def back(self) -> None:
        """Put back what was taken last."""
        last = self._last
        rest = self.maybe_extract_at_most(len(self)) or b""
        self += last + bytes(rest)


class _Half:
    """One direction: heads, and bodies as long as their heads say. `begin` takes a head and gives the body's size."""

    def __init__(
        self,
        begin: Callable[[list[bytes], Stamp], int | None],
        take: Callable[[bytes], None],
        end: Callable[[Stamp, bool], None],
        trail: Callable[[Headers], None],
    ) -> None:
        self.buffer = _Buffer()
        self._begin, self._take, self._end, self._trail = begin, take, end, trail
        self._reader: Any = None
        self._stamp: Stamp | None = None
        self.passed = False
        """Whether what follows is no HTTP any more."""
        self.ready: Callable[[], bool] = lambda: True

    def step(self, stamp: Stamp) -> bool:
        """Read on; says whether there may be more to read."""
        if self.passed or not self.ready():
            return False
        return self._head(stamp) if self._reader is None else self._body(stamp)

    def _head(self, stamp: Stamp) -> bool:
        self._stamp = self._stamp or (stamp if len(self.buffer) else None)
        lines = self.buffer.maybe_extract_lines()
        if lines is None:
            if len(self.buffer) > HEAD_LIMIT:
                raise Unreadable("a head does not end")
            return False
        if not lines:
            return True
        try:
            size = self._begin([bytes(line) for line in lines], self._stamp or stamp)
        except (ValueError, IndexError) as error:
            self.buffer.back()
            raise Unreadable("a head is no HTTP/1") from error
        self._stamp = None
        self._reader = ChunkedReader() if size is None else Http10Reader() if size < 0 else ContentLengthReader(size)
        return True

    def _body(self, stamp: Stamp) -> bool:
        try:
            event = self._reader(self.buffer)
        except ProtocolError as error:
            self.buffer.back()
            self._stop(stamp, complete=False)
            raise Unreadable("the parts of a body are no HTTP/1") from error
        if event is None:
            return False
        if isinstance(event, Data):
            self._take(bytes(event.data))
        else:
            if event.headers:
                self._trail(headers(tuple((bytes(name), bytes(value)) for name, value in event.headers.raw_items())))
            self._stop(stamp, complete=True)
        return True

    def finish(self, stamp: Stamp, *, complete: bool) -> None:
        """Nothing more will come; with `complete` the direction has ended in order."""
        if self._reader is not None:
            self._stop(stamp, complete=complete and isinstance(self._reader, Http10Reader))

    def rest(self) -> bytes:
        """Take what was not read."""
        return bytes(self.buffer.maybe_extract_at_most(len(self.buffer)) or b"")

    def _stop(self, stamp: Stamp, *, complete: bool) -> None:
        self._reader = None
        self._end(stamp, complete)


class Http1:
    """The exchanges of a connection, one after the other, also where several are asked for at once."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self._asking: Exchange | None = None
        self._waiting: deque[tuple[Exchange, Asked]] = deque()
        self._sent = _Half(self._request, self._more_request, self._request_ended, self._request_trails)
        self._received = _Half(self._response, self._more_response, self._response_ended, self._response_trails)
        self._received.ready = lambda: bool(self._waiting)
        self._after: Stream | None = None

    def feed(self, direction: Direction, data: bytes, stamp: Stamp) -> None:
        """Take a piece; raises `Unreadable`."""
        half = self._sent if direction is Direction.SENT else self._received
        half.buffer += data
        while self._sent.step(stamp) or self._received.step(stamp):
            pass
        if self._after is not None:
            self._pass_on(stamp)
        elif not self._waiting and len(self._received.buffer) > _HELD_LIMIT:
            raise Unreadable("an answer has no request")

    def end(self, direction: Direction | None, stamp: Stamp) -> None:
        """Hear that a direction has ended, or both."""
        self._finish(direction, stamp, complete=True)
        if self._after is not None:
            self._after.end(direction, stamp)
        if direction is None:
            for exchange, _ in self._waiting:
                exchange.close(stamp)
            self._waiting.clear()

    def lose(self, direction: Direction, stamp: Stamp) -> None:
        """Hear that no more of a direction will come, though it has not ended."""
        self._finish(direction, stamp, complete=False)
        if self._after is not None:
            self._after.lose(direction, stamp)

    def rest(self, direction: Direction) -> bytes:
        """Take the bytes of a direction that were not read as anything."""
        return self._sent.rest() if direction is Direction.SENT else self._received.rest()

    def _finish(self, direction: Direction | None, stamp: Stamp, *, complete: bool) -> None:
        if direction is not Direction.RECEIVED:
            self._sent.finish(stamp, complete=complete)
        if direction is not Direction.SENT:
            self._received.finish(stamp, complete=complete)

    def _pass_on(self, stamp: Stamp) -> None:
        assert self._after is not None  # noqa: S101 - the caller has seen to it
        for half, direction in ((self._sent, Direction.SENT), (self._received, Direction.RECEIVED)):
            if rest := half.rest():
                self._after.feed(direction, rest, stamp)

    # -- the halves

    def _request(self, lines: list[bytes], stamp: Stamp) -> int | None:
        request = read_request_head(lines)
        size = expected_http_body_size(request)
        self._asking = Exchange(self._out)
        self._waiting.append((self._asking, request))
        place, data = self._out.place, request.data
        target = data.path or data.authority
        self._asking.begin(
            Head(
                request.method,
                self._out.host("" if request.method == "CONNECT" else request.host_header or ""),
                place.port,
                target.decode("latin-1"),
                request.http_version,
                headers(request.headers.fields),
            ),
            stamp,
        )
        return size

    def _more_request(self, data: bytes) -> None:
        if self._asking is not None:
            self._asking.sent(data)

    def _request_trails(self, fields: Headers) -> None:
        if self._asking is not None:
            self._asking.trail(fields)

    def _response_trails(self, fields: Headers) -> None:
        self._waiting[0][0].trail_answer(fields)

    def _request_ended(self, stamp: Stamp, complete: bool) -> None:  # noqa: FBT001 - a callback
        if self._asking is not None:
            self._asking.end_request(stamp, complete=complete)
        if self._waiting and self._waiting[-1][1].method == "CONNECT":
            self._sent.passed = True  # until the answer says whether it is a tunnel
        self._sent.passed = self._sent.passed or _upgrades(self._waiting[-1][1].headers if self._waiting else None)

    def _response(self, lines: list[bytes], stamp: Stamp) -> int | None:
        response = read_response_head(lines)
        exchange, request = self._waiting[0]
        size = expected_http_body_size(request, response)
        status = response.status_code
        exchange.begin_answer(
            StatusHead(status, response.reason, response.http_version, headers(response.headers.fields)), stamp
        )
        if status == _UPGRADED or (request.method == "CONNECT" and status in _OK):
            exchange.end_request(stamp)
            exchange.end_answer(stamp)
            self._sent.passed = self._received.passed = True
            socket = status == _UPGRADED and response.headers.get("upgrade", "").lower() == "websocket"
            extensions = response.headers.get("sec-websocket-extensions", "")
            self._after = WebSocket(self._out, exchange.flow, extensions) if socket else Raw(self._out, exchange.flow)
        elif self._sent.passed:
            self._sent.passed = False
        return size

    def _more_response(self, data: bytes) -> None:
        self._waiting[0][0].received(data)

    def _response_ended(self, stamp: Stamp, complete: bool) -> None:  # noqa: FBT001 - a callback
        exchange = self._waiting[0][0]
        answer = exchange.answer
        if answer is not None and answer.status < 200 and answer.status != _UPGRADED:  # noqa: PLR2004
            return  # the true answer follows
        self._waiting.popleft()
        if exchange is not self._asking:
            exchange.end_request(stamp, complete=complete)
        exchange.end_answer(stamp, complete=complete)


def _upgrades(fields: Fields | None) -> bool:
    return fields is not None and "upgrade" in fields
