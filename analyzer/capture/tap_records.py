"""Plaintext of a tapped connection → the records of the model.

A tap sits in the app's own process, so all of it is the app's.
"""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.capture.flow_records import Content, Keep, body, bounded
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Connection, FlowError, Message, Peer, Request, Response
from analyzer.model.vocabulary import TAP, Direction, FlowKind, Owner

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a request: `host` and `port` are where the app meant to send it."""

    method: str
    host: str
    port: int
    target: str
    http_version: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class StatusHead:
    """The beginning of a response."""

    status: int
    reason: str
    http_version: str
    headers: Headers


@dataclass(frozen=True, slots=True)
class TappedRequest:
    """A request that was read inside the app."""

    flow: str
    head: Head
    content: Content
    peer: Peer
    stamp: Stamp
    end: Stamp

    def __call__(self, seq: int, keep: Keep) -> Request:
        """Make the record."""
        head = self.head
        return Request(
            seq=seq,
            source=TAP,
            stamp=self.stamp,
            end=self.end,
            flow=self.flow,
            method=head.method,
            scheme="https",
            host=head.host,
            port=head.port,
            target=head.target,
            http_version=head.http_version,
            headers=head.headers,
            body=body(self.content, keep),
            peer=self.peer,
            owner=Owner.APP,
            tapped=True,
        )


@dataclass(frozen=True, slots=True)
class TappedResponse:
    """The response to a request that was read inside the app."""

    flow: str
    head: StatusHead
    content: Content
    stamp: Stamp
    end: Stamp

    def __call__(self, seq: int, keep: Keep) -> Response:
        """Make the record."""
        head = self.head
        kept = body(self.content, keep)
        about = (head.status, head.reason, head.http_version, head.headers)
        return Response(seq, TAP, self.stamp, self.end, self.flow, *about, kept)


@dataclass(frozen=True, slots=True)
class TappedConnection:
    """The start of plaintext that is no HTTP."""

    flow: str
    host: str
    port: int
    peer: Peer
    stamp: Stamp

    def __call__(self, seq: int, _keep: Keep) -> Connection:
        """Make the record."""
        place = (self.host, self.port, self.peer, Owner.APP)
        return Connection(seq, TAP, self.stamp, self.flow, FlowKind.TCP, *place)


@dataclass(frozen=True, slots=True)
class TappedMessage:
    """A WebSocket message or a piece of plaintext that is no HTTP."""

    flow: str
    direction: Direction
    text: bool
    content: Content
    stamp: Stamp

    def __call__(self, seq: int, keep: Keep) -> Message:
        """Make the record."""
        return Message(seq, TAP, self.stamp, self.flow, self.direction, self.text, body(self.content, keep))


@dataclass(frozen=True, slots=True)
class TappedError:
    """A flow that ended in an error."""

    flow: str
    error: str
    stamp: Stamp

    def __call__(self, seq: int, _keep: Keep) -> FlowError:
        """Make the record."""
        return FlowError(seq, TAP, self.stamp, self.flow, bounded(self.error))
