"""Carries the app's redirected connections to the proxy, each with the destination that the redirect took from it."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, Final

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.relay_door import NOWHERE, SHARED, TOKEN_HEADER, UNKNOWN_PORT, Door
from analyzer.capture.relay_hints import LATE_S, Arrival, SocketHints
from analyzer.capture.relay_opening import LIMIT, RAW, Opening, read_opening
from analyzer.model.said_of_traffic import ANY_HOST
from analyzer.model.vocabulary import GapKind

MOST_CONNECTIONS: Final = 512
FIRST_WORDS_S: Final = 3.0
"""So long the app may take to name its destination before the connection counts as raw."""
BATCHES_S: Final = 0.25
"""So long after a connection comes the agent's messages are awaited, several batches, before one socket is the only."""
IDLE_S: Final = 900.0
MOST_GAPS: Final = 200
MOST_CLAIMS: Final = 2000

_HOST: Final = "127.0.0.1"
_START_S: Final = 10.0
_PROXY_S: Final = 10.0
_CHUNK: Final = 64 * 1024
_DEFAULT_PORTS: Final = {"tls": 443, "http": 80}

TellGap = Callable[[GapKind, str, str], object]
"""Kind, subject and why; called from the relay's own thread."""


class Relay:
    """A loopback server with one port per class of original ports; every connection goes on through the proxy.

    `classes` are original ports that have a port of their own here; all others share one (class 0), for which the
    original port is found in the HTTP Host or among the sockets that the agent tells (`hints`). `clock` gives seconds.
    `tell_claim` is called, from the relay's own thread, once for each host that nothing but an HTTP Host names.
    """

    def __init__(
        self,
        tell_gap: TellGap,
        classes: Sequence[int],
        most: int = MOST_CONNECTIONS,
        clock: Callable[[], float] = time.monotonic,
        tell_claim: Callable[[str], object] = str,
    ) -> None:
        self.hints = SocketHints(classes, clock)
        self._tell_gap, self._tell_claim = tell_gap, tell_claim
        self._claims: set[str] = set()
        self._most = most
        self._classes = tuple(classes)
        self._token = secrets.token_hex(16)
        self._word = self._token
        self._proxy: tuple[str, int] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()
        self._gaps = 0

    def start(self) -> tuple[Door, Mapping[int, int]]:
        """Listen; give the proxy's door, and the loopback port of every class of original ports."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="relay", daemon=True)
        self._thread.start()
        try:
            nowhere, ports = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(_START_S)
        except OSError as error:
            self.stop()
            raise EnvironmentProblem(f"No port for the app's traffic could be opened on loopback: {error}.") from error
        return Door(self._token, (_HOST, nowhere)), ports

    def lead(self, proxy: tuple[str, int]) -> None:
        """Say where the proxy listens; what comes earlier is turned away."""
        self._proxy = proxy

    def doubt_owner(self) -> None:
        """Claim no longer that what is redirected is the app's: other apps run as its user."""
        self._word = f"{self._token} {SHARED}"

    def stop(self) -> None:
        """End every connection and listen no more; safe to call twice."""
        loop, thread = self._loop, self._thread
        self._loop = self._thread = None
        if loop is None or thread is None:
            return
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._close(), loop).result(_START_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_START_S)
        loop.close()

    async def _listen(self) -> tuple[int, dict[int, int]]:
        ports = {}
        for original in (*self._classes, 0):
            ports[original] = await self._serve(partial(self._admit, original))
        return await self._serve(_swallow), ports

    async def _serve(self, on_client: Callable[..., Coroutine[Any, Any, None]]) -> int:
        def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if len(self._open) >= self._most:
                self._gap(GapKind.FLOWS_DROPPED, 0, f"more than {self._most} connections at once")
                writer.close()
                return
            task = asyncio.get_running_loop().create_task(on_client(reader, writer))
            self._open.add(task)
            task.add_done_callback(self._open.discard)

        server = await asyncio.start_server(begin, _HOST, 0)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _admit(self, original: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._carry(original, reader, writer)
        except (OSError, TimeoutError) as error:
            self._gap(GapKind.PROXY_ERROR, original, f"a redirected connection was not carried: {error}")
        finally:
            writer.close()

    async def _carry(self, original: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrival = self.hints.arrive(original)
        first, opening = await _first_words(reader)
        if not first and reader.at_eof():
            return  # hung up without a word, as the slower one of two attempts does
        host, port = await self._destination(arrival, opening)
        up_reader, up_writer = await self._ask_proxy(host, port)
        try:
            up_writer.write(first)
            await asyncio.gather(_pump(reader, up_writer), _pump(up_reader, writer))
        finally:
            up_writer.close()

    async def _destination(self, arrival: Arrival, opening: Opening) -> tuple[str, int]:
        port = arrival.original or opening.port
        if opening.kind == "http" and opening.host and opening.host not in self._claims:
            claim = opening.host if len(self._claims) < MOST_CLAIMS else ANY_HOST
            if claim not in self._claims:
                self._claims.add(claim)
                self._tell_claim(claim)
        if opening.host and port:
            return opening.host, port
        await self._hear(arrival)
        places = self.hints.destinations(arrival)
        place = self.hints.take(arrival)
        if opening.host:
            if place is not None:
                return opening.host, place[1]
            assumed = _DEFAULT_PORTS[opening.kind]
            why = f"the port at {opening.host} is not known; taken as {assumed}"
            self._gap(GapKind.PROXY_ERROR, arrival.original, why)
            return opening.host, assumed
        if place is not None:
            return place
        why = f"{len(places)} destinations are possible" if len(places) > 1 else "nothing tells its destination"
        if len(places) == 1:
            why = "the only destination that was told may be another connection's"
        self._gap(GapKind.TRAFFIC_OPAQUE, port, f"{why}: what the app sent is kept, and nobody answered it")
        return NOWHERE, port or UNKNOWN_PORT

    async def _hear(self, arrival: Arrival) -> None:
        """Wait for what the agent tells of this connection: its messages come in batches, so one may not be all."""
        for _ in range(int(LATE_S / BATCHES_S)):
            await asyncio.sleep(BATCHES_S)
            if self.hints.destinations(arrival):
                return

    async def _ask_proxy(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._proxy is None:
            raise ConnectionRefusedError("the proxy is not there yet")
        reader, writer = await asyncio.wait_for(asyncio.open_connection(*self._proxy), _PROXY_S)
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n{TOKEN_HEADER}: {self._word}\r\n\r\n".encode())
        if not await _welcomed(reader):
            writer.close()
            raise ConnectionRefusedError(f"the proxy refuses {place}")
        return reader, writer

    def _gap(self, kind: GapKind, port: int, why: str) -> None:
        """Note a gap; the app cannot make more of them than a few hundred."""
        self._gaps += 1
        if self._gaps < MOST_GAPS:
            self._tell_gap(kind, f"redirected:{port or 'other port'}", why)
        elif self._gaps == MOST_GAPS:
            self._tell_gap(kind, "redirected", f"{MOST_GAPS} such troubles were noted; further ones are not listed")


async def _first_words(reader: asyncio.StreamReader) -> tuple[bytes, Opening]:
    """Read until the destination is named, or clearly will not be."""
    data = b""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FIRST_WORDS_S):
            while chunk := await reader.read(LIMIT):
                data += chunk
                opening = read_opening(data)
                if opening is not None:
                    return data, opening
    return data, RAW


async def _welcomed(reader: asyncio.StreamReader) -> bool:
    """Read the proxy's answer to CONNECT."""
    try:
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PROXY_S)
    except (OSError, TimeoutError, EOFError, asyncio.LimitOverrunError):
        return False
    return b" 200 " in answer.partition(b"\r\n")[0]


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way, and the end of them; what arrived before a connection broke was carried."""
    try:
        while chunk := await asyncio.wait_for(reader.read(_CHUNK), IDLE_S):
            writer.write(chunk)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except (OSError, TimeoutError):
        writer.close()


async def _swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take everything and say nothing."""
    with contextlib.suppress(OSError, TimeoutError):
        while await asyncio.wait_for(reader.read(_CHUNK), IDLE_S):
            pass
    writer.close()
