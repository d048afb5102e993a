"""Messages between the test and the inside of the double: JSON with a length, and open files beside it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from typing import Any

_MOST_FILES = 4
_HEAD = 4
_CHUNK = 1 << 16
_LONG = 100_000


def send(wire: socket.socket, message: Any, files: Sequence[int] = ()) -> None:
    data = json.dumps(message).encode()
    data = len(data).to_bytes(4, "big") + data
    if files:
        data = data[socket.send_fds(wire, [data], list(files)) :]
    if data:
        wire.sendall(data)


def receive(wire: socket.socket) -> tuple[Any, list[int]]:
    """Read one message and the files that came with it; `EOFError` when the other side is gone."""
    data, files = receive_sized(wire)
    return json.loads(data), files


def receive_sized(wire: socket.socket) -> tuple[bytes, list[int]]:
    """Read bytes that have their length before them, and the files that came with the first of them.

    Each side waits for the other's answer before it sends again, so all that is there belongs to one message.
    """
    if wire.gettimeout() is None:
        wire.settimeout(_LONG)  # Python then asks the system what is there before it reads
    try:
        data, files, _, _ = socket.recv_fds(wire, _CHUNK, _MOST_FILES)
    except ConnectionError as error:
        raise EOFError from error
    if not data:
        raise EOFError
    if len(data) < _HEAD:
        data += exactly(wire, _HEAD - len(data))
    size = int.from_bytes(data[:_HEAD], "big")
    return data[_HEAD:] + exactly(wire, size - len(data) + _HEAD), files


def exactly(wire: socket.socket, size: int) -> bytes:
    parts = []
    while size:
        part = wire.recv(min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def close_all(files: Sequence[int]) -> None:
    for file in files:
        os.close(file)
