"""The internet of the lab: HTTPS, cleartext HTTP, WebSocket and raw TCP on loopback, for reserved names only."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import Framework

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_authority import ServerCertificate, make_server_certificate
from analyzer.capture.lab_web import web

RESERVED: Final = ("example", "test")
"""The top-level names (RFC 2606) that exist on the lab's internet; every other name does not."""

_LONGEST_WAIT: Final = 15.0
_SECONDS_TO_CLOSE: Final = 1.0
_LARGEST_ECHO: Final = 65536


@dataclass(frozen=True, slots=True)
class LabAddresses:
    """Where the servers listen, each `(host, port)` on loopback."""

    https: tuple[str, int]
    http: tuple[str, int]
    tcp: tuple[str, int]

    def text(self) -> str:
        """Give `https=127.0.0.1:1,http=127.0.0.1:2,tcp=127.0.0.1:3`, as the proxy's option takes it."""
        named = (("https", self.https), ("http", self.http), ("tcp", self.tcp))
        return ",".join(f"{name}={host}:{port}" for name, (host, port) in named)


class LabInternet:
    """Servers in one thread of their own; `addresses` and `certificate` are valid between `start` and `stop`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leave: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._addresses: LabAddresses | None = None
        self._certificate: ServerCertificate | None = None

    @property
    def addresses(self) -> LabAddresses:
        """Tell where the servers listen."""
        if self._addresses is None:
            raise EnvironmentProblem("The lab's internet is not running; start it first.")
        return self._addresses

    @property
    def certificate(self) -> ServerCertificate:
        """Tell which authority the HTTPS server's certificate comes from."""
        if self._certificate is None:
            raise EnvironmentProblem("The lab's internet is not running; start it first.")
        return self._certificate

    def start(self) -> LabAddresses:
        """Listen on free loopback ports; returns when every server accepts connections."""
        try:
            self._certificate = make_server_certificate(self._folder)
            listeners = [socket.create_server(("127.0.0.1", 0), backlog=256) for _ in range(3)]
        except OSError as error:
            raise EnvironmentProblem(f"The lab's internet cannot start: {error}.") from error
        https, http, tcp = listeners
        addresses = LabAddresses(https.getsockname(), http.getsockname(), tcp.getsockname())
        work = self._serve(https, http, tcp, self._certificate)
        self._thread = threading.Thread(target=self._run, args=(work,), name="lab-internet", daemon=True)
        self._thread.start()
        if not self._ready.wait(_LONGEST_WAIT) or self._failure is not None:
            self.stop()
            raise EnvironmentProblem(f"The lab's internet did not start: {self._failure or 'no answer'}.")
        self._addresses = addresses
        return addresses

    def stop(self) -> None:
        """Close every server and connection; safe to call twice."""
        if self._loop is not None and self._leave is not None and self._thread is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._leave.set)
        if self._thread is not None:
            self._thread.join(_LONGEST_WAIT)
        self._thread = self._addresses = None

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            asyncio.run(work)
        except Exception as error:  # noqa: BLE001 - hands the servers' failure to the thread that started them
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(
        self, https: socket.socket, http: socket.socket, tcp: socket.socket, certificate: ServerCertificate
    ) -> None:
        self._loop, self._leave = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(_ignore)
        echo = await asyncio.start_server(_echo, sock=tcp)
        secure = _config(https)
        secure.certfile, secure.keyfile = str(certificate.chain), str(certificate.key)
        application = cast("Framework", web)
        servers = [
            asyncio.create_task(serve(application, config, shutdown_trigger=self._leave.wait, mode="asgi"))
            for config in (secure, _config(http))
        ]
        self._ready.set()
        leave = asyncio.create_task(self._leave.wait())
        await asyncio.wait([leave, *servers], return_when=asyncio.FIRST_COMPLETED)
        self._leave.set()
        echo.close()
        # a client that is still shaking hands would hold its server for a minute
        _, late = await asyncio.wait(servers, timeout=_SECONDS_TO_CLOSE)
        for server in late:
            server.cancel()
        for outcome in await asyncio.gather(*servers, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome


def _config(listener: socket.socket) -> Config:
    """Hand hypercorn a socket that already listens: nobody can take the port in between."""
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.accesslog = None
    config.errorlog = None
    config.loglevel = "CRITICAL"
    config.graceful_timeout = 0.3
    config.shutdown_timeout = 1
    config.websocket_max_message_size = 64 * 1024 * 1024
    config.h2_max_concurrent_streams = 256
    return config


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(_LARGEST_ECHO):
            writer.write(data)
            await writer.drain()
    except (OSError, asyncio.CancelledError):
        pass  # the client broke off, or the lab closes
    finally:
        writer.close()


def _ignore(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Keep connections that clients broke off from speaking to the user's terminal."""
    logging.getLogger(__name__).debug("lab internet: %s", context.get("message"))
