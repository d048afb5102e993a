"""Android's services in small: what getprop, settings, pm and the like talk to; runs inside the double as root."""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import subprocess
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from channel import close_all, receive_sized
from kernel import own_mounts
from levels import GROUPS, LEVELS
from zygote import Zygote

SOCKET = "/dev/socket/framework"


@dataclass
class Call:
    """One run of one program: who called it with which words, and its three files."""

    uid: int
    pid: int
    folder: str
    path: str
    words: list[str]
    files: list[int]
    wire: socket.socket

    @property
    def name(self) -> str:
        return self.words[0]

    @property
    def arguments(self) -> list[str]:
        return self.words[1:]

    def say(self, text: str) -> int:
        return self._write(1, text.encode("utf-8", "surrogateescape"))

    def complain(self, text: str, code: int = 1) -> int:
        self._write(2, text.encode("utf-8", "surrogateescape"))
        return code

    def say_bytes(self, data: bytes) -> int:
        return self._write(1, data)

    def read(self, size: int = -1) -> bytes:
        """Read standard input, `size` bytes or all there is."""
        parts = []
        while size and (part := os.read(self.files[0], min(size, 1 << 16) if size > 0 else 1 << 16)):
            parts.append(part)
            size -= len(part) if size > 0 else 0
        return b"".join(parts)

    def seen(self, path: str) -> str:
        """Give where a path of the caller lies, in the caller's own mounts."""
        return f"/proc/{self.pid}/root{os.path.normpath(os.path.join(self.folder, path))}"

    def _write(self, number: int, data: bytes) -> int:
        with suppress(OSError):
            while data:
                data = data[os.write(self.files[number], data) :]
        return 0


@dataclass
class State:
    """All that the services know; a snapshot shows it."""

    properties: dict[str, str]
    settings: dict[str, dict[str, str]]
    packages: dict[str, dict[str, Any]]
    processes: dict[int, dict[str, Any]] = field(default_factory=dict)
    moved_s: int = 0
    log: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


class Framework:
    """Serves the programs; `config` is what the double was asked for, `ask_host` calls the test's process."""

    def __init__(self, config: dict[str, Any], ask_host: Callable[..., Any]) -> None:
        self.config, self.ask_host = config, ask_host
        self.api, self.root = config["api"], config["root"]
        self.lock = threading.RLock()
        self.state = State(config["properties"], config["settings"], config["packages"])
        self.programs: dict[str, Callable[[Framework, Call], int]] = {}
        self.zygotes: dict[str, Zygote] = {}
        self.adbd_as_root = False

    def serve(self) -> None:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(SOCKET)
        os.chmod(SOCKET, 0o666)
        listener.listen(64)
        while True:
            wire, _ = listener.accept()
            threading.Thread(target=self._one, args=(wire,), daemon=True).start()

    def _one(self, wire: socket.socket) -> None:
        files: list[int] = []
        with wire, suppress(EOFError, ConnectionError):
            pid, uid, _ = struct.unpack("3i", wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
            data, files = receive_sized(wire)
            folder, path, *words = map(os.fsdecode, data.split(b"\0"))
            call = Call(uid, pid, folder, path, words, files, wire)
            try:
                code = self.programs[call.name](self, call)
            except Exception:  # noqa: BLE001 - a mistake of the double must be seen in the test's output
                code = call.complain(traceback.format_exc(), 255)
            wire.sendall(code.to_bytes(4, "big", signed=True))
        close_all(files)

    def run_as_root(self, call: Call, command: list[str]) -> int:
        """Run a command with the caller's files as root, as long as the caller lives."""
        environment = {**self.environment(0), "PATH": call.path}
        child = subprocess.Popen(
            command,
            stdin=call.files[0],
            stdout=call.files[1],
            stderr=call.files[2],
            env=environment,
            cwd=call.folder if os.path.isdir(call.folder) else "/",
            start_new_session=True,
            preexec_fn=own_mounts_alone if self.config["lonely_su"] else None,  # noqa: PLW1509 - two calls of the system
        )
        handle = os.pidfd_open(child.pid)
        try:
            ready, _, _ = select.select([handle, call.wire], [], [])
            if handle not in ready:
                os.killpg(child.pid, signal.SIGKILL)
        finally:
            os.close(handle)
        return child.wait() if child.wait() >= 0 else 128 - child.returncode

    def environment(self, uid: int) -> dict[str, str]:
        """Give the environment of a shell."""
        return {
            "PATH": LEVELS[self.api].path,
            "ANDROID_ROOT": "/system",
            "ANDROID_DATA": "/data",
            "EXTERNAL_STORAGE": "/sdcard",
            "TMPDIR": "/data/local/tmp",
            "HOME": "/",
            "TERM": "dumb",
            "SHELL": "/system/bin/sh",
            "USER": "root" if uid == 0 else "shell",
            "HOSTNAME": "double",
        }

    def start_shell(self, line: str, **files: Any) -> subprocess.Popen[bytes]:
        """Start a line as adbd does: as the shell user, or as root after `adb root`."""
        uid = 0 if self.adbd_as_root else 2000
        who: dict[str, Any] = {"user": 2000, "group": 2000, "extra_groups": list(GROUPS)} if uid else {}
        return subprocess.Popen(
            ["/system/bin/sh", "-c", line] if line else ["/system/bin/sh", "-"],
            env=self.environment(uid),
            cwd="/",
            start_new_session=True,
            **who,
            **files,
        )

    def note(self, priority: str, tag: str, text: str, pid: int = 0) -> None:
        """Write one line to the device's log, in the form of `logcat -v threadtime`."""
        when = time.strftime("%m-%d %H:%M:%S.000", time.gmtime())
        with self.lock:
            self.state.log.append(f"{when} {pid or 1:5} {pid or 1:5} {priority} {tag:8}: {text}")


def own_mounts_alone() -> None:
    """Give a shell mounts that nobody else sees, as root managers do when they are told to isolate."""
    own_mounts(private=True)


def command_line(pid: int) -> str:
    """Read the name of a process."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
    return ""
