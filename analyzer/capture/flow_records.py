"""mitmproxy's view of a flow → the records of the model."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from mitmproxy.http import RequestData, ResponseData

from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    Blob,
    Body,
    Connection,
    FlowError,
    FlowRecord,
    Message,
    Peer,
    Refusal,
    Request,
    Response,
)
from analyzer.model.vocabulary import Direction, FlowKind, Owner

SOURCE = "proxy"
INLINE_LIMIT = 1024 * 1024
"""Larger bodies are kept beside the record."""
BODY_LIMIT = 64 * 1024 * 1024
"""Nothing above this is kept of one body."""
_TEXT_LIMIT = 500
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

Keep: TypeAlias = Callable[[bytes], Blob]
Draft: TypeAlias = Callable[[int, Keep], FlowRecord]
"""A record that lacks its sequence number; large bodies are kept while it is made."""


class Moment(NamedTuple):
    """Both clocks of the host, read together; maps mitmproxy's wall times onto the boot clock."""

    mono_us: int
    wall_us: int

    @classmethod
    def read(cls) -> Moment:
        """Read the clocks."""
        return cls(time.clock_gettime_ns(_CLOCK) // 1000, time.time_ns() // 1000)

    def stamp(self) -> Stamp:
        """Give the moment itself."""
        return Stamp(self.mono_us, self.wall_us)

    def at(self, wall_s: float | None) -> Stamp:
        """Map a wall time in seconds, never past the moment itself; the moment where there is none."""
        if not wall_s:
            return self.stamp()
        wall_us = round(wall_s * 1_000_000)
        return Stamp(min(self.mono_us, self.mono_us - self.wall_us + wall_us), wall_us)


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes as received; `size` counts all that passed, `complete` says that none is missing from `data`."""

    data: bytes
    size: int
    complete: bool = True


def whole(data: bytes | None) -> Content:
    """Wrap bytes of which nothing is missing."""
    return Content(data or b"", len(data or b""))


class Tee:
    """Lets a streamed body pass and keeps its first bytes."""

    def __init__(self, limit: int = BODY_LIMIT) -> None:
        self._kept = bytearray()
        self._limit = limit
        self._size = 0

    def __call__(self, chunk: bytes) -> bytes:
        """Note a chunk and hand it on unchanged."""
        self._kept += chunk[: self._limit - len(self._kept)]
        self._size += len(chunk)
        return chunk

    def content(self, *, ended: bool) -> Content:
        """Give what was kept so far; it is complete when the body has ended and all of it fitted."""
        return Content(bytes(self._kept), self._size, ended and self._size == len(self._kept))


def body(content: Content, keep: Keep) -> Body:
    """Make a body: inline when small, beside the record when large, cut at the limit."""
    data = content.data[:BODY_LIMIT]
    truncated = not content.complete or len(data) < len(content.data)
    if len(data) <= INLINE_LIMIT:
        return Body(content.size, data, truncated=truncated)
    return Body(content.size, blob=keep(data), truncated=truncated)


def headers(fields: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    """Spell header bytes as Latin-1, in the order of the wire."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in fields)


def bounded(text: str | None, limit: int = _TEXT_LIMIT) -> str:
    """Cut foreign text to a length that a record can bear; what no file could hold becomes `?`."""
    return (text or "")[:limit].encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """What the event loop notes of a request; `host` and `port` are where the app meant to send it."""

    flow: str
    data: RequestData
    fields: tuple[tuple[bytes, bytes], ...]
    host: str
    port: int
    content: Content
    peer: Peer
    moment: Moment
    owner: Owner = Owner.APP

    def __call__(self, seq: int, keep: Keep) -> Request:
        """Make the record."""
        return Request(
            seq=seq,
            source=SOURCE,
            stamp=self.moment.at(self.data.timestamp_start),
            end=self.moment.at(self.data.timestamp_end),
            flow=self.flow,
            method=self.data.method.decode("latin-1"),
            scheme=self.data.scheme.decode("latin-1"),
            host=self.host,
            port=self.port,
            target=self.data.path.decode("latin-1"),
            http_version=self.data.http_version.decode("latin-1"),
            headers=headers(self.fields),
            body=body(self.content, keep),
            peer=self.peer,
            owner=self.owner,
        )


@dataclass(frozen=True, slots=True)
class ResponseSeen:
    """What the event loop notes of a response."""

    flow: str
    data: ResponseData
    fields: tuple[tuple[bytes, bytes], ...]
    content: Content
    moment: Moment

    def __call__(self, seq: int, keep: Keep) -> Response:
        """Make the record."""
        return Response(
            seq=seq,
            source=SOURCE,
            stamp=self.moment.at(self.data.timestamp_start),
            end=self.moment.at(self.data.timestamp_end),
            flow=self.flow,
            status=self.data.status_code,
            reason=self.data.reason.decode("latin-1"),
            http_version=self.data.http_version.decode("latin-1"),
            headers=headers(self.fields),
            body=body(self.content, keep),
        )


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """What the event loop notes of a WebSocket message, TCP segment, datagram or DNS question."""

    flow: str
    content: Content
    from_client: bool
    text: bool
    stamp: Stamp

    def __call__(self, seq: int, keep: Keep) -> Message:
        """Make the record."""
        direction = Direction.SENT if self.from_client else Direction.RECEIVED
        return Message(seq, SOURCE, self.stamp, self.flow, direction, self.text, body(self.content, keep))


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    """What the event loop notes of a flow that is no HTTP exchange."""

    flow: str
    kind: FlowKind
    host: str
    port: int
    peer: Peer
    stamp: Stamp
    owner: Owner = Owner.APP

    def __call__(self, seq: int, _keep: Keep) -> Connection:
        """Make the record."""
        return Connection(seq, SOURCE, self.stamp, self.flow, self.kind, self.host, self.port, self.peer, self.owner)


@dataclass(frozen=True, slots=True)
class RefusalSeen:
    """What the event loop notes of a TLS handshake that the app broke off."""

    flow: str
    host: str
    port: int
    peer: Peer
    error: str
    stamp: Stamp
    owner: Owner = Owner.APP

    def __call__(self, seq: int, _keep: Keep) -> Refusal:
        """Make the record."""
        error = bounded(self.error)
        return Refusal(seq, SOURCE, self.stamp, self.flow, self.host, self.port, self.peer, error, self.owner)


@dataclass(frozen=True, slots=True)
class ErrorSeen:
    """What the event loop notes of a flow that ended in an error."""

    flow: str
    error: str
    stamp: Stamp

    def __call__(self, seq: int, _keep: Keep) -> FlowError:
        """Make the record."""
        return FlowError(seq, SOURCE, self.stamp, self.flow, bounded(self.error))
