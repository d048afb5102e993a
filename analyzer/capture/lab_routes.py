"""The lab's internet: reserved names lead to loopback servers, every other destination is refused."""

from __future__ import annotations

from dataclasses import dataclass

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData

from analyzer.codec.foreign_hosts import is_address

RESERVED_TLDS = ("example", "test")
_HTTP_PORTS = (80, 8080)
_TLS_PORTS = (443, 8443)


@dataclass(frozen=True, slots=True)
class LabRoutes:
    """Where the lab's names lead: `(host, port)` of the loopback servers for HTTP, HTTPS and raw TCP."""

    http: tuple[str, int]
    https: tuple[str, int]
    tcp: tuple[str, int]

    def route(self, host: str, port: int, *, tls: bool) -> tuple[str, int] | None:
        """Give the server that stands for a destination; `None` when the lab has no such place."""
        if (host, port) in (self.http, self.https, self.tcp):
            return host, port
        if host.rstrip(".").rpartition(".")[2].lower() not in RESERVED_TLDS:
            return None
        if tls or port in _TLS_PORTS:
            return self.https
        return self.http if port in _HTTP_PORTS else self.tcp


class LabRouter:
    """A mitmproxy addon: with the options `lab_http`, `lab_https`, `lab_tcp` set, nothing leaves the machine."""

    def load(self, loader: Loader) -> None:
        """Declare the options."""
        for name in ("lab_http", "lab_https", "lab_tcp"):
            loader.add_option(name, str, "", "host:port of the lab's own server; empty: the real internet")

    def server_connect(self, data: ServerConnectionHookData) -> None:
        """Send a connection to the lab's server, or refuse it."""
        routes = _routes_from_options()
        if routes is not None:
            direct(data.server, routes, data.client.sni or "")


def direct(server: Server, routes: LabRoutes, name: str = "") -> None:
    """Give a connection that is about to open its place in the lab, or the error that stops it.

    `name` is the server name of the client's handshake, by which one that went to an address is led.
    """
    if server.address is None:
        return
    host, port = server.address[:2]
    host = name if name and is_address(host) else host
    place = routes.route(host, port, tls=server.tls)
    if place is None:
        server.error = f"the lab refuses {host[:255]}:{port}: only *.example and *.test exist here"
    else:
        server.address = place


def _routes_from_options() -> LabRoutes | None:
    texts = (ctx.options.lab_http, ctx.options.lab_https, ctx.options.lab_tcp)
    return LabRoutes(*(_address(text) for text in texts)) if all(texts) else None


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)
