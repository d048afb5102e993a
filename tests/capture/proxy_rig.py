"""A real proxy before the real lab internet, and clients that speak through it."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from analyzer.capture.lab_internet import LabInternet
from analyzer.capture.lab_routes import LabRoutes
from analyzer.capture.proxy import Proxy
from analyzer.codec.records import decode

PLAIN_ADDON = Path(__file__).with_name("plain_addon.py")
T = TypeVar("T")


class Rig:
    """`messages` is what the proxy told us, `records` what it has written."""

    def __init__(self, folder: Path, routes: LabRoutes | None, *, hear: Any = None, **start: Any) -> None:
        self.recording = folder / "recording"
        self.recording.mkdir()
        self.messages: list[Any] = []
        self.proxy = Proxy(hear or self.messages.append, PLAIN_ADDON)
        self.port = self.proxy.start(self.recording, folder / "ca", routes, **start)
        self.trusting = ssl.create_default_context(cafile=str(self.proxy.ca_certificate))

    def records(self) -> list[Any]:
        lines = (self.recording / "flows.jsonl").read_bytes().split(b"\n")[:-1]
        return [decode(line) for line in lines]

    def of(self, kind: type[T]) -> list[T]:
        return [record for record in self.records() if isinstance(record, kind)]

    def wait_for(self, kind: type[T], /, **fields: object) -> T:
        """Give the first written record of a kind with these fields; fails after a minute."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for record in self.of(kind):
                if all(getattr(record, name) == value for name, value in fields.items()):
                    return record
            time.sleep(0.02)
        raise AssertionError(f"no {kind.__name__} with {fields} among {self.records()}")

    def wait_for_message(self, kind: type[T], /, **fields: object) -> T:
        """Give the first message of a kind with these fields; fails after a minute."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for message in list(self.messages):
                if isinstance(message, kind) and all(getattr(message, k) == v for k, v in fields.items()):
                    return message
            time.sleep(0.02)
        raise AssertionError(f"no {kind.__name__} with {fields} among {self.messages}")

    def ask(self, method: str, host: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Make one HTTPS request as an app with the CA installed does; gives status and body."""
        connection = http.client.HTTPSConnection(*self.proxy.address, context=self.trusting, timeout=60)
        try:
            connection.set_tunnel(host, 443)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    @contextmanager
    def tunnel(self, host: str, port: int) -> Iterator[socket.socket]:
        """Open a CONNECT tunnel as a raw socket."""
        with self.raw() as connection:
            connection.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
            yield connection

    def raw(self) -> socket.socket:
        return socket.create_connection(self.proxy.address, timeout=60)


@contextmanager
def lab_rig(folder: Path, **start: Any) -> Iterator[Rig]:
    """Start the lab's internet and a proxy that knows nothing else."""
    internet = LabInternet(folder / "internet")
    places = internet.start()
    try:
        rig = Rig(folder, LabRoutes(http=places.http, https=places.https, tcp=places.tcp), **start)
        try:
            yield rig
        finally:
            rig.proxy.stop()
    finally:
        internet.stop()
