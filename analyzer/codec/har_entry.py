"""One entry of a HAR → the records of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from analyzer.codec.foreign import ForeignRecord
from analyzer.codec.foreign_hosts import Address, is_name, split_authority, split_url
from analyzer.codec.foreign_times import Times, duration, epoch
from analyzer.codec.har_body import (
    base64_bytes,
    encoded_pairs,
    header,
    named_pairs,
    request_body,
    response_body,
    text_bytes,
)
from analyzer.model.clock import Micros, Stamp
from analyzer.model.evidence import Body, Connection, FlowError, Message, Peer, Refusal, Request, Response
from analyzer.model.vocabulary import Direction, FlowKind

_TEXT_LIMIT: Final = 500
_PORTS: Final = 65536
_RANDOM: Final = re.compile("[0-9a-f]{64}")
_METHOD: Final = re.compile(r"[!-~]{1,32}")
_REMOTE: Final = frozenset({"http", "https", "ftp", ""})
_VERSIONS: Final = {"h2": "HTTP/2.0", "h3": "HTTP/3", "http/2": "HTTP/2.0", "h2c": "HTTP/2.0", "quic": "HTTP/3"}
_VERSION: Final = re.compile(r"HTTP/\d(?:\.\d)?")
_BINARY_FRAME: Final = 2
_STATUS_LIMIT: Final = 10_000
_REFUSED: Final = re.compile(
    r"err_cert|certificate|err_ssl|\b(?:ssl|tls)[ _]?\w* ?handshake|unknown[_ ]ca\b", re.IGNORECASE
)
_MOST_TUNNELS: Final = 10_000
_TUNNEL: Final = "CONNECT"
_ANSWERED: Final = range(200, 300)
_SENT: Final = frozenset({"send", "sent", "request", "outgoing", "client", "out", "->"})


class NoEntry(ValueError):  # noqa: N818 - the message is a sentence for people
    """An element of the list is no entry; the message says what is missing."""


class HarEntries:
    """Makes records of the entries of one HAR, in file order."""

    def __init__(self, source: str) -> None:
        self.times = Times()
        self._source = source
        self._seq = 0
        self._tunnels: dict[tuple[str, int], Connection] = {}
        self._read: set[str] = set()

    def records(self, entry: Any, number: int) -> list[ForeignRecord]:
        """Give the records of entry `number`, or raise `NoEntry`.

        A tunnel waits for `tunnels`: only the end of the file tells whether its content was read. What ended in a
        refused certificate was never sent: it is a refusal.
        """
        request = entry.get("request") if isinstance(entry, Mapping) else None
        if not isinstance(request, Mapping):
            raise NoEntry("it has no request")
        flow = f"{self._source}:{number}"
        timing = _Timing(entry, self.times)
        response = entry.get("response")
        if not isinstance(response, Mapping):
            response = {}
        opening = self._request(request, flow, timing, entry.get("_client"))
        if entry.get("_tapped") is True:
            opening = replace(opening, tapped=True)
        status, error = _status(response.get("status")), _error(entry, response)
        if status == 0 and _REFUSED.search(error):
            return [
                Refusal(opening.seq, self._source, opening.stamp, flow, opening.host, opening.port, opening.peer, error)
            ]
        if opening.method == _TUNNEL and status in _ANSWERED:
            return self._tunnel(opening)
        if opening.scheme == "https":
            self._read.add(opening.host)
        made: list[ForeignRecord] = [opening]
        if status > 0:
            made.append(self._response(response, status, flow, timing))
        if error or status == 0:
            words = error or "the capture has no response"
            made.append(FlowError(self._next(), self._source, timing.stamp(timing.ended), flow, words))
        messages = entry.get("_webSocketMessages") or entry.get("webSocketMessages")
        if isinstance(messages, list):
            made += [self._message(item, flow) for item in messages if isinstance(item, Mapping)]
        return made

    def tunnels(self) -> list[ForeignRecord]:
        """Give the tunnels of which no entry shows the content, one for each host and port."""
        return [tunnel for (host, _), tunnel in self._tunnels.items() if host not in self._read]

    def _tunnel(self, opened: Request) -> list[ForeignRecord]:
        at = opened.host, opened.port
        if at in self._tunnels:
            return []
        tunnel = Connection(opened.seq, self._source, opened.stamp, opened.flow, FlowKind.TLS, *at, opened.peer)
        if len(self._tunnels) >= _MOST_TUNNELS:
            return [tunnel]  # too many to wait with: counted as unread, which is the safer mistake
        self._tunnels[at] = tunnel
        return []

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _request(self, request: Mapping[str, Any], flow: str, timing: _Timing, client: Any) -> Request:
        fields, pseudo = _headers(request)
        if not header(fields, "cookie") and (cookies := named_pairs(request.get("cookies"))):
            fields.append(("Cookie", _latin("; ".join(f"{name}={value}" for name, value in cookies))))
        address = _address(request, fields, pseudo)
        remote = address.scheme in _REMOTE
        method = request.get("method") or pseudo.get(":method")
        return Request(
            seq=self._next(),
            source=self._source,
            stamp=timing.stamp(timing.started),
            end=timing.stamp(timing.sent),
            flow=flow,
            method=method if isinstance(method, str) and _METHOD.fullmatch(method) else "GET",
            scheme=address.scheme or "https",
            host=address.host,
            port=address.port,
            target=address.target if remote else "",  # a data: or blob: URL is no traffic
            http_version=_version(request.get("httpVersion"), bool(pseudo)),
            headers=tuple(fields),
            body=request_body(request, fields) if remote else Body(0),
            peer=_peer(client, address),
        )

    def _response(self, response: Mapping[str, Any], status: int, flow: str, timing: _Timing) -> Response:
        fields, pseudo = _headers(response)
        if not header(fields, "set-cookie"):
            fields += [
                ("Set-Cookie", _latin(f"{name}={value}")) for name, value in named_pairs(response.get("cookies"))
            ]
        reason = response.get("statusText")
        return Response(
            seq=self._next(),
            source=self._source,
            stamp=timing.stamp(timing.answered),
            end=timing.stamp(timing.ended),
            flow=flow,
            status=status,
            reason=_short(reason) if isinstance(reason, str) else "",
            http_version=_version(response.get("httpVersion"), bool(pseudo)),
            headers=tuple(fields),
            body=response_body(response, fields),
        )

    def _message(self, item: Mapping[str, Any], flow: str) -> Message:
        data, opcode = item.get("data"), item.get("opcode")
        text = data if isinstance(data, str) else ""
        kept = base64_bytes(text) if opcode == _BINARY_FRAME or item.get("encoding") == "base64" else None
        content = text_bytes(text, "", 0) if kept is None else kept
        direction = Direction.SENT if str(item.get("type")).lower() in _SENT else Direction.RECEIVED
        at = self.times.read(item.get("time") if epoch(item.get("time")) else None, item.get("timestamp"))
        is_text = opcode != _BINARY_FRAME
        return Message(self._next(), self._source, at, flow, direction, is_text, Body(len(content), content))


def _peer(client: Any, address: Address) -> Peer:
    """Give the connection's end on the device, which only our own HAR tells (`_client`): it joins calls to requests."""
    client = client if isinstance(client, Mapping) else {}
    port, random = client.get("port"), client.get("random")
    port = port if isinstance(port, int) and not isinstance(port, bool) and 0 < port < _PORTS else 0
    random = random if isinstance(random, str) and _RANDOM.fullmatch(random) else ""
    secure = address.scheme == "https"
    return Peer("", port, address.host if secure else "", random, tls=secure)


class _Timing:
    """The four instants of an exchange; where a HAR says nothing they fall together."""

    def __init__(self, entry: Mapping[str, Any], times: Times) -> None:
        named = ("startedDateTime", "startedDatetime", "_startedDateTime", "started", "timestamp")
        began = times.read(*(entry.get(name) for name in named))
        self.started: Micros = began.wall_us
        self._domain = began.domain
        timings = entry.get("timings")
        timings = timings if isinstance(timings, Mapping) else {}
        whole = duration(entry.get("time"))
        spans = {name: duration(timings.get(name)) for name in ("blocked", "dns", "connect", "send", "wait", "receive")}
        limit = whole or sum(spans.values())
        sent = spans["blocked"] + spans["dns"] + spans["connect"] + spans["send"]
        self.sent: Micros = self.started + min(sent, limit)
        self.answered: Micros = self.started + min(sent + spans["wait"], limit)
        self.ended: Micros = self.started + limit

    def stamp(self, at: Micros) -> Stamp:
        """Place an instant of this exchange on the clock of its start."""
        return Stamp(at, at, self._domain)


def _headers(message: Mapping[str, Any]) -> tuple[list[tuple[str, str]], dict[str, str]]:
    """Give the headers as on the wire, and the pseudo headers of HTTP/2 apart."""
    raw = message.get("headers")
    if isinstance(raw, str):
        raw = raw.splitlines()
    if isinstance(raw, list):
        raw = [_parted(line) if isinstance(line, str) else line for line in raw]
    fields: list[tuple[str, str]] = []
    pseudo: dict[str, str] = {}
    for name, value in _spread(raw):
        if name.startswith(":"):
            pseudo[name.lower()] = value
        elif name:
            fields += [(_latin(name), _latin(line.strip())) for line in value.split("\n")]
    return fields, pseudo


def _parted(line: str) -> list[str]:
    """Part a header that is written as on the wire: one colon at the front is that of HTTP/2."""
    name, colon, value = line[1:].partition(":")
    return [f"{line[:1]}{name}".strip(), value.strip()] if colon else []


def _spread(raw: Any) -> list[tuple[str, str]]:
    """Give a pair for each value of a header: some tools keep several in a list."""
    if not isinstance(raw, Mapping):
        return named_pairs(raw)
    lists = [(name, value) for name, value in raw.items() if isinstance(value, list)]
    singles = named_pairs({name: value for name, value in raw.items() if not isinstance(value, list)})
    return singles + [(str(name), item) for name, value in lists for item in value if isinstance(item, str)]


def _address(request: Mapping[str, Any], fields: list[tuple[str, str]], pseudo: Mapping[str, str]) -> Address:
    """Take the URL apart; what it lacks comes from the headers and from `queryString`."""
    url = request.get("url")
    url = url.strip() if isinstance(url, str) else ""
    named = pseudo.get(":authority") or header(fields, "host")
    if url.startswith("//"):
        url = f"https:{url}"
    if (not url or url.startswith("/")) and named:
        url = f"{pseudo.get(':scheme', 'https')}://{named}{url or pseudo.get(':path', '/')}"
    if request.get("method") == "CONNECT" and "://" not in url:
        url = f"https://{url or named}"
    address = split_url(url)
    if not address.host:  # an address stays: what a request says of itself does not tell whose that is
        host = split_authority(named)[0] if address.scheme in _REMOTE else ""
        address = address._replace(host=host) if is_name(host) else address
    query = named_pairs(request.get("queryString"))
    if query and "?" not in address.target:
        address = address._replace(target=f"{address.target}?{encoded_pairs(query)}")
    return address


def _version(value: Any, pseudo: bool) -> str:  # noqa: FBT001 - a fact beside the value
    text = value.strip() if isinstance(value, str) else ""
    text = _VERSIONS.get(text.lower(), text.upper())
    return text if _VERSION.fullmatch(text) else ("HTTP/2.0" if pseudo else "HTTP/1.1")


def _status(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:5])
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 < value < _STATUS_LIMIT else 0


def _error(entry: Mapping[str, Any], response: Mapping[str, Any]) -> str:
    for holder, name in ((response, "_error"), (entry, "_error"), (entry, "error"), (response, "error")):
        words = holder.get(name)
        if isinstance(words, str) and words:
            return _short(words)
    return ""


def _latin(text: str) -> str:
    """Spell text as the bytes of the wire, each a Latin-1 character."""
    if text.isascii():
        return text
    return text_bytes(text, "", 0).decode("latin-1")


def _short(text: str) -> str:
    return text[:_TEXT_LIMIT].encode("utf-8", "replace").decode()
