"""Messages between the test and the inside of the double: JSON with a length, and open files beside it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Sequence
from typing import Any

_MOST_FILES = 4


def send(wire: socket.socket, message: Any, files: Sequence[int] = ()) -> None:
    data = json.dumps(message).encode()
    head = len(data).to_bytes(4, "big")
    if files:
        socket.send_fds(wire, [head], list(files))
    else:
        wire.sendall(head)
    wire.sendall(data)


def receive(wire: socket.socket) -> tuple[Any, list[int]]:
    """Read one message and the files that came with it; `EOFError` when the other side is gone."""
    try:
        head, files, _, _ = socket.recv_fds(wire, 4, _MOST_FILES)
    except ConnectionError as error:
        raise EOFError from error
    if not head:
        raise EOFError
    head += exactly(wire, 4 - len(head))
    return json.loads(exactly(wire, int.from_bytes(head, "big"))), files


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
