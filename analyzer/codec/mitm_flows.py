"""The state of one mitmproxy flow → the records of the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mitmproxy import dns

from analyzer.codec.foreign import ForeignRecord
from analyzer.codec.foreign_hosts import host_name, is_name, port_number, split_authority
from analyzer.codec.foreign_times import Times, seconds
from analyzer.codec.mitm_fields import Fields, Opening, Plan, State
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Body, Connection, FlowError, Message, Peer, Refusal, Request, Response
from analyzer.model.vocabulary import Direction, FlowKind

_PLAIN: Final = (
    *("2:id;36:[0-9a-f-]{36}", "18:transport_protocol;3:[a-z]{3}", "10:proxy_mode;7:regular"),
    *(r"11:tls_version;7:TLSv1\.[0-9]", "6:cipher;22:TLS_AES_256_GCM_SHA384"),
)
_CONNECTION: Final = Plan(("peername", "address", "sni", "tls", "error"), words=_PLAIN)
_HEADERS: Final = {"headers": Opening.HEADERS, "trailers": Opening.HEADERS}
_DNS: Final = (
    *("timestamp", "id", "query", "op_code", "authoritative_answer", "truncation", "recursion_desired"),
    *("recursion_available", "reserved", "response_code", "questions", "answers", "authorities", "additionals"),
)
_SHARED: Final = ("content", "http_version", "timestamp_start", "timestamp_end", *_DNS)
PLAN: Final = Plan(
    ("version", "type", "id", "error", "timestamp_created", "messages"),
    {
        "metadata": Plan(("duplicated", "tapped")),
        "client_conn": Opening.CLOSED,
        "server_conn": Opening.CLOSED,
        "websocket": Plan(("messages",)),
        "request": Plan((*_SHARED, "host", "port", "method", "scheme", "authority", "path"), _HEADERS),
        "response": Plan((*_SHARED, "status_code", "reason"), _HEADERS),
    },
)
"""The fields of a flow that the records need."""

_DNS_MESSAGE: Final[Any] = vars(dns).get("DNSMessage") or vars(dns)["Message"]  # its name up to mitmproxy 11.0
_TEXT_LIMIT: Final = 500
_TEXT_FRAME: Final = 1
_SWITCHED: Final = 101
_HANDSHAKES: Final = 100_000
_CLIENTS: Final = 500
_CLIENT_SIZE: Final = 16 * 1024
_KINDS: Final = {"tcp": FlowKind.TCP, "udp": FlowKind.UDP, "dns": FlowKind.DNS}
_REFUSED: Final = ("handshake", "certificate", "tls", "ssl")


class FlowStates:
    """Makes records of one file's flow states, in file order; raises `ValueError`, `TypeError` or `KeyError`."""

    def __init__(self, source: str) -> None:
        self.times = Times()
        self._source = source
        self._seq = 0
        self._flow = ""
        self._handshakes: dict[str, str] = {}
        self._clients: dict[bytes, tuple[Peer, str]] = {}

    def records(self, state: State, number: int) -> Iterator[ForeignRecord]:
        """Give the records of flow `number`; they are made before the first is given, all of them or none."""
        before = self._seq, self.times.last
        self._flow = f"{self._source}:{number}"
        try:
            kind = _text(state["type"])
            made = self._http(state) if kind == "http" else self._raw(state, _KINDS[kind])
            if error := state.get("error"):
                made.append(self._error(error))
        except BaseException:
            self._seq, self.times.last = before
            raise
        return iter(made)

    def _next(self) -> int:
        self._seq += 1
        return self._seq

    def _client(self, connection: State | bytes) -> tuple[Peer, str]:
        """Give the device's end of a connection and how it broke off; many flows share one."""
        if type(connection) is bytes and (known := self._clients.get(connection)):
            return known
        state = _opened(connection) if isinstance(connection, bytes) else connection
        found = _peer(state), _text(state.get("error") or "")
        if type(connection) is bytes and len(connection) < _CLIENT_SIZE:
            if len(self._clients) >= _CLIENTS:
                self._clients.clear()
            self._clients[connection] = found
        return found

    # -- HTTP

    def _http(self, state: State) -> list[ForeignRecord]:
        messages = (state.get("websocket") or {}).get("messages") or ()
        if (known := self._handshakes.get(_text(state["id"]))) and (state.get("metadata") or {}).get("duplicated"):
            self._flow = known  # files of before mitmproxy 7 have the handshake and its messages in two flows
            return [self._message(*message[:4], text=message[0] == _TEXT_FRAME) for message in messages]
        request, response = state["request"], state.get("response")
        peer, broken_off = self._client(state["client_conn"])
        if refused := _refusal(broken_off, state, request):
            return [self._refused(state, peer, refused)]
        made: list[ForeignRecord] = [self._request(request, peer, state)]
        if response:
            made.append(self._response(response))
            if response["status_code"] == _SWITCHED and len(self._handshakes) < _HANDSHAKES:
                self._handshakes[_text(state["id"])] = self._flow
        made += [self._message(*message[:4], text=message[0] == _TEXT_FRAME) for message in messages]
        return made

    def _request(self, request: State, peer: Peer, state: State) -> Request:
        headers = _headers(request)
        start = self.times.stamp(seconds(request["timestamp_start"]), seconds(state.get("timestamp_created")))
        return Request(
            seq=self._next(),
            source=self._source,
            stamp=start,
            end=self.times.after(start, seconds(request["timestamp_end"])),
            flow=self._flow,
            method=_text(request["method"]),
            scheme=_text(request["scheme"]),
            host=_destination(request, headers, peer),
            port=port_number(request["port"]),
            target=_text(request["path"]),
            http_version=_text(request["http_version"]),
            headers=headers,
            body=_body(request["content"], headers),
            peer=peer,
            tapped=(state.get("metadata") or {}).get("tapped") is True,
        )

    def _response(self, response: State) -> Response:
        headers = _headers(response)
        status = response["status_code"]
        if type(status) is not int or not 0 <= status < 2**31:
            raise ValueError("its status is no number")
        started = self.times.stamp(seconds(response["timestamp_start"]))
        return Response(
            seq=self._next(),
            source=self._source,
            stamp=started,
            end=self.times.after(started, seconds(response["timestamp_end"])),
            flow=self._flow,
            status=status,
            reason=_text(response["reason"]),
            http_version=_text(response["http_version"]),
            headers=headers,
            body=_body(response["content"], headers),
        )

    # -- everything else

    def _raw(self, state: State, kind: FlowKind) -> list[ForeignRecord]:
        peer, broken_off = self._client(state["client_conn"])
        host, port = _server(state)
        messages = _questions(state) if kind is FlowKind.DNS else state["messages"] or ()
        if not messages and (refused := _refusal(broken_off, state, None)):
            return [self._refused(state, peer, refused)]
        first = messages[0][2] if messages else None
        start = self.times.stamp(seconds(state.get("timestamp_created")), seconds(first))
        opening = Connection(self._next(), self._source, start, self._flow, kind, peer.sni or host, port, peer)
        return [opening, *(self._message(0, *message[:3], text=False) for message in messages)]

    def _refused(self, state: State, peer: Peer, error: str) -> Refusal:
        request = state.get("request") or {}
        host, port = _server(state)
        host = host_name(_text(request["host"])) if request.get("host") else host
        port = port_number(request.get("port")) or port
        at = self.times.stamp(seconds(state.get("timestamp_created")), seconds(request.get("timestamp_start")))
        return Refusal(self._next(), self._source, at, self._flow, peer.sni or host, port, peer, _short(error))

    def _message(self, _kind: object, from_client: object, content: object, at: object, *, text: bool) -> Message:
        data = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content
        if type(data) is not bytes:
            raise ValueError("the content of a message is no bytes")
        direction = Direction.SENT if from_client else Direction.RECEIVED
        stamp = self.times.stamp(seconds(at))
        return Message(self._next(), self._source, stamp, self._flow, direction, text, Body(len(data), data))

    def _error(self, error: State) -> FlowError:
        at: Stamp = self.times.stamp(seconds(error.get("timestamp")))
        return FlowError(self._next(), self._source, at, self._flow, _short(_text(error["msg"])))


def _headers(message: State) -> tuple[tuple[str, str], ...]:
    pairs: Any = message["headers"]
    if trailers := message.get("trailers"):
        pairs = (*pairs, *trailers)
    if type(pairs) is tuple and all(type(name) is str for name, _ in pairs):
        return pairs
    return tuple((_text(name), _text(value)) for name, value in pairs)


def _text(value: Any) -> str:
    """Spell bytes as Latin-1; text stays text unless no file could hold it."""
    if type(value) is bytes:
        return value.decode("latin-1")
    if type(value) is not str:
        raise ValueError(f"{type(value).__name__} stands where a text is expected")
    return value


def _short(text: str) -> str:
    return text[:_TEXT_LIMIT].encode("utf-8", "replace").decode()


def _body(content: Any, headers: tuple[tuple[str, str], ...]) -> Body:
    """Give the bytes of the wire; a body that mitmproxy streamed was not kept, only announced."""
    if content is None:
        return Body(announced := _announced(headers), truncated=announced > 0)
    if type(content) is str:
        content = content.encode()
    if type(content) is not bytes:
        raise ValueError("the content is no bytes")
    return Body(len(content), content)


def _announced(headers: tuple[tuple[str, str], ...]) -> int:
    for name, value in headers:
        if name.lower() == "content-length" and value.isascii() and value.isdigit():
            return int(value[:15])
    return 0


def _opened(connection: bytes) -> State:
    return Fields().read(connection, 0, len(connection), _CONNECTION)


def _peer(connection: State) -> Peer:
    name, sni = connection.get("peername"), connection.get("sni")
    host, port = (name[0], name[1]) if isinstance(name, list | tuple) and len(name) > 1 else ("", 0)
    server = host_name(_text(sni)) if isinstance(sni, str | bytes) else ""
    return Peer(_text(host)[:255], port_number(port), server, tls=bool(connection.get("tls")))


def _server(state: State) -> tuple[str, int]:
    connection = state.get("server_conn") or {}
    if type(connection) is bytes:
        connection = _opened(connection)
    for name in (connection.get("address"), connection.get("peername")):
        if isinstance(name, list | tuple) and len(name) > 1 and name[0]:
            return host_name(_text(name[0])), port_number(name[1])
    return "", 0


def _destination(request: State, headers: tuple[tuple[str, str], ...], peer: Peer) -> str:
    """Give the host that a request went to: its URL's; for an address, the server name that TLS has proven.

    What the request says of itself (its authority, its Host header) counts only where nothing else names a host.
    """
    host = request["host"]
    host = host_name(host if type(host) is str else _text(host))
    if is_name(host):
        return host
    if peer.sni or host:
        return peer.sni or host
    authority = _text(request.get("authority") or "")
    return split_authority(authority or next((value for name, value in headers if name.lower() == "host"), ""))[0]


def _refusal(broken_off: str, state: State, request: State | None) -> str:
    """Give the words with which the app broke off a handshake, if this flow is nothing else."""
    if request is not None and _text(request["method"]) != "CONNECT":
        return ""
    error = state.get("error") or {}
    for words in (broken_off, error.get("msg")):
        if words and any(word in _text(words).lower() for word in _REFUSED):
            return _text(words)
    return ""


def _questions(state: State) -> list[tuple[bool, bytes, Any]]:
    """Give the DNS messages of a flow as on the wire."""
    found = []
    for sent, name in ((True, "request"), (False, "response")):
        if message := state.get(name):
            at = message["timestamp"]
            wanted = {key: message[key] for key in _DNS}
            found.append((sent, _DNS_MESSAGE.from_state({**wanted, "timestamp": at}).packed, at))
    return found
