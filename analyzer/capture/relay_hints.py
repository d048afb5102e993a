"""What the agent told of the sockets that the app opens: the destinations that a redirected connection may have."""

from __future__ import annotations

import contextlib
import ipaddress
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from typing import Final, NamedTuple

from analyzer.model.evidence import Event, Record

KEPT: Final = 2000
"""So many sockets are remembered; older ones are forgotten first."""
EARLY_S: Final = 0.1
"""So much earlier than its connection reaches the relay a socket may be told: the agent and adb are two ways."""
LATE_S: Final = 1.0
"""So much later than its connection a socket may be told."""
CONNECT: Final = "network.connect"
"""The hook whose arguments are the descriptor, the address and the port of a socket."""
_HOST, _PORT = 1, 2


class Hint(NamedTuple):
    """One socket that the app opened, and when we heard of it (seconds, monotonic)."""

    host: str
    port: int
    at: float


class Arrival(NamedTuple):
    """One connection that reached the relay: its class of original ports, and when."""

    original: int
    at: float


class SocketHints:
    """The sockets that the app opened, and the connections that they may be; thread-safe.

    The sockets come from inside the app, so each is checked first. `classes` are the ports told apart.
    """

    def __init__(self, classes: Collection[int], clock: Callable[[], float] = time.monotonic) -> None:
        self._classes = frozenset(classes)
        self._clock = clock
        self._lock = threading.Lock()
        self._hints: deque[Hint] = deque(maxlen=KEPT)
        self._arrivals: deque[Arrival] = deque(maxlen=KEPT)

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

    def arrive(self, original: int) -> Arrival:
        """Remember a connection to the port of a class (0: of no class) that reaches the relay now."""
        arrival = Arrival(original, self._clock())
        with self._lock:
            self._arrivals.append(arrival)
        return arrival

    def destinations(self, arrival: Arrival) -> set[tuple[str, int]]:
        """Give every place that this connection may have been meant for, of the sockets told about when it came."""
        with self._lock:
            return {(one.host, one.port) for one in self._around(arrival)}

    def take(self, arrival: Arrival) -> tuple[str, int] | None:
        """Give the only place that this connection can have been meant for, and count its socket as used.

        `None` where there are none or several, and where more connections than sockets came at that time: then the
        socket may be another connection's.
        """
        with self._lock:
            near = self._around(arrival)
            if len({(one.host, one.port) for one in near}) != 1:
                return None
            first = near[0]
            heard = [one for one in self._of(arrival.original) if one.at >= first.at - LATE_S - EARLY_S]
            rivals = [
                one
                for one in self._arrivals
                if one.original == arrival.original and first.at - LATE_S <= one.at <= first.at + EARLY_S
            ]
            if len(rivals) > len(heard):
                return None
            self._hints.remove(first)
            with contextlib.suppress(ValueError):
                self._arrivals.remove(arrival)
            return first.host, first.port

    def _around(self, arrival: Arrival) -> list[Hint]:
        return [one for one in self._of(arrival.original) if one.at >= arrival.at - EARLY_S]

    def _of(self, original: int) -> list[Hint]:
        return [one for one in self._hints if (one.port == original if original else one.port not in self._classes)]
