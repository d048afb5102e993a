"""What adbd does on a stream: shells, files, ports in both directions, and becoming root."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
from contextlib import suppress
from typing import Any

from adb_sync import serve_sync
from adbd import Connection, Stream, close_listener, join
from framework import Call, Framework

_STDIN, _STDOUT, _STDERR, _EXIT, _CLOSE_STDIN = range(5)
_FIRST_WITH_V2 = 24
"""Before it every shell was on a terminal, with the line ends of one."""
_PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}


class Services:
    """Carries out the services of one device."""

    def __init__(self, framework: Framework, listener: socket.socket) -> None:
        self.framework, self.listener = framework, listener
        self.connections: list[Connection] = []
        self.state = framework.config["state"]
        self.watched = False

    def accept(self) -> None:
        """Take connections of adb servers until the device is unplugged."""
        with suppress(OSError):
            while True:
                wire, _ = self.listener.accept()
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection = Connection(wire, self._banner(), lambda *_: None, self.state)
                connection.serve = lambda stream, name, on=connection: self.serve(on, stream, name)
                self.connections.append(connection)
                threading.Thread(target=connection.run, daemon=True).start()

    def cut(self) -> None:
        """End every connection, as a pulled cable does."""
        for connection in self.connections:
            connection.cut()
        self.connections.clear()

    def _banner(self) -> str:
        known = self.framework.state.properties
        names = ("ro.product.name", "ro.product.model", "ro.product.device")
        features = ["cmd", "shell_v2"] if self.framework.api >= _FIRST_WITH_V2 else []
        features += ["stat_v2"] if self.framework.api >= 26 else []
        features += ["abb_exec"] if self.framework.api >= 30 else []
        return "device::" + "".join(f"{name}={known[name]};" for name in names) + "features=" + ",".join(features)

    def serve(self, connection: Connection, stream: Stream, name: str) -> bool:
        if self.watched and self.framework.ask_host(event="service", package="", service=name):
            return False
        kind, _, rest = name.partition(":")
        kind, *options = kind.split(",")
        if kind == "reverse":
            connection.tell(b"OKAY", stream.local, stream.remote)
            self._reverse(connection, stream, rest)
            return True
        if kind in {"tcp", "localabstract", "localfilesystem"}:
            return self._connect(connection, stream, kind, rest)
        services = {
            "shell": lambda: self._shell(
                stream, rest, v2="v2" in options, terminal=self.framework.api < _FIRST_WITH_V2
            ),
            "exec": lambda: self._shell(stream, rest, v2=False),
            "abb_exec": lambda: self._direct(stream, rest.split("\0")),
            "sync": lambda: serve_sync(stream, 0 if self.framework.adbd_as_root else 2000),
            "root": lambda: self._root(stream, wanted=True),
            "unroot": lambda: self._root(stream, wanted=False),
            "remount": lambda: stream.write(b"remount failed\n"),
        }
        if kind not in services:
            return False
        connection.tell(b"OKAY", stream.local, stream.remote)
        services[kind]()
        return True

    def _shell(self, stream: Stream, line: str, *, v2: bool, terminal: bool = False) -> None:
        child = self.framework.start_shell(line, **_PIPES, stderr=subprocess.PIPE if v2 else subprocess.STDOUT)
        sources = [(_STDOUT, child.stdout), (_STDERR, child.stderr)] if v2 else [(_STDOUT, child.stdout)]
        lock = threading.Lock()

        def down(kind: int, source: Any) -> None:
            with source, suppress(OSError, EOFError):
                while data := os.read(source.fileno(), 1 << 15):
                    data = data.replace(b"\n", b"\r\n") if terminal else data
                    with lock:
                        stream.write(struct.pack("<BI", kind, len(data)) + data if v2 else data)

        threading.Thread(target=_type, args=(stream, child.stdin, v2), daemon=True).start()
        readers = [threading.Thread(target=down, args=source, daemon=True) for source in sources]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        code = child.wait()
        if v2:
            stream.write(struct.pack("<BIB", _EXIT, 1, code & 255 if code >= 0 else 128 - code))

    def _direct(self, stream: Stream, words: list[str]) -> None:
        """Call a service without a shell, as `adb install` does on newer devices."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            files = [theirs.fileno()] * 3
            uid = 0 if self.framework.adbd_as_root else 2000
            call = Call(uid, os.getpid(), "/", "", ["cmd", *words], files, theirs)

            def run() -> None:
                self.framework.programs["cmd"](self.framework, call)
                theirs.shutdown(socket.SHUT_RDWR)

            threading.Thread(target=run, daemon=True).start()
            join(stream, ours.dup())

    def _root(self, stream: Stream, *, wanted: bool) -> None:
        framework = self.framework
        if wanted and framework.root != "adbd":
            stream.write(b"adbd cannot run as root in production builds\n")
            return
        if framework.adbd_as_root is wanted:
            stream.write(b"adbd is already running as root\n" if wanted else b"adbd not running as root\n")
            return
        stream.write(b"restarting adbd as root\n" if wanted else b"restarting adbd as non root\n")
        stream.close()
        framework.adbd_as_root = wanted
        self.cut()

    def _connect(self, connection: Connection, stream: Stream, kind: str, rest: str) -> bool:
        """Join the stream with a socket of the device, in the device's own network."""
        try:
            if kind == "tcp":
                port, _, host = rest.partition(":")
                peer = socket.create_connection((host or "127.0.0.1", int(port)), timeout=60)
                peer.settimeout(None)
            else:
                peer = socket.socket(socket.AF_UNIX)
                peer.connect("\0" + rest if kind == "localabstract" else rest)
        except OSError:
            return False
        connection.tell(b"OKAY", stream.local, stream.remote)
        join(stream, peer)
        return True

    def _reverse(self, connection: Connection, stream: Stream, rest: str) -> None:
        verb, _, what = rest.partition(":")
        listeners = connection.listeners
        if verb == "list-forward":
            lines = "".join(f"host-1 {name} {target}\n" for name, (target, _) in listeners.items())
            stream.write(b"%04x" % len(lines) + lines.encode())
        elif verb == "killforward-all":
            for name in list(listeners):
                close_listener(listeners.pop(name)[1])
            stream.write(b"OKAY")
        elif verb == "killforward":
            if what not in listeners:
                stream.write(_failure(f"listener '{what}' not found"))
                return
            close_listener(listeners.pop(what)[1])
            stream.write(b"OKAY")
        elif verb == "forward":
            stream.write(self._listen(connection, what))

    def _listen(self, connection: Connection, what: str) -> bytes:
        rebind = not what.startswith("norebind:")
        name, _, target = what.removeprefix("norebind:").partition(";")
        listeners = connection.listeners
        if name in listeners:
            if not rebind:
                return _failure("cannot rebind existing socket")
            listeners[name] = target, listeners[name][1]
            return b"OKAY"
        kind, _, place = name.partition(":")
        try:
            if kind == "tcp":
                listener = socket.create_server(("127.0.0.1", int(place)))
            else:
                listener = socket.socket(socket.AF_UNIX)
                listener.bind("\0" + place)
                listener.listen(16)
        except OSError as error:
            return _failure(f"cannot bind listener: {error.strerror}")
        answer = b"OKAY"
        if name == "tcp:0":
            port = str(listener.getsockname()[1])
            name, answer = f"tcp:{port}", b"OKAY%04x" % len(port) + port.encode()
        listeners[name] = target, listener
        threading.Thread(target=self._pass_on, args=(connection, name, listener), daemon=True).start()
        return answer

    def _pass_on(self, connection: Connection, name: str, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                peer, _ = listener.accept()
                threading.Thread(target=_join_host, args=(connection, name, peer), daemon=True).start()


def _type(stream: Stream, pipe: Any, v2: bool) -> None:
    """Hand what the host types to a program."""
    with suppress(OSError, EOFError), pipe:
        while True:
            kind, data = _STDIN, b""
            if v2:
                kind, size = struct.unpack("<BI", stream.exactly(5))
                data = stream.exactly(size)
            else:
                data = stream.read()
            if kind == _CLOSE_STDIN or (kind == _STDIN and not data):
                return
            if kind == _STDIN:
                pipe.write(data)
                pipe.flush()


def _join_host(connection: Connection, name: str, peer: socket.socket) -> None:
    with suppress(OSError, KeyError):
        stream = connection.open(connection.listeners[name][0])
        if stream is None:
            peer.close()
        else:
            join(stream, peer)


def _failure(text: str) -> bytes:
    return b"FAIL%04x" % len(text) + text.encode()
