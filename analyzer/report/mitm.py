"""Write flows as a mitmproxy flow file, one flow at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, TypeAlias

from analyzer.model.clock import Stamp
from analyzer.model.evidence import BlobReader, Body, Connection, Message, Refusal, Request, Response
from analyzer.model.results import Flow
from analyzer.model.vocabulary import Direction, FlowKind
from analyzer.report.dns import dns_message
from analyzer.report.document_results import ObservationEntry
from analyzer.report.tnetstring import tnetstring

State: TypeAlias = dict[str, Any]

FORMAT: Final = 21
"""The version of the format that mitmproxy 11 and 12 read."""

_TEXT, _BINARY = 1, 2
_ABNORMAL: Final = 1006
_MARK: Final = ":warning:"
_HANDSHAKE: Final = "The client's TLS handshake failed: "


def mitm_pieces(
    flows: Iterable[Flow], seen: Mapping[int, Sequence[ObservationEntry]], read_blob: BlobReader, note: str = ""
) -> Iterator[bytes]:
    """Give a flow file piece by piece; what was found in a flow (`seen`, by flow index) is its comment and marks it.

    What is said of the whole (`note`) stands in the metadata of each flow: the file has no other place for it.
    """
    for flow in flows:
        state = flow_state(flow, seen.get(flow.index, ()), read_blob)
        if note:
            state["metadata"]["redaction"] = note
        yield tnetstring(state)


def flow_state(flow: Flow, seen: Sequence[ObservationEntry], read_blob: BlobReader) -> State:
    """Give the state of one flow as mitmproxy keeps it; a refused TLS handshake is a connection with an error."""
    opening = flow.opening.record
    clock = _Clock(flow, opening.stamp)
    found = sorted({one.data_type for one in seen})
    error = "; ".join(line.record.error for line in flow.errors)
    if isinstance(opening, Refusal):
        error = _HANDSHAKE + opening.error
    state: State = {
        "version": FORMAT,
        "type": "http",
        "id": _id(flow, "flow"),
        "error": {"msg": error, "timestamp": _last(flow, clock)} if error else None,
        "client_conn": _client(flow, clock),
        "server_conn": _server(flow, clock),
        "intercepted": False,
        "is_replay": None,
        "marked": _MARK if found else "",
        "metadata": {"tapped": True, "tunnel": flow.tunnel} if flow.tapped else {},
        "comment": ", ".join(found),
        "timestamp_created": clock.at(opening.stamp),
        "backup": None,
    }
    if isinstance(opening, Request):
        return state | _http(flow, opening, clock, read_blob)
    return state | _raw(flow, opening, clock, read_blob)


class _Clock:
    """Maps the stamps of one flow to seconds since the epoch."""

    def __init__(self, flow: Flow, first: Stamp) -> None:
        self._shift = flow.instant.at_us - first.mono_us

    def at(self, stamp: Stamp) -> float:
        return (stamp.mono_us + self._shift) / 1_000_000


def _http(flow: Flow, request: Request, clock: _Clock, read_blob: BlobReader) -> State:
    response = flow.response.record if flow.response else None
    recording = flow.ref.recording
    return {
        "request": {
            **_side(request, clock, _bytes(request.body, recording, read_blob)),
            "host": request.host,
            "port": request.port,
            "method": _latin(request.method),
            "scheme": _latin(request.scheme),
            "authority": b"",
            "path": _latin(request.target),
        },
        "response": None if response is None else {
            **_side(response, clock, _bytes(response.body, recording, read_blob)),
            "status_code": response.status,
            "reason": _latin(response.reason),
        },
        "websocket": None if not flow.messages else {
            "messages": [
                [_TEXT if one.text else _BINARY, *_message(one, clock, recording, read_blob), False, False]
                for _, one in flow.messages
            ],
            "closed_by_client": None,
            "close_code": _ABNORMAL,
            "close_reason": "",
            "timestamp_end": clock.at(flow.messages[-1].record.stamp),
        },
    }  # fmt: skip


def _side(message: Request | Response, clock: _Clock, content: bytes | None) -> State:
    return {
        "http_version": _latin(message.http_version),
        "headers": [[_latin(name), _latin(value)] for name, value in message.headers],
        "content": content,
        "trailers": None,
        "timestamp_start": clock.at(message.stamp),
        "timestamp_end": clock.at(message.end),
    }


def _raw(flow: Flow, opening: Connection | Refusal, clock: _Clock, read_blob: BlobReader) -> State:
    kind = opening.kind if isinstance(opening, Connection) else FlowKind.TCP
    recording = flow.ref.recording
    if kind is FlowKind.DNS:
        parsed = [(one, dns_message(_bytes(one.body, recording, read_blob) or b"", clock.at(one.stamp)))
                  for _, one in flow.messages]  # fmt: skip
        asked = [found for one, found in parsed if one.direction is Direction.SENT]
        answered = [found for one, found in parsed if one.direction is Direction.RECEIVED]
        if len(asked) == 1 and len(answered) <= 1 and all(found is not None for _, found in parsed):
            return {"type": "dns", "request": asked[0], "response": answered[0] if answered else None}
        kind = FlowKind.UDP
    messages = [_message(one, clock, recording, read_blob) for _, one in flow.messages]
    return {"type": "udp" if kind is FlowKind.UDP else "tcp", "messages": messages}


def _message(one: Message, clock: _Clock, recording: str, read_blob: BlobReader) -> list[Any]:
    return [one.direction is Direction.SENT, _bytes(one.body, recording, read_blob) or b"", clock.at(one.stamp)]


def _client(flow: Flow, clock: _Clock) -> State:
    peer, start = flow.opening.record.peer, clock.at(flow.opening.record.stamp)
    return _connection(flow, "client", [peer.client_host or "127.0.0.1", peer.client_port], start) | {
        "sockname": ["127.0.0.1", 0],
        "tls": peer.tls,
        "sni": peer.sni or None,
        "timestamp_tls_setup": start if peer.tls else None,
        "mitmcert": None,
        "proxy_mode": "regular",
    }


def _server(flow: Flow, clock: _Clock) -> State:
    peer, start = flow.opening.record.peer, clock.at(flow.opening.record.stamp)
    return _connection(flow, "server", None, start) | {
        "sockname": None,
        "tls": peer.tls,
        "sni": peer.sni or None,
        "timestamp_tls_setup": None,
        "address": [flow.host, flow.port],
        "timestamp_tcp_setup": None,
        "via": None,
    }


def _connection(flow: Flow, side: str, peername: list[Any] | None, start: float) -> State:
    return {
        "peername": peername,
        "id": _id(flow, side),
        "transport_protocol": "udp" if flow.kind in {FlowKind.UDP, FlowKind.DNS} else "tcp",
        "error": None,
        "certificate_list": [],
        "alpn": None,
        "alpn_offers": [],
        "cipher": None,
        "cipher_list": [],
        "tls_version": None,
        "timestamp_start": start,
        "timestamp_end": None,
    }


def _last(flow: Flow, clock: _Clock) -> float:
    lines = (flow.opening, *([flow.response] if flow.response else ()), *flow.messages, *flow.errors)
    return max(clock.at(line.record.stamp) for line in lines)


def _id(flow: Flow, side: str) -> str:
    """Name a flow by its place, in the form of a UUID: equal sessions give equal files."""
    text = sha256(f"{flow.ref.recording}/{flow.ref.line}/{side}".encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-8{text[17:20]}-{text[20:32]}"


def _bytes(body: Body, recording: str, read_blob: BlobReader) -> bytes | None:
    """Give the bytes of a body; `None` where the capture saw some and has none."""
    data = body.data
    if body.blob is not None:
        try:
            data = read_blob(recording, body.blob)
        except KeyError:
            return None
    return data if data or not body.size else None


def _latin(text: str) -> bytes:
    return text.encode("latin-1", "replace")
