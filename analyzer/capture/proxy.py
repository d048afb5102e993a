"""Starts, watches and stops the proxy: mitmdump in a process of its own, on loopback."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import IO

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_routes import LabRoutes
from analyzer.capture.proxy_messages import (
    LINE_LIMIT,
    FlowSeen,
    ProxyLost,
    ProxyMessage,
    Ready,
    SocketSeen,
    Stopped,
    decode,
)
from analyzer.capture.relay_door import Door
from analyzer.capture.tap_messages import TapMessage, encode_tap
from analyzer.capture.tunnel_door import encode_owner
from analyzer.model.evidence import Gap
from analyzer.model.vocabulary import Owner

ADDON = Path(__file__).parents[1] / "addon.py"
START_TIMEOUT_S = 45.0
STOP_TIMEOUT_S = 20.0
_HOST = "127.0.0.1"
# The package's root goes to the end of the path, so that a checkout works and nothing is shadowed.
_BOOT = "import sys; sys.path.append(sys.argv.pop(1)); from mitmproxy.tools.main import mitmdump; sys.exit(mitmdump())"

# Lazy: the request is read before the server is asked, so a request to a dead, refused or pinned-away server is
# evidence too (eager answers CONNECT with 502 and the app never sends it). Protocols in which the server speaks first
# wait for the app in vain; the recorder notes such tunnels as a gap.
_OPTIONS = {
    "connection_strategy": "lazy",
    "stream_large_bodies": "64m",
    "block_global": "true",
    "onboarding": "false",
    "http3": "false",
}


class Proxy:
    """One mitmdump, for one recording.

    `on_message` is called from a thread of its own with `FlowSeen`, `SocketSeen`, `Gap` and, when the proxy is lost in
    mid-run, `ProxyLost`; it must not block.
    """

    def __init__(
        self, on_message: Callable[[FlowSeen | SocketSeen | Gap | ProxyLost], None], addon: Path = ADDON
    ) -> None:
        self._on_message = on_message
        self._addon = addon
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._confdir = Path()
        self._counts: Mapping[str, int] = {}
        self._log: deque[str] = deque(maxlen=40)
        self._fatal = ""
        self._stopping = False
        self._ready = threading.Event()
        self._ended = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that the device must use."""
        return _HOST, self._port

    @property
    def ca_certificate(self) -> Path:
        """The PEM file of the authority that the device must trust; there once the proxy has started."""
        return self._confdir / "mitmproxy-ca-cert.pem"

    def start(
        self,
        recording: Path,
        confdir: Path,
        lab: LabRoutes | None = None,
        port: int = 0,
        *,
        clients: Owner = Owner.APP,
        door: Door | None = None,
        untouched: Collection[str] = (),
        keys: Path | None = None,
    ) -> int:
        """Start the proxy and give its port (a free one when `port` is 0).

        `confdir` holds the certificate authority. `clients` is whose a connection is when nothing proves it: on the
        lab device all are the app's. `door` is the relay's, whose connections are proven to be the app's.
        What goes to the hosts in `untouched` is passed through unread. `keys` is the file that gets the secrets of
        every TLS connection, in the format that Wireshark reads.
        Raises `EnvironmentProblem` when it does not come up.
        """
        if importlib.util.find_spec("mitmproxy") is None:
            raise EnvironmentProblem("mitmproxy is not installed for this Python; run scripts/analyzer doctor.")
        self._confdir = confdir.absolute()
        more = {"analyzer_clients": clients.value, **_options(door)}
        if untouched:
            more["analyzer_untouched"] = json.dumps(sorted(untouched))
        self._process = subprocess.Popen(  # stays open until stop()
            self._command(recording.absolute(), lab, port, more, door.mode if door else ""),
            env=_with_keys(keys),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the terminal is for us; we tell the proxy to stop
        )
        self._watch(self._process)
        if not self._ready.wait(START_TIMEOUT_S) or not self._port or self._fatal:
            self._process.kill()  # it holds no evidence yet
            self._give_up()
            raise EnvironmentProblem(self._start_trouble(port, door.mode if door else ""))
        return self._port

    def tap(self, message: TapMessage) -> None:
        """Hand on what a TLS tap said; what comes after `stop`, or to a proxy that is lost, is left."""
        self._write(encode_tap(message))

    def own(self, number: int, owner: Owner) -> None:
        """Say whose the connection of a `SocketSeen` is."""
        self._write(encode_owner(number, owner))

    def lost(self) -> str:
        """Say why the proxy was lost in mid-run; empty while all is well, and after an ordinary `stop`."""
        return self._fatal

    def cancel(self) -> None:
        """Make a `start` that is going on in another thread give up."""
        self._ready.set()

    def alive(self) -> bool:
        """Say whether the proxy still runs and can write evidence."""
        return self._process is not None and self._process.poll() is None and not self._fatal

    def stop(self) -> Mapping[str, int]:
        """Let the proxy write what is queued, end it, and give its counts by record kind; safe to call twice."""
        process = self._process
        if process is None:
            return self._counts
        self._stopping = True
        if process.stdin and not process.stdin.closed:
            # Closing says "stop" too, so a proxy that is already gone is no error.
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(b"stop\n")
                process.stdin.flush()
            self._ended.wait(STOP_TIMEOUT_S)
        self._give_up()
        return self._counts

    def _command(
        self, recording: Path, lab: LabRoutes | None, port: int, more: Mapping[str, str], mode: str
    ) -> list[str]:
        options = {**_OPTIONS, **more, "confdir": str(self._confdir), "analyzer_recording": str(recording)}
        if lab is not None:
            routes = {"lab_http": lab.http, "lab_https": lab.https, "lab_tcp": lab.tcp}
            options |= {name: f"{host}:{number}" for name, (host, number) in routes.items()}
            options["ssl_insecure"] = "true"
        settings = [part for name, value in options.items() for part in ("--set", f"{name}={value}")]
        boot = [sys.executable, "-P", "-c", _BOOT, str(ADDON.parents[1])]
        modes = ["--mode", "regular", "--mode", mode] if mode else []
        place = ["--listen-host", _HOST, "--listen-port", str(port)]
        return [*boot, "-q", *place, *modes, *settings, "-s", str(self._addon)]

    def _write(self, line: bytes) -> None:
        process = self._process
        if process is not None and process.stdin and not self._stopping:
            with contextlib.suppress(BrokenPipeError, ValueError):
                process.stdin.write(line)
                process.stdin.flush()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        jobs = ((self._read_messages, process.stdout), (self._read_log, process.stderr))
        self._threads = [threading.Thread(target=job, args=(pipe,), name="proxy", daemon=True) for job, pipe in jobs]
        for thread in self._threads:
            thread.start()

    def _read_messages(self, pipe: IO[bytes]) -> None:
        while line := pipe.readline(LINE_LIMIT):
            message = decode(line)
            if message is None:
                self._log.append(line.decode("utf-8", "replace").strip())
            else:
                self._take(message)
        if not self._stopping and self._ready.is_set() and not self._fatal:
            self._take(ProxyLost(f"the proxy process ended in mid-run; its last words: {self._last_words()}"))
        self._ended.set()
        self._ready.set()

    def _take(self, message: ProxyMessage) -> None:
        match message:
            case Ready(port):
                self._port = port
                self._ready.set()
            case Stopped(counts):
                self._counts = counts
            case ProxyLost(reason):
                if not self._fatal and self._port:
                    self._on_message(message)
                self._fatal = self._fatal or reason
            case _:
                self._on_message(message)

    def _read_log(self, pipe: IO[bytes]) -> None:
        while line := pipe.readline(LINE_LIMIT):
            self._log.append(line.decode("utf-8", "replace").strip())

    def _give_up(self) -> None:
        self._stopping = True
        process = self._process
        if process is None:
            return
        with contextlib.suppress(BrokenPipeError):
            if process.stdin:
                process.stdin.close()
        _end(process)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()

    def _start_trouble(self, port: int, mode: str) -> str:
        words = self._last_words()
        if self._fatal:
            return self._fatal
        if mode and (place := mode.rpartition("@")[2]) in words:
            return (
                f"{place} is no free UDP port of this computer ({words[-300:]}): name another with --wireguard-listen."
            )
        if "in use" in words or "error while attempting to bind" in words:
            return f"Port {port} is taken by another program; choose another one or let the analyzer find a free port."
        return f"The proxy did not start within {START_TIMEOUT_S:.0f} s; its last words: {words}"

    def _last_words(self) -> str:
        return " | ".join(line[:200] for line in list(self._log)[-5:] if line) or "none"


def _with_keys(file: Path | None) -> dict[str, str] | None:
    """Give the environment of a proxy that writes its keys there; `None` is our own."""
    if file is None:
        return None
    file.touch(0o600)
    return {**os.environ, "MITMPROXY_SSLKEYLOGFILE": str(file.absolute())}


def _options(door: Door | None) -> dict[str, str]:
    if door is None:
        return {}
    return {"analyzer_relay": door.token, "analyzer_nowhere": f"{door.nowhere[0]}:{door.nowhere[1]}"}


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
