"""Write flows as HAR 1.2 in Chrome's dialect, one entry at a time, with what was found in each."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qsl, quote

from analyzer.model.clock import Micros
from analyzer.model.evidence import BlobReader, Body, Request, Response
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Direction
from analyzer.report.document_results import ObservationEntry
from analyzer.report.instants import rfc3339
from analyzer.report.text import json_visible_bytes

Opener: TypeAlias = Callable[[bytes, str], bytes | None]
"""Undoes a Content-Encoding; gives nothing where it cannot."""

Entry: TypeAlias = dict[str, Any]
Headers: TypeAlias = Sequence[tuple[str, str]]

_PORTS: Final = {"http": 80, "https": 443}
_CONTROLS: Final = frozenset(map(chr, range(32))) - set("\t\r\n")
_IN_HOST: Final = "!$&'()*+,;=%"
"""What may stand in the host of a URL besides letters, digits and `-._~`; the name of a value is written encoded."""
_TEXT, _BINARY = 1, 2


def har_pieces(
    flows: Iterable[Flow],
    seen: Mapping[int, Sequence[ObservationEntry]],
    read_blob: BlobReader,
    opened: Opener,
    version: str,
    comment: str = "",
) -> Iterator[bytes]:
    """Give a HAR piece by piece, UTF-8; flows that are no HTTP exchange have no place in it and are left out.

    `seen` are the observations by flow index, `opened` undoes the Content-Encoding of responses, `comment` is said of
    the whole.
    """
    creator = json.dumps({"name": "analyzer", "version": version})
    said = f'"comment":{json.dumps(comment)},' if comment else ""
    yield f'{{"log":{{"version":"1.2","creator":{creator},{said}"pages":[],"entries":['.encode()
    comma = b"\n"
    for flow in flows:
        if isinstance(flow.opening.record, Request):
            entry = har_entry(flow, seen.get(flow.index, ()), read_blob, opened)
            line = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
            yield comma + json_visible_bytes(line)
            comma = b",\n"
    yield b"\n]}}\n"


def har_entry(flow: Flow, seen: Sequence[ObservationEntry], read_blob: BlobReader, opened: Opener) -> Entry:
    """Give the entry of one HTTP exchange; keys that begin with `_` are outside of the standard."""
    request = flow.opening.record
    if not isinstance(request, Request):
        raise TypeError("only an HTTP exchange has an entry")
    response = flow.response.record if flow.response else None
    recording = flow.ref.recording

    def data(body: Body) -> bytes:
        return _bytes(body, recording, read_blob)

    entry: Entry = {
        "startedDateTime": rfc3339(flow.instant.at_us) or "1970-01-01T00:00:00Z",
        "request": _request(request, data(request.body)),
        "response": _response(response, data(response.body), opened) if response else _unanswered(flow),
        "cache": {},
        **_timings(request, response),
        "connection": str(request.peer.client_port),
        "_client": {"port": request.peer.client_port, "random": request.peer.client_random},
        "_flowIndex": flow.index,
        "_recording": recording,
        "_owner": flow.owner.value,
    }
    if flow.tapped:
        entry["_tapped"] = True
        entry["_tunnel"] = flow.tunnel
    if flow.messages:
        shift = flow.instant.at_us - request.stamp.mono_us
        entry["_resourceType"] = "websocket"
        entry["_webSocketMessages"] = [
            _message(one.direction, data(one.body), (one.stamp.mono_us + shift) / 1_000_000, text=one.text)
            for _, one in flow.messages
        ]
    if flow.errors:
        entry["_error"] = "; ".join(line.record.error for line in flow.errors)
    if seen:
        entry["_personalData"] = [_personal(one) for one in seen]
    return entry


def _request(request: Request, data: bytes) -> Entry:
    query = request.target.partition("?")[2]
    entry: Entry = {
        "method": request.method,
        "url": _url(request),
        "httpVersion": request.http_version,
        "headers": _pairs(request.headers),
        "queryString": _pairs(parse_qsl(query, keep_blank_values=True)) if query else [],
        "cookies": _pairs(_cookies(request.headers)),
        "headersSize": -1,
        "bodySize": request.body.size,
    }
    if data or request.body.size:
        entry["postData"] = {"mimeType": _header(request.headers, "content-type")}
        if data:
            entry["postData"] |= _content(data, ("encoding", "_encoding"), whole=len(data) == request.body.size)
    return entry


def _response(response: Response, data: bytes, opened: Opener) -> Entry:
    encoding = _header(response.headers, "content-encoding").strip().lower()
    plain = opened(data, encoding) if encoding not in {"", "identity"} and data else None
    shown = data if plain is None else plain
    content: Entry = {"size": len(shown), "mimeType": _header(response.headers, "content-type") or "x-unknown"}
    if shown:
        content |= _content(shown, ("encoding",))
    entry: Entry = {
        "status": response.status,
        "statusText": response.reason,
        "httpVersion": response.http_version,
        "headers": _pairs(response.headers),
        "cookies": _pairs(
            value.partition(";")[0].partition("=")[::2]
            for name, value in response.headers
            if name.lower() == "set-cookie"
        ),
        "content": content,
        "redirectURL": _header(response.headers, "location"),
        "headersSize": -1,
        "bodySize": response.body.size,
    }
    if plain is not None:
        content["compression"] = len(plain) - len(data)
        entry["_content"] = {"size": len(data), "text": base64.b64encode(data).decode(), "encoding": "base64"}
    return entry


def _unanswered(flow: Flow) -> Entry:
    return {
        "status": 0, "statusText": "", "httpVersion": "", "headers": [], "cookies": [],
        "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
        "_error": "; ".join(line.record.error for line in flow.errors) or "no answer was recorded",
    }  # fmt: skip


def _timings(request: Request, response: Response | None) -> Entry:
    start, sent = request.stamp.mono_us, request.end.mono_us
    answered, ended = (response.stamp.mono_us, response.end.mono_us) if response else (sent, sent)
    send, wait, receive = _ms(sent - start), _ms(answered - sent), _ms(ended - answered)
    timings = {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": send, "wait": wait, "receive": receive}
    return {"time": round(send + wait + receive, 3), "timings": timings}


def _message(direction: Direction, data: bytes, at: float, *, text: bool) -> Entry:
    plain = _plain(data) if text else None
    entry: Entry = {"type": "send" if direction is Direction.SENT else "receive", "time": at}
    if plain is not None:
        return entry | {"opcode": _TEXT, "data": plain}
    encoded = entry | {"opcode": _TEXT if text else _BINARY, "data": base64.b64encode(data).decode()}
    return encoded | {"encoding": "base64"} if text else encoded


def _personal(one: ObservationEntry) -> Entry:
    keys = {"id", "data_type", "where", "path", "encodings", "chain", "value", "method", "tier", "phase", "confidence"}
    found: Entry = one.model_dump(mode="json", include=keys)
    if one.recipient is not None:
        found |= {"company": one.recipient.company, "party": one.recipient.party.value}
    return found


def _content(data: bytes, names: tuple[str, ...], *, whole: bool = True) -> Entry:
    """Give bytes as text, or as base64 under the names by which tools say so."""
    plain = _plain(data) if whole else None
    if plain is not None:
        return {"text": plain}
    return {"text": base64.b64encode(data).decode(), **dict.fromkeys(names, "base64")}


def _plain(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return None if _CONTROLS & set(text) else text


def _bytes(body: Body, recording: str, read_blob: BlobReader) -> bytes:
    if body.blob is None:
        return body.data
    try:
        return read_blob(recording, body.blob)
    except KeyError:
        return b""


def _url(request: Request) -> str:
    host = f"[{request.host}]" if ":" in request.host else quote(request.host, safe=_IN_HOST)
    port = "" if _PORTS.get(request.scheme) == request.port or not request.port else f":{request.port}"
    target = request.target if request.target.startswith("/") else f"/{request.target}" if request.target else "/"
    return f"{request.scheme or 'http'}://{host}{port}{target.replace('#', '%23')}"


def _pairs(pairs: Iterable[Sequence[str]]) -> list[Entry]:
    return [{"name": name, "value": value} for name, value in pairs]


def _cookies(headers: Headers) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if name.lower() == "cookie":
            for part in value.split(";"):
                key, _, text = part.strip().partition("=")
                yield key, text


def _header(headers: Headers, wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def _ms(span: Micros) -> float:
    return max(span, 0) / 1000
