"""Names every part of a request, response or message that can carry data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from analyzer.analysis.decode import Part
from analyzer.analysis.decode_structure import header_fields, open_query
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
_SEGMENTS: Final = 1000


def request_parts(request: Request, body: bytes) -> Iterator[Part]:
    """Give host labels, path, query, fragment, headers, cookies and body of a request."""
    for at, label in enumerate(request.host.split(".")):
        if _LONG_LABEL.fullmatch(label):
            yield Part(Where.URL, f"host:{at}", "", label)
    target, _, fragment = request.target.partition("#")
    path, _, query = target.partition("?")
    yield from _segments(path)
    if fragment:
        inner = open_query(fragment, "fragment") if "=" in fragment else [("fragment:", "", fragment)]
        yield from (Part(Where.URL, step, key, value) for step, key, value in inner)
    for step, key, value in open_query(query, "query") if query else ():
        yield Part(Where.QUERY, step, key, value)
    encoding = ""
    for kind, name, value in header_fields(request.headers):
        lower = name.lower()
        if lower not in _SILENT_HEADERS:
            yield Part(_HEADER if kind == "header" else _COOKIE, f"{kind}:{name}", name, _header(value))
            if lower.endswith("authorization") and value.startswith("Basic "):
                yield Part(_HEADER, f"{kind}:{name}", name, value[6:].strip())
        elif lower == "content-encoding":
            encoding = value
    if body:
        yield Part(Where.BODY, "", "", body, encoding)


def response_parts(response: Response, body: bytes) -> Iterator[Part]:
    """Give headers and body of a response."""
    encoding = ""
    for _, name, value in header_fields(response.headers):
        lower = name.lower()
        if lower not in _SILENT_HEADERS:
            yield Part(Where.RESPONSE, f"header:{name}", name.partition(":")[2] or name, _header(value))
        elif lower == "content-encoding":
            encoding = value
    if body:
        yield Part(Where.RESPONSE, "", "", body, encoding)


_HEADER: Final = Where.HEADER
_COOKIE: Final = Where.COOKIE


def _segments(path: str) -> Iterator[Part]:
    """Give the segments of a path, each under the name before it, and what is written behind a `;` in one."""
    name = ""
    for at, segment in enumerate(path.split("/", _SEGMENTS)):
        if not segment:
            continue
        plain, *matrix = segment.split(";") if ";" in segment else (segment,)
        if plain:
            yield Part(Where.URL, f"path:{at}", name, unquote_to_bytes(plain) if "%" in plain else plain)
        for one in matrix:
            key, equals, value = one.partition("=")
            if equals and value:
                yield Part(Where.URL, f"matrix:{key}", key, unquote_to_bytes(value) if "%" in value else value)
            elif key:
                yield Part(Where.URL, f"path:{at}", name, unquote_to_bytes(key))
        name = plain if _NAME.fullmatch(plain) else ""


def _header(value: str) -> bytes | str:
    """Give the bytes of a header as they were on the wire; ASCII as it stands."""
    if value.isascii():
        return value
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value
