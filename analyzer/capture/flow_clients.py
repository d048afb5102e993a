"""What the proxy remembers of each connection of the device while it is open."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from mitmproxy.connection import Client
from mitmproxy.dns import DNSFlow
from mitmproxy.http import HTTPFlow, Request
from mitmproxy.net import check
from mitmproxy.net.dns import types
from mitmproxy.tls import ClientHelloData

from analyzer.capture.flow_records import bounded
from analyzer.capture.relay_door import NOWHERE, SHARED, TOKEN_HEADER, UNKNOWN_PORT
from analyzer.capture.wireguard import NAME_SERVER
from analyzer.codec.foreign_hosts import host_name, is_name, other_host
from analyzer.model.evidence import Peer
from analyzer.model.said_of_traffic import MASKED, OTHER_HANDSHAKE
from analyzer.model.vocabulary import Owner

_NAME_LIMIT = 255
_MOST_ADDRESSES, _MOST_NAMES, _MOST_MASKS = 10_000, 32, 200
_RANDOM = slice(2, 34)  # the ClientHello body starts with two bytes of version, then 32 of random


@dataclass(slots=True)
class Tunnel:
    """One connection: where CONNECT asked to go, the ClientHello random, whose it is, and whether the app used it."""

    target: tuple[str, int] | None = None
    owner: Owner | None = None
    client_random: str = ""
    used: bool = False


class Clients:
    """All open connections of the device, by mitmproxy's id.

    `owner` is whose a connection is when nothing proves it. Only the app's own clients (`Owner.APP`) connect without a
    relay or an address translation between, so only then the device's end of a connection is what we see. `token` is
    the word by which the relay proves that a connection is the app's; empty when there is no relay.
    """

    def __init__(self, owner: Owner = Owner.APP, token: str = "") -> None:
        self._open: dict[str, Tunnel] = {}
        self._owner = owner
        self._token = token
        self._names: dict[str, dict[str, None]] = {}  # of each address, the one asked for last at the end
        self._masks: set[tuple[str, str]] = set()

    def tunnel(self, client: Client) -> Tunnel:
        """Give what is remembered of a connection."""
        return self._open.setdefault(client.id, Tunnel())

    def connect(self, flow: HTTPFlow) -> None:
        """Remember where a CONNECT leads and, when the relay makes it, whose the device proved it to be."""
        tunnel = self.tunnel(flow.client_conn)
        host, port = flow.request.host, flow.request.port
        given, _, doubt = flow.request.headers.get(TOKEN_HEADER, "").partition(" ")
        if self._token and secrets.compare_digest(given.encode("utf-8", "replace"), self._token.encode()):
            tunnel.owner = Owner.UNKNOWN if doubt == SHARED else Owner.APP
            if host == NOWHERE:
                host, port = "", port if port != UNKNOWN_PORT else 0
        tunnel.target = (host, port)

    def owner(self, client: Client) -> Owner:
        """Say whose a connection is."""
        return self._known(client).owner or self._owner

    def hello(self, data: ClientHelloData) -> None:
        """Remember the random of a ClientHello; QUIC's has none that we can read."""
        tunnel = self.tunnel(data.context.client)
        tunnel.used = True
        try:
            tunnel.client_random = data.client_hello.raw_bytes(wrap_in_record=False)[_RANDOM].hex()
        except NotImplementedError:
            tunnel.client_random = ""

    def forget(self, client: Client) -> Tunnel | None:
        """Drop a closed connection and give what was remembered of it."""
        return self._open.pop(client.id, None)

    def peer(self, client: Client) -> Peer:
        """Describe the device's end of a connection; without address and port where something stands between."""
        host, port = client.peername[:2] if client.peername and self._owner is Owner.APP else ("", 0)
        random = self._known(client).client_random
        return Peer(host, port, bounded(client.sni, _NAME_LIMIT), random, tls=client.tls)

    def target(self, client: Client, fallback: tuple[str, int] | None) -> tuple[str, int]:
        """Give where CONNECT asked to go; without one, the fallback. The lab's rewriting never shows here."""
        host, port = self._known(client).target or fallback or ("", 0)
        return bounded(host, _NAME_LIMIT), port

    def destination(self, flow: HTTPFlow) -> tuple[str, int]:
        """Give the host and port that a request went to, by what its connection proves.

        Without a tunnel that is the URL. Inside one, the server name of the handshake that we answered names it, then
        the tunnel, which always gives the port. What the request says of itself counts only where neither names a
        host, or where it is a name for which the device was given the tunnel's very address.
        """
        request, target = flow.request, self._known(flow.client_conn).target
        if target is None:
            return bounded(request.host, _NAME_LIMIT), request.port
        host = flow.client_conn.sni or target[0]
        named = _named_host(request)
        if not host or host_name(named) in self._names.get(host, ()):
            host = named
        return bounded(host, _NAME_LIMIT), target[1]

    def answered(self, flow: DNSFlow) -> None:
        """Learn names of addresses from what our own name server told the device.

        The app chooses how many there are: of each address the last ones are kept, and so are the last addresses.
        """
        asked = flow.server_conn.address
        if flow.response is None or asked is None or asked[0] != NAME_SERVER:
            return
        names = dict.fromkeys(host_name(question.name) for question in flow.response.questions)
        for answer in flow.response.answers:
            if answer.type == types.A:
                address = str(answer.ipv4_address)
                known = [name for name in self._names.pop(address, ()) if name not in names]
                self._names[address] = dict.fromkeys([*known, *names][-_MOST_NAMES:])
        while len(self._names) > _MOST_ADDRESSES:
            del self._names[next(iter(self._names))]

    def contradiction(self, client: Client) -> tuple[str, str] | None:
        """Give what a handshake names, and that CONNECT named another host; of each pair only the first."""
        opened = host_name((self._known(client).target or ("", 0))[0])
        named = other_host(client.sni or "", opened) if is_name(opened) else ""
        if not named or self.owner(client) is Owner.OTHER:
            return None
        return self._told_once(named, f"a connection to {opened} was opened {OTHER_HANDSHAKE}: told is what it names")

    def mask(self, flow: HTTPFlow) -> tuple[str, str] | None:
        """Give where a request went, and that it names another host in its header; of each pair only the first."""
        if self.owner(flow.client_conn) is Owner.OTHER:
            return None
        host, _ = self.destination(flow)
        named = other_host(flow.request.host_header or "", host)
        return self._told_once(host, f"a request names {named} {MASKED}") if named else None

    def _told_once(self, host: str, why: str) -> tuple[str, str] | None:
        if (host, why) in self._masks or len(self._masks) >= _MOST_MASKS:
            return None
        self._masks.add((host, why))
        return host, why

    def _known(self, client: Client) -> Tunnel:
        """Look without remembering: a hook may come after its connection was forgotten."""
        return self._open.get(client.id) or Tunnel()


def _named_host(request: Request) -> str:
    header = request.host_header
    host = request.pretty_host if header else ""
    return host if host and check.is_valid_host(host) else ""
