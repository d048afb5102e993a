"""The mitmproxy addon that turns every flow into evidence; its hooks only note, a thread writes."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from mitmproxy import ctx
from mitmproxy.addonmanager import Loader
from mitmproxy.connection import Client
from mitmproxy.dns import DNSFlow
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.mode_specs import RegularMode
from mitmproxy.tcp import TCPFlow
from mitmproxy.tls import ClientHelloData, TlsData
from mitmproxy.udp import UDPFlow
from mitmproxy.websocket import WebSocketMessage

from analyzer.capture.flow_clients import Clients
from analyzer.capture.flow_records import (
    ConnectionSeen,
    Content,
    ErrorSeen,
    MessageSeen,
    Moment,
    RefusalSeen,
    RequestSeen,
    ResponseSeen,
    Tee,
    whole,
)
from analyzer.capture.flow_trailers import keep_trailers, request_trailers, response_trailers
from analyzer.capture.flow_unended import request_so_far, response_so_far
from analyzer.capture.flow_writer import FlowWriter, Preview, no_preview
from analyzer.capture.proxy_channel import ParentChannel, process_channel
from analyzer.capture.proxy_messages import ProxyLost, Ready, Stopped
from analyzer.capture.relay_door import declare_clients, known_clients
from analyzer.capture.sink import EvidenceSink
from analyzer.capture.tap_ledger import Ledger
from analyzer.capture.taps import Taps
from analyzer.capture.tunnel_door import TunnelDoor
from analyzer.model.clock import Stamp
from analyzer.model.said_of_traffic import DISCONNECTED
from analyzer.model.vocabulary import FlowKind, GapKind, Owner

_STREAMED_TYPES = ("text/event-stream", "application/grpc")
_TEE = "analyzer.tee"
_LOG_GAPS = 100
_NO_HTTP = ("Bad HTTP", "before completing request headers", "protocol error")
_NO_HELLO = "this connection was closed before its TLS handshake had said what it wants"
_SILENT_TUNNEL = "the app sent nothing through this tunnel: it gave up, or waits for the server to speak first"


class FlowSink(EvidenceSink, Protocol):
    """A sink that can be closed; `close` raises `OSError` when evidence was lost."""

    def close(self) -> None:
        """Write everything out and let go."""


def _without_preview(_recording: Path) -> Preview:
    return no_preview


class FlowRecorder:
    """Records HTTP, WebSocket, TCP, UDP, DNS, refused TLS and errors; `recording` is named by an option.

    A request is written when its body has ended, its response later. What is still under way when the proxy stops is
    written as truncated.
    """

    def __init__(
        self,
        open_sink: Callable[[Path], FlowSink],
        open_preview: Callable[[Path], Preview] = _without_preview,
        open_channel: Callable[[], ParentChannel] = process_channel,
    ) -> None:
        self._open_sink = open_sink
        self._open_preview = open_preview
        self._open_channel = open_channel
        self._clients = Clients()
        self._untouched: frozenset[str] = frozenset()
        self._ledger = Ledger()
        self._receiving: dict[str, tuple[HTTPFlow, tuple[tuple[bytes, bytes], ...]]] = {}
        self._answering: dict[str, HTTPFlow] = {}
        self._stopping = False
        self._running = False

    # -- life of the process

    def load(self, loader: Loader) -> None:
        """Declare the options and take hold of the channel to the parent."""
        loader.add_option("analyzer_recording", str, "", "folder of the recording that flows are written to")
        loader.add_option("analyzer_untouched", str, "[]", "JSON list of hosts whose TLS is passed through unread")
        declare_clients(loader)
        keep_trailers()
        self._channel = self._open_channel()

    def running(self) -> None:
        """Open the recording and tell the parent the port."""
        self._loop = asyncio.get_running_loop()
        self._clients = Clients(*known_clients())
        self._untouched = frozenset(json.loads(ctx.options.analyzer_untouched))
        try:
            recording = Path(ctx.options.analyzer_recording)
            self._sink = self._open_sink(recording)
            preview = self._open_preview(recording)
        except Exception as error:  # noqa: BLE001 - whatever a store raises, nothing can be recorded
            self._channel.tell(ProxyLost(f"The recording cannot be opened for the proxy: {error}"))
            _shut_down()
            return
        self._writer = FlowWriter(self._sink, self._channel.tell, self._stop_soon, preview)
        self._running = True
        logging.getLogger().addHandler(_LogToGap(self._writer))
        self._taps = Taps(self._writer, self._ledger, lambda: Moment.read().stamp())
        self._door = TunnelDoor(self._channel.tell, self._writer.gap)
        self._channel.listen(self._stop_soon, self._hear)
        self._channel.tell(Ready(_listening_port()))

    def _hear(self, line: bytes) -> None:
        if not self._door.hear(line):
            self._taps.hear(line)

    def done(self) -> None:
        """Write what there is when mitmdump is ended by a signal."""
        if self._running and not self._stopping:
            self._note_unfinished()
            self._drain()

    def _stop_soon(self) -> None:
        self._loop.call_soon_threadsafe(self._stop)

    def _stop(self) -> None:
        if self._stopping:
            return
        self._note_unfinished()
        threading.Thread(target=self._drain_and_leave, name="drain").start()

    def _note_unfinished(self) -> None:
        self._stopping = True
        for flow, _ in list(self._receiving.values()):
            self._note_request(flow, ended=False)
        for flow in list(self._answering.values()):
            self._note_response(flow, ended=False)
        self._taps.close()

    def _drain(self) -> None:
        counts = self._writer.close()
        try:
            self._sink.close()
            self._channel.tell(Stopped(counts))
        except OSError as error:
            self._channel.tell(ProxyLost(f"Evidence of the traffic cannot be written: {error}; free the disk."))

    def _drain_and_leave(self) -> None:
        self._drain()
        self._loop.call_soon_threadsafe(_shut_down)

    # -- connections

    async def client_connected(self, client: Client) -> None:
        """Learn of a connection that came out of a tunnel where it goes and whose it is."""
        if self._running:
            await self._door.meet(client, self._clients.tunnel(client))

    def http_connect(self, flow: HTTPFlow) -> None:
        """Remember where a tunnel leads, and whose it is."""
        self._clients.connect(flow)

    def tls_clienthello(self, data: ClientHelloData) -> None:
        """Remember the random, which joins the app's socket with this flow; pass on what is not to be read."""
        self._clients.hello(data)
        client = data.context.client
        host, port = self._clients.target(client, data.context.server.address)
        passed = (client.sni or host) in self._untouched
        self._ledger.note(client.sni or host, port, self._clients.peer(client), passed=passed)
        if (contradiction := self._clients.contradiction(client)) is not None:
            self._writer.gap(GapKind.TRAFFIC_OPAQUE, *contradiction)
        if passed:
            data.ignore_connection = True
            self._note_start(client.id, client, FlowKind.TLS, (host, port), Moment.read().stamp())

    def tls_failed_client(self, data: TlsData) -> None:
        """Note a handshake that the app broke off; one that it had not even begun was no refusal."""
        client = data.context.client
        host, port = self._clients.target(client, data.context.server.address)
        tunnel = self._clients.tunnel(client)
        if not tunnel.used and str(data.conn.error).startswith(DISCONNECTED):
            tunnel.used = True
            self._writer.gap(GapKind.TRAFFIC_OPAQUE, f"{host[:255]}:{port}", _NO_HELLO)
            return
        peer = self._clients.peer(client)
        error = data.conn.error or "the handshake failed"
        owner = self._clients.owner(client)
        refusal = RefusalSeen(client.id, peer.sni or host, port, peer, error, Moment.read().stamp(), owner)
        self._writer.put(refusal)

    def client_disconnected(self, client: Client) -> None:
        """Forget a connection; a tunnel through which nothing was sent is a gap."""
        tunnel = self._clients.forget(client)
        if tunnel and tunnel.target and not tunnel.used and tunnel.owner is not Owner.OTHER:
            host, port = tunnel.target
            self._writer.gap(GapKind.TRAFFIC_OPAQUE, f"{host[:255]}:{port}", _SILENT_TUNNEL)

    # -- HTTP

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Note the headers of the wire (mitmproxy drops some later), and let what cannot be buffered stream."""
        self._clients.tunnel(flow.client_conn).used = True
        self._receiving[flow.id] = (flow, flow.request.headers.fields)
        if flow.request.stream or _is_streamed(flow.request.headers.get("content-type", "")):
            flow.request.stream = flow.metadata[f"{_TEE}.request"] = Tee()

    def request(self, flow: HTTPFlow) -> None:
        """Note a request whose body has ended."""
        self._note_request(flow, ended=True)

    def responseheaders(self, flow: HTTPFlow) -> None:
        """Let an answer stream that cannot be buffered: event streams never end."""
        self._answering[flow.id] = flow
        if flow.response and (flow.response.stream or _is_streamed(flow.response.headers.get("content-type", ""))):
            flow.response.stream = flow.metadata[f"{_TEE}.response"] = Tee()

    def response(self, flow: HTTPFlow) -> None:
        """Note a response whose body has ended."""
        self._note_response(flow, ended=True)

    def error(self, flow: HTTPFlow) -> None:
        """Note what there is of a broken exchange, then the error."""
        self._note_request(flow, ended=False)
        self._note_response(flow, ended=False)
        if flow.error:
            self._writer.put(ErrorSeen(flow.id, flow.error.msg, Moment.read().at(flow.error.timestamp)))

    def _note_request(self, flow: HTTPFlow, *, ended: bool) -> None:
        known = self._receiving.pop(flow.id, None)
        if known is None:
            return
        came = flow.request.raw_content
        if came is None and not ended:
            came = request_so_far(flow)
        content = _content(flow.metadata.get(f"{_TEE}.request"), came, ended=ended)
        host, port = self._clients.destination(flow)
        if (mask := self._clients.mask(flow)) is not None:
            self._writer.gap(GapKind.TRAFFIC_OPAQUE, *mask)
        peer = self._clients.peer(flow.client_conn)
        data, owner = copy.copy(flow.request.data), self._clients.owner(flow.client_conn)
        seen = RequestSeen(
            flow.id, data, known[1] + request_trailers(flow), host, port, content, peer, Moment.read(), owner
        )
        self._writer.put(seen, len(content.data))

    def _note_response(self, flow: HTTPFlow, *, ended: bool) -> None:
        if self._answering.pop(flow.id, None) is None or flow.response is None:
            return
        came = flow.response.raw_content
        if came is None and not ended:
            came = response_so_far(flow)
        content = _content(flow.metadata.get(f"{_TEE}.response"), came, ended=ended)
        data = copy.copy(flow.response.data)
        fields = flow.response.headers.fields + response_trailers(flow)
        self._writer.put(ResponseSeen(flow.id, data, fields, content, Moment.read()), len(content.data))

    # -- everything else

    def websocket_message(self, flow: HTTPFlow) -> None:
        """Note a WebSocket message; earlier ones leave the memory."""
        if flow.websocket:
            message = flow.websocket.messages[-1]
            del flow.websocket.messages[:-1]
            self._note_message(flow.id, message, text=message.is_text)

    def tcp_start(self, flow: TCPFlow) -> None:
        """Note the start of a raw connection."""
        self._note_connection(flow, FlowKind.TCP)

    def tcp_message(self, flow: TCPFlow) -> None:
        """Note a segment; earlier ones leave the memory."""
        message = flow.messages[-1]
        del flow.messages[:-1]
        self._note_message(flow.id, message)

    def udp_start(self, flow: UDPFlow) -> None:
        """Note the first datagram's flow."""
        self._note_connection(flow, FlowKind.UDP)

    def udp_message(self, flow: UDPFlow) -> None:
        """Note a datagram; earlier ones leave the memory."""
        message = flow.messages[-1]
        del flow.messages[:-1]
        self._note_message(flow.id, message)

    def dns_request(self, flow: DNSFlow) -> None:
        """Note a DNS question, as bytes of the wire."""
        self._note_connection(flow, FlowKind.DNS)
        stamp = Moment.read().at(flow.request.timestamp)
        self._writer.put(MessageSeen(flow.id, whole(flow.request.packed), from_client=True, text=False, stamp=stamp))

    def dns_response(self, flow: DNSFlow) -> None:
        """Note the answer to a DNS question."""
        if flow.response:
            self._clients.answered(flow)
            stamp = Moment.read().at(flow.response.timestamp)
            answer = whole(flow.response.packed)
            self._writer.put(MessageSeen(flow.id, answer, from_client=False, text=False, stamp=stamp))

    def tcp_error(self, flow: TCPFlow | UDPFlow | DNSFlow) -> None:
        """Note that a flow ended in an error."""
        if flow.error:
            self._writer.put(ErrorSeen(flow.id, flow.error.msg, Moment.read().at(flow.error.timestamp)))

    udp_error = tcp_error
    dns_error = tcp_error

    def _note_connection(self, flow: TCPFlow | UDPFlow | DNSFlow, kind: FlowKind) -> None:
        self._clients.tunnel(flow.client_conn).used = True
        place = self._clients.target(flow.client_conn, flow.server_conn.address)
        self._note_start(flow.id, flow.client_conn, kind, place, Moment.read().at(flow.timestamp_start))

    def _note_start(self, flow: str, client: Client, kind: FlowKind, place: tuple[str, int], stamp: Stamp) -> None:
        peer, owner = self._clients.peer(client), self._clients.owner(client)
        self._writer.put(ConnectionSeen(flow, kind, peer.sni or place[0], place[1], peer, stamp, owner))

    def _note_message(self, flow: str, message: WebSocketMessage | _RawMessage, *, text: bool = False) -> None:
        stamp = Moment.read().at(message.timestamp)
        seen = MessageSeen(flow, whole(message.content), message.from_client, text, stamp)
        self._writer.put(seen, len(message.content))


class _RawMessage(Protocol):
    from_client: bool
    content: bytes
    timestamp: float


class _LogToGap(logging.Handler):
    """mitmproxy tells some troubles (its own crash, a request that is no HTTP) only to its log."""

    def __init__(self, writer: FlowWriter) -> None:
        super().__init__(logging.INFO)
        self._writer = writer
        self._left = _LOG_GAPS

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if self._left > 0 and (record.levelno >= logging.ERROR or any(words in text for words in _NO_HTTP)):
            self._left -= 1
            self._writer.gap(GapKind.PROXY_ERROR, "proxy", text[:500])


def _is_streamed(content_type: str) -> bool:
    return content_type.lower().startswith(_STREAMED_TYPES)


def _content(tee: object, buffered: bytes | None, *, ended: bool) -> Content:
    if isinstance(tee, Tee):
        return tee.content(ended=ended)
    missing = buffered is None
    return Content(buffered or b"", len(buffered or b""), complete=ended and not missing)


def _listening_port() -> int:
    servers = ctx.master.addons.get("proxyserver").servers  # type: ignore[no-untyped-call]
    return next(int(server.listen_addrs[0][1]) for server in servers if isinstance(server.mode, RegularMode))


def _shut_down() -> None:
    ctx.master.shutdown()  # type: ignore[no-untyped-call]
