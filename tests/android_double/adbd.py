"""The device side of adb's protocol: connections of the adb server, and the streams on them."""

from __future__ import annotations

import queue
import secrets
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from channel import exactly

VERSION, LARGEST = 0x01000001, 1 << 20
_TOKEN, _PUBLIC_KEY = 1, 3


class Stream:
    """One stream of a connection: bytes in both directions, each message acknowledged."""

    def __init__(self, wire: Connection, local: int) -> None:
        self.wire, self.local, self.remote = wire, local, 0
        self.coming: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.ready = threading.Semaphore(0)
        self.answered = threading.Event()
        self.closed = False
        self._rest = b""

    def write(self, data: bytes) -> None:
        for at in range(0, len(data), self.wire.largest):
            if self.closed:
                raise EOFError
            self.wire.tell(b"WRTE", self.local, self.remote, data[at : at + self.wire.largest])
            self.ready.acquire()

    def read(self) -> bytes:
        """Give what comes next, nothing at the end."""
        if self._rest:
            data, self._rest = self._rest, b""
            return data
        return b"" if self.closed and self.coming.empty() else self.coming.get()

    def exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            part = self.read()
            if not part:
                raise EOFError
            data += part
        data, self._rest = data[:size], data[size:]
        return data

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            with suppress(OSError):
                self.wire.tell(b"CLSE", self.local, self.remote)
            self.coming.put(b"")
        self.wire.streams.pop(self.local, None)

    def ended(self) -> None:
        """Note that the other side closed it."""
        self.closed = True
        self.coming.put(b"")
        self.ready.release()
        self.answered.set()


class Connection:
    """One connection of an adb server; `serve(stream, name)` carries out a service, False when there is none."""

    def __init__(self, wire: socket.socket, banner: str, serve: Callable[[Stream, str], Any], state: str) -> None:
        self.socket, self.banner, self.serve, self.state = wire, banner, serve, state
        self.streams: dict[int, Stream] = {}
        self.listeners: dict[str, tuple[str, socket.socket]] = {}
        self.largest = 4096
        self._lock = threading.Lock()
        self._count = 0
        self._token = secrets.token_bytes(20)
        self._check = True

    def tell(self, word: bytes, first: int, second: int, data: bytes = b"") -> None:
        number = int.from_bytes(word, "little")
        check = sum(data) & 0xFFFFFFFF if self._check else 0
        head = struct.pack("<6I", number, first, second, len(data), check, number ^ 0xFFFFFFFF)
        with self._lock:
            self.socket.sendall(head + data)

    def open(self, service: str) -> Stream | None:
        """Open a stream from the device's side, as `adb reverse` does; None when the host refuses."""
        stream = self._new()
        self.tell(b"OPEN", stream.local, 0, service.encode() + b"\0")
        stream.answered.wait(60)
        return None if stream.closed or not stream.remote else stream

    def run(self) -> None:
        with self.socket, suppress(EOFError, OSError):
            while True:
                head = exactly(self.socket, 24)
                first, second, size = struct.unpack("<3I", head[4:16])
                self._take(head[:4], first, second, exactly(self.socket, size))
        for stream in list(self.streams.values()):
            stream.ended()
        for _, listener in self.listeners.values():
            close_listener(listener)

    def authorize(self) -> None:
        """Let the host in, as the user does with the dialog."""
        self.state = "device"
        self.tell(b"CNXN", VERSION, LARGEST, self.banner.encode())

    def cut(self) -> None:
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def _new(self) -> Stream:
        with self._lock:
            self._count += 1
            stream = self.streams[self._count] = Stream(self, self._count)
        return stream

    def _take(self, word: bytes, first: int, second: int, data: bytes) -> None:
        stream = self.streams.get(second)
        if word == b"CNXN":
            self.largest, self._check = min(second, LARGEST), first < VERSION
            if self.state == "device":
                self.authorize()
            elif self.state == "unauthorized":
                self.tell(b"AUTH", _TOKEN, 0, self._token)
        elif word == b"AUTH" and first != _PUBLIC_KEY:
            self.tell(b"AUTH", _TOKEN, 0, self._token)
        elif word == b"OPEN":
            stream = self._new()
            stream.remote = first
            name = data.rstrip(b"\0").decode("utf-8", "surrogateescape")
            threading.Thread(target=self._service, args=(stream, name), daemon=True).start()
        elif word == b"OKAY" and stream:
            if not stream.remote:
                stream.remote = first
                stream.answered.set()
            else:
                stream.ready.release()
        elif word == b"WRTE" and stream:
            self.tell(b"OKAY", second, first)
            stream.coming.put(data)
        elif word == b"CLSE" and stream:
            self.streams.pop(second, None)
            stream.ended()

    def _service(self, stream: Stream, name: str) -> None:
        with suppress(EOFError, OSError):
            if self.serve(stream, name) is False:
                self.tell(b"CLSE", 0, stream.remote)
                stream.closed = True
        stream.close()


def close_listener(listener: socket.socket) -> None:
    """Wake whoever accepts there, and let go of the port."""
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def join(stream: Stream, peer: socket.socket) -> None:
    """Copy between a stream and a socket until either ends."""

    def up() -> None:
        with suppress(OSError, EOFError):
            while data := stream.read():
                peer.sendall(data)
        with suppress(OSError):
            peer.shutdown(socket.SHUT_WR if not stream.closed else socket.SHUT_RDWR)

    thread = threading.Thread(target=up, daemon=True)
    thread.start()
    with suppress(OSError, EOFError):
        while data := peer.recv(1 << 16):
            stream.write(data)
    stream.close()
    stream.coming.put(b"")
    thread.join()
    peer.close()
