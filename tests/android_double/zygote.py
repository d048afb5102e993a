"""The processes that apps are forked from, each with mounts of its own, as on Android."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from channel import close_all, receive, send
from kernel import call_itself, own_mounts

_INET, _EVERYBODY = 3003, 9997


class Zygote:
    """One zygote, seen from the services: asks it for processes."""

    def __init__(self, pid: int, wire: socket.socket) -> None:
        self.pid, self._wire = pid, wire
        self._lock = threading.Lock()

    def fork(self, order: dict[str, Any], files: Sequence[int] = ()) -> int:
        """Start a process: `name`, `uid`, and `command` (words), `environment`, `folder` when it is to run something.

        `files` are its output and its complaints.
        """
        with self._lock:
            send(self._wire, order, files)
            answer, _ = receive(self._wire)
            return int(answer)


def start(abi: str, *, private: bool) -> dict[str, Zygote]:
    """Start the zygotes that such a device has; to be called before there are threads."""
    names = ("zygote64", "zygote") if abi in {"x86_64", "arm64-v8a"} else ("zygote",)
    return {name: _start(name, private) for name in names}


def _start(name: str, private: bool) -> Zygote:
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid:
        theirs.close()
        return Zygote(pid, ours)
    ours.close()
    own_mounts(private=private)
    call_itself(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            order, files = receive(theirs)
            child = os.fork()
            if child == 0:
                theirs.close()
                _become(order, files)
            close_all(files)
            send(theirs, child)
    os._exit(0)


def _become(order: dict[str, Any], files: Sequence[int]) -> None:
    uid = order["uid"]
    own_mounts()
    os.setsid()
    call_itself(order["name"])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setgroups([_INET, _EVERYBODY, uid + 40000])
    os.setgid(uid)
    os.setuid(uid)
    if not order.get("command"):
        while True:
            signal.pause()
    os.chdir(order.get("folder") or "/")
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    for number in (1, 2):
        os.dup2(files[min(number, len(files)) - 1] if files else nothing, number)
    with suppress(OSError):
        os.execve(order["command"][0], [order["name"], *order["command"][1:]], order["environment"])
    os._exit(127)
