"""Names every part of a request, response or message that can carry data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from analyzer.analysis.decode import Part
from analyzer.analysis.decode_structure import open_query
from analyzer.model.evidence import Request, Response
from analyzer.model.vocabulary import Where

_SILENT_HEADERS: Final = frozenset(
    {"host", "content-length", "content-type", "content-encoding", "connection", "accept", "accept-encoding", "te"}
    | {"transfer-encoding", "upgrade", "date", "server", "sec-websocket-key", "sec-websocket-version"}
    | {"sec-websocket-extensions", "sec-websocket-accept", ":authority", ":method", ":scheme", ":path"}
)
"""Headers that the protocol itself fills."""
_LONG_LABEL: Final = re.compile(r"(?=[^.]*\d)[\w-]{12,63}")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z_-]{1,31}")
SEGMENTS: Final = 1000
"""So many segments of a path are told apart; the rest is one value."""


def request_parts(request: Request, body: bytes) -> Iterator[Part]:
    """Give host labels, path, query, fragment, headers, cookies and body of a request."""
    for at, label in enumerate(request.host.split(".")):
        if _LONG_LABEL.fullmatch(label):
            yield Where.URL, f"host:{at}", "", label, ""
    target, _, fragment = request.target.partition("#")
    path, _, query = target.partition("?")
    yield from _segments(path)
    if fragment:
        inner = open_query(fragment, "fragment") if "=" in fragment else [("fragment:", "", fragment)]
        for step, key, value in inner:
            yield Where.URL, step, key, value, ""
    for step, key, value in open_query(query, "query") if query else ():
        yield Where.QUERY, step, key, value, ""
    yield from _headers(request.headers)
    if body:
        yield Where.BODY, "", "", body, content_encoding(request.headers)


def response_parts(response: Response, body: bytes) -> Iterator[Part]:
    """Give headers and body of a response."""
    for _, path, key, value, _ in _headers(response.headers):
        yield Where.RESPONSE, path, key, value, ""
    if body:
        yield Where.RESPONSE, "", "", body, content_encoding(response.headers)


def content_encoding(headers: tuple[tuple[str, str], ...]) -> str:
    """Give what the headers claim about the encoding of a body."""
    return next((value for name, value in headers if name.lower() == "content-encoding"), "")


def _headers(headers: tuple[tuple[str, str], ...]) -> Iterator[Part]:
    for name, value in headers:
        lower = name.lower()
        if lower in _SILENT_HEADERS:
            continue
        if lower == "cookie":
            for crumb in value.split(";"):
                key, _, text = crumb.strip().partition("=")
                yield _COOKIE, f"cookie:{key}", key, _header(text), ""
        elif lower == "set-cookie":
            key, _, text = value.partition(";")[0].strip().partition("=")
            yield _HEADER, f"header:{name}:{key}", key, _header(text), ""
        else:
            yield _HEADER, f"header:{name}", name, value if value.isascii() else _header(value), ""
            if lower.endswith("authorization") and value.startswith("Basic "):
                yield _HEADER, f"header:{name}", name, value[6:].strip(), ""


_HEADER: Final = Where.HEADER
_COOKIE: Final = Where.COOKIE


def _segments(path: str) -> Iterator[Part]:
    """Give the segments of a path, each under the name before it, and what is written behind a `;` in one."""
    name = ""
    for at, segment in enumerate(path.split("/", SEGMENTS)):
        if not segment:
            continue
        plain, *matrix = segment.split(";") if ";" in segment else (segment,)
        if plain:
            yield Where.URL, f"path:{at}", name, unquote_to_bytes(plain) if "%" in plain else plain, ""
        for one in matrix:
            key, equals, value = one.partition("=")
            if equals and value:
                yield Where.URL, f"matrix:{key}", key, unquote_to_bytes(value) if "%" in value else value, ""
            elif key:
                yield Where.URL, f"path:{at}", name, unquote_to_bytes(key), ""
        name = plain if _NAME.fullmatch(plain) else ""


def _header(value: str) -> bytes | str:
    """Give the bytes of a header as they were on the wire; ASCII as it stands."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value
