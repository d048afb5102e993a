"""All that a TLS tap says of one recording, on its way to the flows; bounded, and nothing is told twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from analyzer.capture.tap_connection import TapConnection
from analyzer.capture.tap_exchange import Out, Writer
from analyzer.capture.tap_ledger import Ledger
from analyzer.capture.tap_messages import TapCut, TapEnded, TapMessage, TapOpened, TapPiece, decode_tap
from analyzer.capture.tap_within import Within
from analyzer.model.clock import Stamp
from analyzer.model.vocabulary import GapKind

_CONNECTIONS: Final = 4000
_BYTES: Final = 512 * 1024 * 1024
_GAPS: Final = 1000


class Taps:
    """Takes the lines that the recorder sends; `now` stamps what ends with the recording. Thread-safe."""

    def __init__(self, writer: Writer, ledger: Ledger, now: Callable[[], Stamp]) -> None:
        self._writer, self._ledger, self._now = _Bounded(writer), ledger, now
        self._open: dict[str, TapConnection | None] = {}
        self._within = Within()
        self._taken = 0
        self._lock = threading.Lock()
        self._full = False

    def hear(self, line: bytes) -> None:
        """Take one line; one that is no message of a tap is a gap."""
        try:
            message = decode_tap(line)
        except (ValueError, TypeError, LookupError, AttributeError):
            message = None
        with self._lock:
            if message is None:
                self._writer.gap(GapKind.PROXY_ERROR, "tap", "a line of the TLS tap could not be read")
            else:
                self._safely(message)

    def close(self) -> None:
        """Write what is still under way."""
        with self._lock:
            for connection in list(self._open):
                self._safely(TapEnded(connection, self._now(), None))

    def _safely(self, message: TapMessage) -> None:
        """Take a message; whatever an app's bytes do to a parser costs that connection, and nothing else."""
        try:
            self._take(message)
        except Exception as error:  # noqa: BLE001 - hostile bytes in foreign parsers; the traffic of all others goes on
            self._open[message.connection] = None
            why = f"a tapped connection could not be read any further: {type(error).__name__}"
            self._writer.gap(GapKind.TRAFFIC_OPAQUE, "tap", why)

    def _take(self, message: TapMessage) -> None:
        if isinstance(message, TapOpened):
            self._begin(message)
            return
        connection = self._open.get(message.connection)
        match message:
            case TapEnded(direction=None):
                self._open.pop(message.connection, None)
                if connection is not None:
                    connection.end(None, message.stamp)
            case _ if connection is None:
                pass
            case TapPiece():
                self._piece(connection, message)
            case TapCut():
                connection.lose(message.direction, message.stamp, message.why)
            case TapEnded():
                connection.end(message.direction, message.stamp)

    def _piece(self, connection: TapConnection, piece: TapPiece) -> None:
        self._taken += len(piece.data)
        if self._taken > _BYTES:
            why = f"the taps of this recording brought more than {_BYTES} bytes"
            connection.lose(piece.direction, piece.stamp, why)
            return
        connection.feed(piece)

    def _begin(self, opened: TapOpened) -> None:
        if len(self._open) >= _CONNECTIONS:
            if not self._full:
                self._full = True
                self._writer.gap(
                    GapKind.TRAFFIC_OPAQUE, opened.host or "tap", f"more than {_CONNECTIONS} tapped connections at once"
                )
            return
        self._within.tell(opened.random)
        place = self._ledger.place(opened)
        self._open[opened.connection] = None
        if place is None:
            return
        if isinstance(place, str):
            why = f"a tapped connection was left out: {place}"
            self._writer.gap(GapKind.TRAFFIC_OPAQUE, opened.host or opened.peer or "tap", why)
            return
        out = Out(self._writer, opened.connection, place, self._within)
        self._open[opened.connection] = TapConnection(out, late=opened.late)


class _Bounded:
    """A writer that takes so many gaps of an app and no more."""

    def __init__(self, writer: Writer) -> None:
        self._left = _GAPS
        self._writer = writer
        self.put = writer.put

    def gap(self, kind: GapKind, subject: str, why: str) -> None:
        """Queue a gap."""
        self._left -= 1
        if self._left == 0:
            why = "the TLS tap has more gaps than are listed"
        if self._left >= 0:
            self._writer.gap(kind, subject, why)
