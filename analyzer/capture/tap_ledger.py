"""Which of the proxy's connections a tapped one is: by the random of its handshake, by its socket, by its host."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from analyzer.capture.tap_messages import TapOpened
from analyzer.model.evidence import Peer

_REMEMBERED: Final = 4000
"""Connections that are remembered, open or closed: what a tap says of one comes moments later."""


@dataclass(slots=True)
class Known:
    """A TLS connection that came to the proxy; `passed` says that it went through unread.

    `taken` says that a tapped connection was found to be this one.
    """

    host: str
    port: int
    peer: Peer
    passed: bool
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where the plaintext of a tapped connection belongs; `tunnel` is its connection, where that is known."""

    host: str
    port: int
    peer: Peer
    tunnel: Known | None = None


class Ledger:
    """The TLS connections of the device, as the proxy saw them begin; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[int, Known] = OrderedDict()
        self._count = 0

    def note(self, host: str, port: int, peer: Peer, *, passed: bool) -> None:
        """Remember a connection whose ClientHello has come."""
        with self._lock:
            self._count += 1
            self._known[self._count] = Known(host, port, peer, passed)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)

    def place(self, opened: TapOpened) -> Place | str | None:
        """Say where a tapped connection belongs.

        `None` says that the proxy reads it itself; a sentence says why nobody can tell.
        """
        with self._lock:
            found = self._by_hello(opened) or self._by_socket(opened)
            if found is None:
                return self._by_host(opened)
            if not found.passed:
                return None
            if found.taken:
                return "its plaintext is told by another tap already"
            found.taken = True
            return Place(found.host, found.port, found.peer, found)

    def _by_hello(self, opened: TapOpened) -> Known | None:
        latest = reversed(self._known.values())
        return next((one for one in latest if opened.random and one.peer.client_random == opened.random), None)

    def _by_socket(self, opened: TapOpened) -> Known | None:
        """The latest with this port of the device; one of another host or handshake had the port before."""
        for one in reversed(self._known.values()):
            if opened.local_port and one.peer.client_port == opened.local_port:
                named = not opened.host or opened.host in (one.host, one.peer.sni)
                return one if named and not opened.random and not one.taken else None
        return None

    def _by_host(self, opened: TapOpened) -> Place | str | None:
        """Without a handshake or a socket, a host of which nothing is read is enough, and one that never came too."""
        own = Peer("", opened.local_port, opened.host, opened.random, tls=True)
        if not opened.host:
            return "neither its handshake nor its socket nor its host is known"
        of_host = [one for one in self._known.values() if opened.host in (one.host, one.peer.sni)]
        if any(not one.passed for one in of_host):
            return None
        free = [one for one in of_host if not one.taken]
        if len(free) == 1:
            free[0].taken = True
            return Place(free[0].host, free[0].port, free[0].peer, free[0])
        return Place(opened.host, of_host[-1].port if of_host else opened.port, own)
