"""The control channel between the lab device and its JVMs: newline-delimited JSON over loopback."""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Final, TypeAlias

from analyzer.capture.device import EnvironmentProblem

LONGEST_LINE: Final = 8_000_000
"""Bytes of one line; a JVM that sends a longer one is cut off."""

_HELLO_SECONDS: Final = 10.0
_SECONDS_TO_CLOSE: Final = 5.0

OnWord: TypeAlias = Callable[["ControlChannel", Mapping[str, Any]], None]
"""Called with what a JVM tells of its own accord (an object with `event`), on the channel's thread."""

OnEnd: TypeAlias = Callable[["ControlChannel"], None]
"""Called once when a JVM's channel has closed."""


class ControlChannel:
    """One connected JVM: its process name and pid as it gave them, and requests to it. Thread-safe."""

    def __init__(self, connection: socket.socket, process: str, pid: int) -> None:
        self.process = process
        self.pid = pid
        self._connection = connection
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._waiting: dict[int, Future[Mapping[str, Any]]] = {}
        self._number = 0
        self._closed = False

    def ask(self, do: str, arguments: Mapping[str, object] | None = None, seconds: float = 5.0) -> Mapping[str, Any]:
        """Make the JVM do something and give its answer; raises `EnvironmentProblem` when it cannot or is silent."""
        answer: Future[Mapping[str, Any]] = Future()
        with self._lock:
            if self._closed:
                raise EnvironmentProblem(f"{self.process} has ended; start the app again.")
            self._number += 1
            number = self._number
            self._waiting[number] = answer
        try:
            self._send({"id": number, "do": do, **(arguments or {})})
            return answer.result(seconds)
        except TimeoutError:
            raise EnvironmentProblem(f"{self.process} did not answer `{do}` within {seconds:g} s; it hangs.") from None
        except OSError as error:
            raise EnvironmentProblem(f"{self.process} has ended ({error}); start the app again.") from error
        finally:
            with self._lock:
                self._waiting.pop(number, None)

    def answered(self, message: Mapping[str, Any]) -> None:
        """Hand an answer to whoever asked; an answer that nobody waits for is dropped."""
        number = message.get("id")
        with self._lock:
            answer = self._waiting.pop(number, None) if isinstance(number, int) else None
        if answer is None:
            return
        result = message.get("ok")
        if isinstance(result, dict):
            answer.set_result(result)
        else:
            complaint = str(message.get("error", "an answer without `ok`"))[:500]
            answer.set_exception(EnvironmentProblem(f"{self.process} refused: {complaint}"))

    def close(self) -> None:
        """Close the channel, at which the JVM ends itself; whoever waits gets an `EnvironmentProblem`."""
        with self._lock:
            self._closed = True
            waiting, self._waiting = list(self._waiting.values()), {}
        for answer in waiting:
            answer.set_exception(EnvironmentProblem(f"{self.process} ended before it answered."))
        shut(self._connection)

    def _send(self, message: Mapping[str, object]) -> None:
        data = json.dumps(message, ensure_ascii=False).encode() + b"\n"
        with self._sending:
            self._connection.sendall(data)


class ControlServer:
    """Listens on a free loopback port for JVMs that know the token."""

    def __init__(self, on_word: OnWord, on_end: OnEnd, on_hello: Callable[[ControlChannel], None]) -> None:
        self.token = secrets.token_hex(16)
        self._on_word, self._on_end, self._on_hello = on_word, on_end, on_hello
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[ControlChannel] = set()
        self._served: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._acceptor = threading.Thread(target=self._accept, name="lab-control", daemon=True)
        self._acceptor.start()

    @property
    def address(self) -> str:
        """Give `127.0.0.1:<port>`."""
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def close(self) -> None:
        """Stop listening and close every channel; safe to call twice."""
        with self._lock:
            self._closed = True
            channels, served = list(self._open), dict(self._served)
        shut(self._listener)
        for channel in channels:
            channel.close()
        for connection in served.values():
            shut(connection)
        for thread in (self._acceptor, *served):
            if thread is not threading.current_thread():
                thread.join(_SECONDS_TO_CLOSE)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), name="lab-channel", daemon=True)
            with self._lock:
                if self._closed:
                    connection.close()
                    return
                self._served[thread] = connection
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            self._listen(connection)
        finally:
            with self._lock:
                self._served.pop(threading.current_thread(), None)

    def _listen(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            connection.settimeout(_HELLO_SECONDS)
            channel = self._greet(connection, _line(lines.readline))
            if channel is None:
                return
            connection.settimeout(None)
            try:
                self._on_hello(channel)
                while (message := _line(lines.readline)) is not None:
                    if "event" in message:
                        self._on_word(channel, message)
                    else:
                        channel.answered(message)
            finally:
                with self._lock:
                    self._open.discard(channel)
                channel.close()
                self._on_end(channel)

    def _greet(self, connection: socket.socket, message: Mapping[str, Any] | None) -> ControlChannel | None:
        hello = message.get("hello") if message else None
        if not isinstance(hello, dict) or not isinstance(hello.get("pid"), int):
            return None
        if not secrets.compare_digest(str(hello.get("token")).encode(), self.token.encode()):
            return None
        channel = ControlChannel(connection, str(hello.get("process"))[:200], hello["pid"])
        with self._lock:
            if self._closed:
                return None
            self._open.add(channel)
        return channel


def shut(connection: socket.socket) -> None:
    """Close a socket so that a thread that reads from it wakes up."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # the other side was faster
    finally:
        connection.close()


def _line(readline: Callable[[int], bytes]) -> Mapping[str, Any] | None:
    """Read one message; `None` at the end of the channel and for anything that is no JSON object."""
    try:
        line = readline(LONGEST_LINE)
        message = json.loads(line) if line.endswith(b"\n") else None
    except (OSError, ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None
