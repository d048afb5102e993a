"""A small adb server on a port of its own, so that no test starts a real one, which would stay."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def adb_server(answer: bytes) -> Iterator[tuple[str, int]]:
    """Serve one request after another as adb's own server does: a four-digit length, then the words."""

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                size = client.recv(4)
                if size:
                    client.recv(int(size, 16))
                    client.sendall(answer)

    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(60)
