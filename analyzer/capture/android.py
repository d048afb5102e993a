"""Android phones and emulators that adb knows."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from adbutils import AdbClient, AdbDeviceInfo, AdbError, adb_path

from analyzer.capture.machine_locks import open_lock

_DEFAULT_SERVER: Final = ("127.0.0.1", 5037)
_SECONDS: Final = 3.0
_STARTS_WITHIN: Final = 20.0
_EMULATOR: Final = "emulator-"


class ListedDevice(NamedTuple):
    """One device as a list shows it; `kind` is `phone` or `emulator`, `state` adb's word (`device` when usable)."""

    serial: str
    kind: str
    model: str
    state: str


def list_devices(*, start_server: bool = False, server: tuple[str, int] | None = None) -> list[ListedDevice]:
    """List what is connected, by serial; nothing when adb is absent or does not answer.

    An adb server is started only with `start_server`: that takes seconds, and the server stays.
    `server` is `(host, port)`, by default adb's own choice.
    """
    address = server or adb_server()
    if not server_answers(address) and not (start_server and _start(address[1])):
        return []
    try:
        found = AdbClient(*address, socket_timeout=_SECONDS).list(extended=True)
    except (AdbError, OSError, EOFError, ValueError, subprocess.SubprocessError):
        return []
    return sorted(_listed(info) for info in found)


def adb_server() -> tuple[str, int]:
    """Give where the adb server is expected, as adb itself finds it."""
    host, port = _DEFAULT_SERVER
    given = os.environ.get("ANDROID_ADB_SERVER_PORT", "")
    return os.environ.get("ANDROID_ADB_SERVER_HOST", host), int(given) if given.isdigit() else port


def server_answers(address: tuple[str, int]) -> bool:
    """Say whether anything listens where the adb server should."""
    try:
        with socket.create_connection(address, timeout=_SECONDS):
            return True
    except OSError:
        return False


@contextmanager
def server_in_use() -> Iterator[None]:
    """Tell other processes of this user, while the block lasts, that the adb server is needed; if it can be told."""
    with contextlib.ExitStack() as told:
        with contextlib.suppress(OSError):
            fcntl.flock(told.enter_context(open_lock(_lock_name())), fcntl.LOCK_SH)
        yield


def stop_server() -> str:
    """End the adb server, as whoever started it for a moment does, unless somebody has begun to use it meanwhile.

    Says why it was left behind where nobody can know whether it is used; else nothing.
    """
    with contextlib.ExitStack() as told:
        try:
            held = told.enter_context(open_lock(_lock_name()))
        except OSError as problem:
            return f"The adb server that was started for this list still runs: {problem.strerror} ({problem.filename})."
        with contextlib.suppress(AdbError, OSError, EOFError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            AdbClient(*adb_server(), socket_timeout=_SECONDS).server_kill()
    return ""


def _lock_name() -> str:
    return f"adb-{adb_server()[1]}"


def _start(port: int) -> bool:
    """Start adb's server without its own words; says whether it is there."""
    command = [adb_path(), "-P", str(port), "start-server"]
    nowhere = subprocess.DEVNULL
    try:
        ended = subprocess.run(
            command, timeout=_STARTS_WITHIN, check=False, stdin=nowhere, stdout=nowhere, stderr=nowhere
        )
    except (AdbError, OSError, subprocess.SubprocessError):
        return False
    return ended.returncode == 0


def _listed(info: AdbDeviceInfo) -> ListedDevice:
    kind = "emulator" if info.serial.startswith(_EMULATOR) else "phone"
    tags = dict(getattr(info, "tags", None) or {})
    return ListedDevice(info.serial, kind, str(tags.get("model", "")).replace("_", " "), info.state)
