"""What the agent told of the sockets that the app opens: the destinations that a redirected connection may have."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from typing import Final, NamedTuple

from analyzer.model.evidence import Event, Record

KEPT: Final = 2000
"""So many sockets are remembered; older ones are forgotten first."""
WINDOW_S: Final = 10.0
"""A socket that was opened longer ago than this is not the one that now says its first words."""
CONNECT: Final = "network.connect"
"""The hook whose arguments are the descriptor, the address and the port of a socket."""
_HOST, _PORT = 1, 2


class Hint(NamedTuple):
    """One socket that the app opened, and when we heard of it (seconds, monotonic)."""

    host: str
    port: int
    at: float


class SocketHints:
    """The sockets of the last seconds; thread-safe. They come from inside the app, so each is checked first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._hints: deque[Hint] = deque(maxlen=KEPT)

    def note(self, host: str, port: int) -> None:
        """Remember a socket; one that stays on the device is never redirected."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return
        if address.is_loopback or address.is_unspecified or not 0 < port < 65536:  # noqa: PLR2004
            return
        with self._lock:
            self._hints.append(Hint(str(address), port, self._clock()))

    def see(self, record: Record) -> None:
        """Take the hint of a record of the agent's, where it is one: hand this the evidence as it is written."""
        if isinstance(record, Event) and record.hook == CONNECT and len(record.arguments) > _PORT:
            port = record.arguments[_PORT].text
            if port.isascii() and port.isdigit() and len(port) < 6:  # noqa: PLR2004
                self.note(record.arguments[_HOST].text, int(port))

    def destinations(self, port: int, classes: Collection[int]) -> set[tuple[str, int]]:
        """Give every place that a connection to `port` may have been meant for; 0: a port that is no class."""
        oldest = self._clock() - WINDOW_S
        with self._lock:
            return {
                (one.host, one.port)
                for one in self._hints
                if one.at >= oldest and (one.port == port if port else one.port not in classes)
            }
