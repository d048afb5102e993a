"""Reads where a connection wants to go from its first bytes: the TLS server name or the HTTP Host."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from mitmproxy.net import check
from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy.layers.tls import parse_client_hello

LIMIT: Final = 64 * 1024
"""No first words are longer than this: what says more without naming a host is raw."""

_REQUEST: Final = re.compile(rb"[A-Z][A-Z-]{1,20} \S+ HTTP/1\.[01]\r?\n")
_STARTS_LIKE_REQUEST: Final = re.compile(rb"[A-Z][A-Z-]{0,20}(?: |\Z)")
_HOST: Final = re.compile(rb"\n[Hh][Oo][Ss][Tt]:[ \t]*([^\s\r\n]{1,300})[ \t]*\r?\n")
_HEADERS_END: Final = re.compile(rb"\r?\n\r?\n")
_NAME_AND_PORT: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^:]+)(?::(\d{1,5}))?")
_LAST_PORT: Final = 65535
_TOO_SHORT: Final = (b"", b"\x16", b"\x16\x03")


class Opening(NamedTuple):
    """What the first bytes say: `kind` is `tls | http | raw`, `host` is empty and `port` 0 where nothing names them."""

    kind: str
    host: str = ""
    port: int = 0


RAW: Final = Opening("raw")


def read_opening(data: bytes) -> Opening | None:
    """Read the first bytes of a connection; `None` while more are needed to tell."""
    if data in _TOO_SHORT:
        return None
    if starts_like_tls_record(data):
        return _tls(data)
    if _STARTS_LIKE_REQUEST.match(data):
        return _http(data)
    return RAW


def _tls(data: bytes) -> Opening | None:
    try:
        hello = parse_client_hello(data)
        name = hello.sni or "" if hello else ""
    except ValueError:
        return RAW
    if hello is None:
        return None if len(data) < LIMIT else RAW
    return Opening("tls", name if check.is_valid_host(name) else "")


def _http(data: bytes) -> Opening | None:
    line_end = data.find(b"\n")
    if line_end < 0:
        return None if len(data) < LIMIT else RAW
    if not _REQUEST.match(data):
        return RAW
    end = _HEADERS_END.search(data)
    found = _HOST.search(data, 0, end.end() if end else len(data))
    if found is None:
        return Opening("http") if end or len(data) >= LIMIT else None
    return Opening("http", *_place(found[1].decode("latin-1")))


def _place(text: str) -> tuple[str, int]:
    """Split a Host header; a name that cannot be one counts as none."""
    found = _NAME_AND_PORT.fullmatch(text)
    if found is None:
        return "", 0
    name, port = found[1].strip("[]"), int(found[2] or 0)
    return (name, port) if check.is_valid_host(name) and port <= _LAST_PORT else ("", 0)
