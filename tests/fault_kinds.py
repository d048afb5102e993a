"""The bad things that are done to a recording that runs: each by its name, with what it may cost."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from faults import ROOT, Command, left_behind

from analyzer.model.evidence import Gap, Request, Session
from analyzer.model.vocabulary import GapKind

_PIDFD_GETFD = 438
MOVED_CLOCK = Path(__file__).parent / "moved_clock"
FLOOD, BODY = 6, 60 << 20
"""More bytes than the proxy's queue may hold (256 MiB), each body short enough to be held whole."""


@dataclass
class Victim:
    """A recording that runs: the command, its workspace, and what the fault leaves to be put back."""

    command: Command
    workspace: Path
    dice: Random
    undo: list[Callable[[], object]] = field(default_factory=list)

    def processes(self, word: str) -> list[int]:
        return left_behind(self.workspace, word)

    def journals(self) -> list[Path]:
        return sorted(self.workspace.glob("sessions/2*/recordings/1-*/*.jsonl"))


@dataclass(frozen=True)
class Fault:
    """One kind of trouble: how it is done, the gaps of which one must tell of a loss, and how the command may end.

    `stops` says that the command ends by itself. `lossless`: nothing at all of the app's own may be missing. `told`
    holds what is left against what the fault knows.
    """

    do: Callable[[Victim], None]
    gaps: frozenset[str]
    stops: bool = False
    codes: tuple[int, ...] = (130,)
    lossless: bool = False
    needs: str = ""
    second: bool = False
    told: Callable[[Session], None] = lambda _session: None


def _kill(*pids: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _analyzer(victim: Victim) -> None:
    victim.command.signal(signal.SIGKILL)


def _proxy(victim: Victim) -> None:
    _kill(*victim.processes("analyzer_recording"))


def _app(victim: Victim) -> None:
    _kill(*victim.processes("lab.process=com.ticking\0"))


def _second(victim: Victim) -> None:
    _kill(*victim.processes("lab.process=com.ticking:more"))


def _host(victim: Victim) -> None:
    _kill(*victim.processes("frida_host"))


def _device(victim: Victim) -> None:
    _kill(*victim.processes("lab.runtime.Main"))


def _agent(victim: Victim) -> None:
    """Cut what joins the agents to the analyzer: every Unix socket of the app's processes, from outside."""
    for pid in victim.processes("lab.runtime.Main"):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            _cut(pid, int(entry.name))


def _cut(pid: int, descriptor: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    process = os.pidfd_open(pid)
    try:
        copy = library.syscall(_PIDFD_GETFD, process, descriptor, 0)
    finally:
        os.close(process)
    if copy < 0:
        return
    try:
        with socket.socket(fileno=copy) as connection:
            if connection.family is socket.AF_UNIX:
                connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # no socket, or none that is connected


def _disk_full(victim: Victim) -> None:
    """Fill the small file system that the workspace is."""
    filler = victim.workspace / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            for size in (1 << 20, 4096, 64, 1):
                _fill(file.write, b"\0" * size)
        except OSError:
            pass
    victim.undo.append(filler.unlink)


def _fill(write: Callable[[bytes], int], data: bytes) -> None:
    while True:
        try:
            if write(data) < len(data):
                return
        except OSError:
            return


def _read_only(victim: Victim) -> None:
    """Let nothing in the workspace be made or opened for writing any more, as a system does with a bad disk."""
    folder = victim.workspace
    victim.undo.append(lambda: subprocess.run(["umount", "-l", folder], check=True))
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)


def _clock(victim: Victim) -> None:
    """Move the wall clock of the analyzer and the proxy by an hour to a year, forwards or backwards."""
    away = victim.dice.choice((-1, 1)) * victim.dice.randint(3600, 365 * 86400)
    (victim.workspace.parent / "clock").write_text(str(away * 1_000_000))


def _inject(victim: Victim, what: str) -> None:
    """Let the kernel treat what the analyzer and the proxy write to the evidence in another way."""
    paths = [part for journal in victim.journals() for part in ("-P", str(journal))]
    _trace(victim, what, *paths, pids=(victim.command.pid, *victim.processes("analyzer_recording")))


def _trace(victim: Victim, what: str, *paths: str, pids: tuple[int, ...]) -> None:
    processes = [part for pid in pids for part in ("-p", str(pid))]
    tracer = subprocess.Popen(
        ["strace", "-f", "-o", "/dev/null", "-e", "trace=write", "-e", f"inject=write:{what}", *paths, *processes],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert b"attached" in tracer.stderr.readline()
    time.sleep(0.1)
    victim.undo += [tracer.stderr.close, tracer.wait, tracer.terminate]


def _slow_disk(victim: Victim) -> None:
    _inject(victim, f"delay_enter={victim.dice.randint(50, 400) * 1000}")


def _broken_disk(victim: Victim) -> None:
    _inject(victim, "error=EIO")


def _flood(victim: Victim) -> None:
    """Let the proxy write nothing, and send it more than may wait; then let it write."""
    (proxy,) = victim.processes("analyzer_recording")
    words = Path(f"/proc/{victim.processes('lab.runtime.Main')[0]}/cmdline").read_text("utf-8", "replace").split("\0")
    port = next(int(word.partition("=")[2]) for word in words if word.startswith("-Dhttp.proxyPort="))
    _trace(victim, "delay_enter=600000000", pids=(proxy,))
    with ThreadPoolExecutor(FLOOD) as pool:
        list(pool.map(lambda number: _post(port, number), range(FLOOD)))
    for undo in reversed(victim.undo):
        undo()
    victim.undo.clear()


def _post(port: int, number: int) -> None:
    head = f"POST http://tick.test/flood/{number} HTTP/1.1\r\nHost: tick.test\r\nContent-Length: {BODY}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), 300) as connection:
        connection.sendall(head.encode() + b"x" * BODY)
        assert connection.recv(64).startswith(b"HTTP/1.1 200")


def _drops_counted(session: Session) -> None:
    """Each request of the flood is there, or counted by a gap that says when."""
    flows = [line.record for recording in session.recordings for line in recording.flows]
    there = sum(isinstance(one, Request) and one.target.startswith("/flood/") for one in flows)
    gaps = [line.record for recording in session.recordings for line in recording.gaps]
    dropped = [one for one in gaps if isinstance(one, Gap) and one.kind is GapKind.FLOWS_DROPPED]
    assert there < FLOOD
    assert sum(int(one.why.split()[0]) for one in dropped) == FLOOD - there
    assert all(one.until is not None and one.until.mono_us >= one.stamp.mono_us for one in dropped)


KILLS: dict[str, Fault] = {
    "analyzer killed": Fault(_analyzer, frozenset({"interrupted"}), stops=True, codes=(-signal.SIGKILL,)),
    "proxy killed": Fault(_proxy, frozenset({"proxy_lost"})),
    "agent cut off": Fault(_agent, frozenset({"agent_lost"})),
    "app killed": Fault(_app, frozenset({"agent_lost", "app_crashed"})),
    "second process killed": Fault(_second, frozenset({"agent_lost", "app_crashed"}), second=True),
    "Frida's host killed": Fault(_host, frozenset({"agent_lost"})),
    "device gone": Fault(_device, frozenset({"agent_lost", "app_crashed", "device_lost"}), codes=(130, 3)),
}
"""Something is killed or cut off."""

OTHERS: dict[str, Fault] = {
    "disk full": Fault(_disk_full, frozenset({"interrupted", "storage_full"}), stops=True, codes=(3,), needs="mount"),
    "disk broken": Fault(
        _broken_disk, frozenset({"interrupted", "proxy_lost"}), stops=True, codes=(3,), needs="strace"
    ),
    "folder read-only": Fault(_read_only, frozenset(), codes=(3,), lossless=True, needs="mount"),
    "disk slow": Fault(_slow_disk, frozenset(), lossless=True, needs="strace"),
    "clock moved": Fault(_clock, frozenset(), lossless=True),
    "queue overflows": Fault(_flood, frozenset(), lossless=True, needs="strace", told=_drops_counted),
}
"""The disk, the clock or the load is bad."""


def missing(needs: str) -> str:
    """Say what this machine lacks for a fault; empty when it lacks nothing."""
    if needs == "mount" and os.geteuid() != 0:
        return "this needs the right to mount a file system"
    if needs == "strace" and shutil.which("strace") is None:
        return "this needs strace: apt-get install strace"
    return ""


def clock_environment(folder: Path) -> dict[str, str]:
    """Give the environment in which the wall clock of Python processes follows the file `clock` in a folder."""
    return {"PYTHONPATH": f"{MOVED_CLOCK}:{ROOT}", "MOVED_CLOCK": str(folder / "clock")}
