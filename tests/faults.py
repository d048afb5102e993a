"""Runs the real command in a process of its own, does something bad to it, and looks at what is left."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fault_waits import Waits, now_us

ROOT = Path(__file__).parents[1]
OURS = ("lab.runtime.Main", "analyzer_recording", "frida_host")
LISTENING = "0A"
QUICK = ("--dwell", "1.5", "--duration", "1")


@dataclass(frozen=True)
class Ended:
    """How a command ended: code, words on stderr, bytes on stdout, seconds since the last signal (or the start).

    `own` are the seconds for which its end was waited for, without those in which the machine let the command and its
    processes wait.
    """

    code: int
    err: str
    out: bytes
    seconds: float
    own: float

    @property
    def last(self) -> str:
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


class Command:
    """One `analyzer …` in a workspace; every process that it leaves behind is found by the workspace's path."""

    def __init__(self, workspace: Path, *words: object, env: dict[str, str] | None = None, prefix: Sequence[str] = ()):
        self.workspace = workspace
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
        environment = {name: value for name, value in environment.items() if value}
        self._process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "analyzer", *map(str, words), "--workspace", str(workspace)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=workspace.parent,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - it takes no lock
        )
        self._lines: list[str] = []
        self._out: list[bytes] = []
        self._grown = threading.Condition()
        self._since = time.monotonic()
        self._readers = [threading.Thread(target=read, daemon=True) for read in (self._read_err, self._read_out)]
        for reader in self._readers:
            reader.start()

    def await_line(self, text: str, seconds: float = 240) -> None:
        with self._grown:
            found = self._grown.wait_for(lambda: any(text in line for line in self._lines), seconds)
        assert found, f"{text!r} did not come: {self._lines}"

    def signal(self, number: int = signal.SIGINT) -> None:
        self._since = time.monotonic()
        self._process.send_signal(number)

    @property
    def pid(self) -> int:
        return self._process.pid

    def end(self, seconds: float = 600) -> Ended:
        """Wait for the end, patiently; how long it may take is for the test to say, by `own`."""
        from_us, begun = now_us(), time.monotonic()
        with Waits(self._family, 0.25) as waits:
            try:
                code = self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._process.kill()
                raise AssertionError(f"it did not end: {self._lines[-5:]}") from None
            ended = time.monotonic()
        for reader in self._readers:
            reader.join(15)
        self._process.stdout.close()
        self._process.stderr.close()
        own = ended - begun - waits.between(from_us, now_us()) / 1000
        return Ended(code, "\n".join(self._lines), b"".join(self._out), ended - self._since, own)

    def _family(self) -> dict[int, str]:
        return dict.fromkeys((self.pid, *left_behind(self.workspace)), "any")

    def abandon(self) -> None:
        """End it by force, however far it came; harmless after `end`."""
        if not self._process.stdout.closed:
            self._process.kill()
            self.end()

    def _read_err(self) -> None:
        for line in self._process.stderr:
            with self._grown:
                self._lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._grown.notify_all()

    def _read_out(self) -> None:
        self._out.extend(self._process.stdout)


def _hear_interrupts() -> None:
    """Undo what a shell does to the commands it starts in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run(workspace: Path, *words: object, package: str = "com.example", **more) -> Command:
    return Command(workspace, "run", "--package", package, "--device", "lab", *QUICK, *words, **more)


def call(workspace: Path, *words: object, **more) -> Ended:
    return Command(workspace, *words, **more).end()


def ours(workspace: Path) -> dict[int, str]:
    """Find the living processes of a workspace, each with its word of `OURS`.

    JVMs and Frida's hosts name its folder in their command line, proxies their recording.
    """
    return {pid: word for pid, words in mentioning(f"{workspace}/") for word in OURS if word in words}


def left_behind(workspace: Path, word: str = "") -> list[int]:
    """Find those of them whose command line says something."""
    return [pid for pid, words in mentioning(f"{workspace}/") if word in words and any(one in words for one in OURS)]


def mentioning(text: str) -> Iterator[tuple[int, str]]:
    """Find the living processes whose command line says something; each with its command line."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().decode("utf-8", "replace")
            if text in words and (entry / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                yield int(entry.name), words
        except OSError:
            continue


def gone(workspace: Path, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while left_behind(workspace) and time.monotonic() < end:
        time.sleep(0.1)
    left = left_behind(workspace)
    words = dict(mentioning(f"{workspace}/"))
    for pid in left:  # a failure that comes once in a thousand runs has to tell what it was
        print("still there:", pid, words.get(pid))
    return not left


def session(workspace: Path) -> Path:
    (folder,) = [one for one in (workspace / "sessions").iterdir() if not one.name.startswith(".")]
    return folder


def document(workspace: Path) -> dict:
    done = call(workspace, "replay", "latest", "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def gaps(workspace: Path) -> list[str]:
    return [gap["kind"] for gap in document(workspace)["gaps"]]


def outcomes(result: dict) -> dict[str, str]:
    return {verdict["rule"]: verdict["outcome"] for verdict in result["verdicts"]}


def assert_sound(workspace: Path) -> None:
    """Check that everything that a person would do next works."""
    assert call(workspace, "sessions", "list").code == 0
    document(workspace)
    verified = call(workspace, "verify", "latest")
    assert verified.code == 0, verified.out.decode()


def listeners(pid: int) -> list[str]:
    """Give the addresses on which a process listens or takes datagrams, of both internet protocols."""
    held = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()}
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if f"socket:[{words[9]}]" in held and (words[3] == LISTENING or table.startswith("udp")):
                found.append(_address(words[1]))
    return found


def _address(text: str) -> str:
    number, _, port = text.partition(":")
    if len(number) > 8:
        return f"[{number}]:{int(port, 16)}"
    return f"{socket.inet_ntoa(bytes.fromhex(number)[::-1])}:{int(port, 16)}"
