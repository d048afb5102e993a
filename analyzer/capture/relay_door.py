"""How the proxy knows the relay's connections, and where those go whose destination nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from analyzer.model.vocabulary import Owner

TOKEN_HEADER: Final = "X-Analyzer-Relay"  # noqa: S105 - the name of a header
"""In the relay's CONNECT; its value is the token of the door."""
SHARED: Final = "shared"
"""Comes after the token where the connection is of the app's user id, but other apps have the same."""
NOWHERE: Final = "unknown.invalid"
UNKNOWN_PORT: Final = 65535
"""What the relay asks for when it does not know the destination; the record then names no host, or port 0."""


@dataclass(frozen=True, slots=True)
class Door:
    """What the relay and the proxy agree on: a secret word, and the `(host, port)` of a server that only listens.

    `mode` is a further mode in which the proxy is to listen, in mitmproxy's words; empty: none.
    """

    token: str
    nowhere: tuple[str, int]
    mode: str = ""


class NowhereRouter:
    """A mitmproxy addon: what has no known destination reaches a server that takes everything and says nothing."""

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option("analyzer_nowhere", str, "", "host:port of the server that only listens; empty: none")

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Send a connection without destination there; comes after the lab's router, which refuses it."""
        if ctx.options.analyzer_nowhere:
            host, _, port = ctx.options.analyzer_nowhere.rpartition(":")
            divert(data.server, (host, int(port)))


def divert(server: Server, nowhere: tuple[str, int]) -> None:
    """Give a connection that is about to open without a destination its place."""
    if server.address is not None and server.address[0] == NOWHERE:
        server.address, server.error = nowhere, None


def declare_clients(loader: Loader) -> None:
    """Declare the options that say whose the connections are."""
    loader.add_option("analyzer_clients", str, Owner.APP.value, "whose a connection is when nothing proves it")
    loader.add_option("analyzer_relay", str, "", "the relay's token; empty: no relay")


def known_clients() -> tuple[Owner, str]:
    """Read those options: the owner by default, and the relay's token."""
    return Owner(ctx.options.analyzer_clients), ctx.options.analyzer_relay
