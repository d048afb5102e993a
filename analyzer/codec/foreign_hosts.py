"""Hosts, ports and URLs as foreign captures write them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

_HOST_LIMIT: Final = 255
_WRITTEN_LIMIT: Final = 1_000
_PORT_LIMIT: Final = 65535
_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,63}):(//)?([^/?#]*)([^#]*)", re.DOTALL)
_AUTHORITY: Final = re.compile(r"(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::([^:]*))?", re.DOTALL)
_NAME: Final = re.compile(r"[\w.\-]{1,255}")
_ADDRESS: Final = re.compile(r"[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[\w.-]+)?", re.ASCII)
_PORTS: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_HTTP: Final = {"ws": "http", "wss": "https"}
_SAFE: Final = "".join(chr(code) for code in range(0x21, 0x7F))


class Address(NamedTuple):
    """A URL taken apart as a request would carry it; `target` is the path with the query."""

    scheme: str
    host: str
    port: int
    target: str


def split_url(url: str) -> Address:
    """Take a URL apart; what has no authority (`data:`, `blob:`) has an empty host and port 0."""
    match = _URL.match(url)
    if match is None:
        return Address("", "", 0, quote(url.partition("#")[0], safe=_SAFE))
    scheme, slashes, authority, target = match.groups()
    scheme = scheme.lower()
    if not slashes:
        return Address(scheme, "", 0, quote(authority + target, safe=_SAFE))
    host, port = split_authority(authority)
    target = target if target.startswith("/") else f"/{target}"
    return Address(_HTTP.get(scheme, scheme), host, port or _PORTS.get(scheme, 0), quote(target, safe=_SAFE))


def split_authority(text: str) -> tuple[str, int]:
    """Give host and port of `host:port`, `[v6]:port` or `user@host`; an absent port is 0."""
    match = _AUTHORITY.fullmatch(text.strip())
    if match is None:
        return host_name(text), 0
    host, port = match.groups()
    return host_name(host), port_number(port)


def other_host(named: str, host: str) -> str:
    """Give the host that a request names in its Host header, where it is another than the one it went to."""
    found = split_authority(named)[0]
    return found if is_name(found) and found != host_name(host) else ""


def host_name(host: str) -> str:
    """Spell a host in one way: lower case, without brackets and final dot, names of other scripts as on the wire."""
    host = unquote(host[:_WRITTEN_LIMIT]).strip().strip("[]").rstrip(".").lower()[:_HOST_LIMIT]
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("utf-8", "replace").decode()


def port_number(port: object) -> int:
    """Give a port, 0 for what is none."""
    if isinstance(port, str) and port.isascii() and port.isdigit():
        port = int(port[:6])
    return port if type(port) is int and 0 < port <= _PORT_LIMIT else 0


def is_name(host: str) -> bool:
    """Say whether a host is a name, and no address."""
    return bool(_NAME.fullmatch(host)) and not is_address(host)


def is_address(host: str) -> bool:
    """Say whether a host is an IP address."""
    return bool(_ADDRESS.fullmatch(host))
