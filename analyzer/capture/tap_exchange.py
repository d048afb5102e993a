"""One request and its response as they come out of a tapped connection, and the door through which they are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from mitmproxy.net import check
from mitmproxy.net.http import url

from analyzer.capture.flow_records import Content, Draft, Tee, bounded, whole
from analyzer.capture.tap_ledger import Place
from analyzer.capture.tap_records import (
    Head,
    Headers,
    StatusHead,
    TappedConnection,
    TappedError,
    TappedMessage,
    TappedRequest,
    TappedResponse,
)
from analyzer.capture.tap_within import HELLO, UNREAD, Within
from analyzer.codec.foreign_hosts import other_host
from analyzer.model.clock import Stamp
from analyzer.model.said_of_traffic import MASKED
from analyzer.model.vocabulary import Direction, GapKind

HEADS_LIMIT: Final = 32 * 1024 * 1024
"""Bytes of heads that one connection may bring: a few bytes of HTTP/2 can stand for thousands."""
_NAME: Final = 255
_MOST_MASKS: Final = 20


class Unreadable(Exception):  # noqa: N818 - what the bytes are, not what we did wrong
    """The bytes are not what their protocol allows; the message says why."""


class Stream(Protocol):
    """Something that takes the plaintext of a connection."""

    def feed(self, direction: Direction, data: bytes, stamp: Stamp) -> None:
        """Take a piece; raises `Unreadable`."""

    def end(self, direction: Direction | None, stamp: Stamp) -> None:
        """Hear that a direction has ended, or both."""

    def lose(self, direction: Direction, stamp: Stamp) -> None:
        """Hear that no more of a direction will come, though it has not ended."""

    def rest(self, direction: Direction) -> bytes:
        """Take the bytes of a direction that were not read as anything."""


class Writer(Protocol):
    """Takes records and gaps without ever blocking."""

    def put(self, draft: Draft, weight: int = 0) -> None:
        """Queue a record whose bytes weigh that much."""

    def gap(self, kind: GapKind, subject: str, why: str) -> None:
        """Queue a gap."""


class Out:
    """Writes what one tapped connection carries."""

    def __init__(self, writer: Writer, connection: str, place: Place, within: Within | None = None) -> None:
        self._writer, self._connection = writer, connection
        self._within = within or Within()
        self.place = place
        self._flows = self._heads = 0
        self._masks: set[str] = set()

    def flow(self) -> str:
        """Give the id of a new flow."""
        self._flows += 1
        return f"tap:{self._connection}:{self._flows}"

    def request(self, flow: str, head: Head, content: Content, stamp: Stamp, end: Stamp) -> None:
        """Write a request."""
        weight = self._weigh(head.headers) + len(head.target)
        self._put(TappedRequest(flow, head, content, self.place.peer, stamp, end), content, weight)

    def response(self, flow: str, head: StatusHead, content: Content, stamp: Stamp, end: Stamp) -> None:
        """Write a response."""
        self._put(TappedResponse(flow, head, content, stamp, end), content, self._weigh(head.headers))

    def connection(self, flow: str, stamp: Stamp) -> None:
        """Write the start of what is no HTTP."""
        self._writer.put(TappedConnection(flow, self.place.host, self.place.port, self.place.peer, stamp))

    def message(self, flow: str, direction: Direction, content: Content, stamp: Stamp, *, text: bool = False) -> None:
        """Write a message of a flow."""
        self._put(TappedMessage(flow, direction, text, content, stamp), content, 0)

    def error(self, flow: str, why: str, stamp: Stamp) -> None:
        """Write that a flow ended in an error."""
        self._writer.put(TappedError(flow, why, stamp))

    def gap(self, why: str) -> None:
        """Write that something of the connection cannot be told."""
        told = f"of a connection that was passed through and tapped, {why}"
        self._writer.gap(GapKind.TRAFFIC_OPAQUE, self.place.host or self.place.peer.client_host, told)

    def look_within(self, start: bytes) -> None:
        """Write that another connection ran within this one, if what was sent begins so and nobody reads that."""
        if self._within.is_unread(start):
            self.gap(UNREAD)

    def host(self, authority: str) -> str:
        """Give the connection's host, or the one that a request names where that is not known.

        That a request names another one is a gap.
        """
        if self.place.host:
            named = other_host(authority, self.place.host)
            if named and named not in self._masks and len(self._masks) < _MOST_MASKS:
                self._masks.add(named)
                self.gap(f"a request names {named} {MASKED}")
            return self.place.host
        try:
            host = url.parse_authority(authority, check=False)[0] if authority else ""
        except ValueError:
            host = ""
        return bounded(host, _NAME) if check.is_valid_host(host) else ""

    def _put(self, draft: Draft, content: Content, weight: int) -> None:
        self._writer.put(draft, len(content.data) + weight)

    def _weigh(self, headers: Headers) -> int:
        weight = sum(len(name) + len(value) for name, value in headers)
        self._heads += weight
        if self._heads > HEADS_LIMIT:
            raise Unreadable(f"the heads of its requests and answers take more than {HEADS_LIMIT} bytes")
        return weight


class Exchange:
    """A request is written when it has ended, its response after that, whichever of them ends first."""

    def __init__(self, out: Out) -> None:
        self.flow = out.flow()
        self._out = out
        self.head: Head | None = None
        self.answer: StatusHead | None = None
        self._sent, self._received = Tee(), Tee()
        self._begun: Stamp | None = None
        self._answered: Stamp | None = None
        self.asked = False
        """Whether the request is written."""
        self._late: Callable[[], None] | None = None
        self.done = False
        """Whether the response is written, or waits for the request only."""

    def begin(self, head: Head, stamp: Stamp) -> None:
        """Take the head of the request."""
        self.head, self._begun = head, self._begun or stamp

    def trail(self, fields: Headers) -> None:
        """Take headers that came behind the request's body."""
        if self.head is not None:
            self.head = replace(self.head, headers=self.head.headers + fields)

    def trail_answer(self, fields: Headers) -> None:
        """Take headers that came behind the answer's body."""
        if self.answer is not None:
            self.answer = replace(self.answer, headers=self.answer.headers + fields)

    def sent(self, data: bytes) -> None:
        """Take a part of the request's body."""
        self._sent(data)

    def end_request(self, stamp: Stamp, *, complete: bool = True) -> None:
        """Write the request; one that has not begun is none."""
        if self.asked or self.head is None or self._begun is None:
            return
        self.asked = True
        content = self._sent.content(ended=complete)
        self._out.request(self.flow, self.head, content, self._begun, stamp)
        if self.head.method == "CONNECT":
            self._out.look_within(content.data)
        if self._late is not None:
            self._late()

    def begin_answer(self, answer: StatusHead, stamp: Stamp) -> None:
        """Take the head of the response."""
        self.answer, self._answered = answer, stamp

    def received(self, data: bytes) -> None:
        """Take a part of the response's body."""
        self._received(data)

    def end_answer(self, stamp: Stamp, *, complete: bool = True) -> None:
        """Write the response, or keep it until the request is written."""
        if self.done or self.answer is None or self._answered is None:
            return
        self.done = True
        answer, begun, content = self.answer, self._answered, self._received.content(ended=complete)
        self._late = lambda: self._out.response(self.flow, answer, content, begun, stamp)
        if self.asked:
            self._late()

    def close(self, stamp: Stamp) -> None:
        """Write what there is; nothing more will come."""
        self.end_request(stamp, complete=False)
        self.end_answer(stamp, complete=False)


class Raw:
    """Plaintext that is no HTTP: a flow of pieces."""

    def __init__(self, out: Out, flow: str = "") -> None:
        self._out, self._flow = out, flow
        self._start = b""

    def feed(self, direction: Direction, data: bytes, stamp: Stamp) -> None:
        """Write a piece."""
        if direction is Direction.SENT and len(self._start) < HELLO:
            self._start += data[:HELLO]
        if not self._flow:
            self._flow = self._out.flow()
            self._out.connection(self._flow, stamp)
        self._out.message(self._flow, direction, whole(data), stamp)

    def end(self, direction: Direction | None, stamp: Stamp) -> None:  # noqa: ARG002 - every piece is written already
        """Say whether the pieces are another connection's, once both directions have ended."""
        if direction is None:
            self._out.look_within(self._start)

    def lose(self, direction: Direction, stamp: Stamp) -> None:
        """Do nothing: every piece is written already."""

    def rest(self, _direction: Direction) -> bytes:
        """Give nothing: every piece is written already."""
        return b""
