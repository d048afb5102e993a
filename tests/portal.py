"""Stands in for frida-server: a portal in which processes wait for their controller, as they do under spawn gating.

A process that a local Frida holds and that joins a portal calls itself running, and the portal gates only processes
that call themselves suspended. So a relay between the two (WebSocket frames with one D-Bus message each) has the
process say what is true, `suspended`, and gives it Android's name (`com.example:push`) in place of its executable's.
When the controller resumes it, or nobody gates, the local Frida lets it run.

What differs from a phone: nothing here comes from a zygote, `spawn` and the frontmost application are not supported,
and processes that are of no interest appear only when a test lets them join.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import frida

SUSPENDED = 1
_REPLY, _SIGNAL = 2, 4
_REPLY_TO = b"\x05\x01u\0"


class Portal:
    """A gate on a control port; `hold` has a process that `local` has spawned wait there under its Android name."""

    def __init__(self, control_port: int = 0, cluster_port: int = 0) -> None:
        self.address = ("127.0.0.1", control_port or _free_port())
        self._cluster = ("127.0.0.1", cluster_port or _free_port())
        self._service = frida.PortalService(
            frida.EndpointParameters(address=self._cluster[0], port=self._cluster[1]),
            frida.EndpointParameters(address=self.address[0], port=self.address[1]),
        )
        self._service.start()
        self._held: list[Any] = []

    def hold(self, local: frida.Device, pid: int, identifier: str) -> None:
        """Let a process join; it runs as soon as nobody holds it any more."""
        self._held.append(join(local, pid, identifier, self._cluster))

    def stop(self) -> None:
        """Close the gate; whoever waits there runs on when its controller has gone."""
        self._service.stop()


def join(local: frida.Device, pid: int, identifier: str, cluster: tuple[str, int]) -> Any:
    """Let a process that `local` holds join the portal at `cluster`; keep what this gives as long as it runs."""

    def resume() -> None:
        with suppress(frida.InvalidArgumentError, frida.ProcessNotFoundError):
            local.resume(pid)

    port = _relay(cluster, identifier, resume)
    session = local.attach(pid)
    return session, session.join_portal(f"127.0.0.1:{port}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _relay(target: tuple[str, int], identifier: str, resume: Callable[[], None]) -> int:
    """Serve one process on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = int(listener.getsockname()[1])

    def serve() -> None:
        with listener:
            process, _ = listener.accept()
        service = socket.create_connection(target)
        serials: set[bytes] = set()

        def introduce(message: bytes) -> bytes:
            if b"\0Join\0" not in message[: 16 + int.from_bytes(message[12:16], "little")]:
                return message
            serials.add(message[8:12])
            return introduced(message, identifier)

        def listen(message: bytes) -> bytes:
            kind, fields = message[1], message[16 : 16 + int.from_bytes(message[12:16], "little")]
            answered = kind == _REPLY and any(_REPLY_TO + serial in fields for serial in serials)
            runs = answered and int.from_bytes(message[-4:], "little") != SUSPENDED
            if runs or (kind == _SIGNAL and b"\0Resume\0" in fields):
                threading.Thread(target=resume, daemon=True).start()
            return message

        with process, service:
            back = threading.Thread(target=_pump, args=(service, process, listen), daemon=True)
            back.start()
            _pump(process, service, introduce)
            back.join()

    threading.Thread(target=serve, daemon=True).start()
    return port


def introduced(message: bytes, identifier: str) -> bytes:
    """Give a `Join` call with another name and the state that is true: `(ssua{sv}) u as a{sv}`, little endian."""
    start = 16 + int.from_bytes(message[12:16], "little")
    start += -start % 8
    body = message[start:]
    at = _after(body, _after(body, 0))
    pid = body[at : at + 4]
    name = identifier.encode()
    text = struct.pack("<I", len(name)) + name + b"\0"
    new = text + b"\0" * (-len(text) % 4)
    new += new + pid + struct.pack("<I", 0)
    new += b"\0" * (-len(new) % 8) + struct.pack("<III", SUSPENDED, 0, 0)
    new += b"\0" * (-len(new) % 8)
    return message[:4] + struct.pack("<I", len(new)) + message[8:start] + new


def _after(body: bytes, at: int) -> int:
    end = at + 4 + int.from_bytes(body[at : at + 4], "little") + 1
    return end + -end % 4


def _pump(source: socket.socket, sink: socket.socket, change: Callable[[bytes], bytes]) -> None:
    """Copy the HTTP upgrade, then WebSocket frames, changing the binary ones."""
    with suppress(OSError), source.makefile("rb") as stream:
        while (line := stream.readline()) not in {b"\r\n", b""}:
            sink.sendall(line)
        sink.sendall(line)
        while len(head := stream.read(2)) == 2:
            size = head[1] & 127
            long = stream.read({126: 2, 127: 8}.get(size, 0))
            size = int.from_bytes(long, "big") if long else size
            masked = head[1] >> 7
            key = stream.read(4) if masked else b"\0\0\0\0"
            data = bytes(byte ^ key[place % 4] for place, byte in enumerate(stream.read(size)))
            if head[0] == 0x82:
                data = change(data)
            sink.sendall(_frame(head[0], data, masked))
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _frame(first: int, data: bytes, masked: int) -> bytes:
    flag, size = masked << 7, len(data)
    if size < 126:
        head = bytes([first, flag | size])
    elif size < 1 << 16:
        head = bytes([first, flag | 126]) + size.to_bytes(2, "big")
    else:
        head = bytes([first, flag | 127]) + size.to_bytes(8, "big")
    return head + (b"\0\0\0\0" if masked else b"") + data
