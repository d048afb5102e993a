"""The double of an Android device: the protocol side of adbd, behind the real adb server that adbutils ships.

Its shell is a real one, over a folder of small programs with state: what is quoted wrongly really goes wrong.
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import adbutils

VERSION, LARGEST = 0x01000001, 4096
PHONE = {
    "ro.product.model": "Pixel 6",
    "ro.product.cpu.abi": "arm64-v8a",
    "ro.build.version.sdk": "34",
    "ro.build.version.release": "14",
    "ro.build.version.security_patch": "2024-03-05",
    "ro.build.type": "user",
    "ro.debuggable": "0",
}
SU = {
    "magisk": '[ "$1" = -c ] && { shift; UID_NOW=0 exec /bin/sh -c "$1"; }; echo "su: invalid option" >&2; exit 2',
    "su": '[ "$1" = 0 ] && { shift; UID_NOW=0 exec "$@"; }; echo "su: invalid uid/gid \'$1\'" >&2; exit 1',
}


class Phone:
    """One device: `properties` for getprop, `root` as `none | adbd | magisk | su`, `home` its whole file system."""

    def __init__(self, home: Path, properties: dict[str, str], root: str = "none", selinux: str = "Enforcing") -> None:
        self.home, self.uid = home, "0" if root == "adbd" else "2000"
        bin_, props = home / "bin", home / "props"
        bin_.mkdir(parents=True)
        props.mkdir()
        for name, value in properties.items():
            (props / name).write_text(value + "\n")
        programs = {
            "getprop": f'/bin/cat "{props}/$1" 2>/dev/null || echo',
            "getenforce": f"echo {selinux}",
            "id": '[ "$1" = -u ] && echo "$UID_NOW" || echo "uid=$UID_NOW(shell)"',
            "words": "printf '<%s>' \"$@\"",
            "flood": "printf '%020000d' 0 | /usr/bin/tr 0 x",
            "sh": 'exec /bin/sh "$@"',
        }
        if root in SU:
            programs["su"] = SU[root]
        for name, text in programs.items():
            (bin_ / name).write_text(f"#!/bin/sh\n{text}\n")
            (bin_ / name).chmod(0o755)

    def execute(self, line: str) -> tuple[int, bytes, bytes]:
        """Run a line as the device's shell would."""
        environment = {"PATH": str(self.home / "bin"), "UID_NOW": self.uid}
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=self.home, env=environment, capture_output=True, timeout=60, check=False
        )
        return done.returncode, done.stdout, done.stderr


def _speak(wire: socket.socket, phone: Phone) -> None:
    """Serve one connection of the adb server until it ends."""
    waiting: dict[int, tuple[int, list[bytes]]] = {}
    count = 0

    def tell(word: bytes, first: int, second: int, data: bytes = b"") -> None:
        number = int.from_bytes(word, "little")
        head = struct.pack("<6I", number, first, second, len(data), sum(data) & 0xFFFFFFFF, number ^ 0xFFFFFFFF)
        wire.sendall(head + data)

    def go_on(local: int) -> None:
        remote, rest = waiting[local]
        if rest:
            tell(b"WRTE", local, remote, rest.pop(0))
        else:
            del waiting[local]
            tell(b"CLSE", local, remote)

    with wire, wire.makefile("rb") as stream:
        while len(head := stream.read(24)) == 24:
            word, (first, second, size) = head[:4], struct.unpack("<3I", head[4:16])
            data = stream.read(size)
            if word == b"CNXN":
                tell(b"CNXN", VERSION, LARGEST, b"device::ro.product.model=double;features=shell_v2,cmd\0")
            elif word == b"OPEN":
                count += 1
                tell(b"OKAY", count, first)
                answer = _answer(phone, data.rstrip(b"\0").decode())
                waiting[count] = first, [answer[at : at + LARGEST] for at in range(0, len(answer), LARGEST)]
                go_on(count)
            elif word == b"OKAY" and second in waiting:
                go_on(second)
            elif word == b"WRTE":
                tell(b"OKAY", second, first)
            elif word == b"CLSE":
                waiting.pop(second, None)


def _answer(phone: Phone, service: str) -> bytes:
    name, _, line = service.partition(":")
    if not name.startswith("shell"):
        return b""
    code, out, err = phone.execute(line)
    if ",v2" not in name and name != "shell,v2":
        return out + err
    parts = [(1, out), (2, err), (3, bytes([code & 255]))]
    return b"".join(struct.pack("<BI", kind, len(data)) + data for kind, data in parts if data)


@contextmanager
def plugged_in(phone: Phone, server: tuple[str, int]) -> Iterator[str]:
    """Connect the device to a running adb server; gives its serial, and unplugs it at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    wires: list[socket.socket] = []

    def serve() -> None:
        with suppress(OSError):
            while True:
                wire, _ = listener.accept()
                wires.append(wire)
                threading.Thread(target=_quietly, args=(wire, phone), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    serial = f"127.0.0.1:{listener.getsockname()[1]}"
    client = adbutils.AdbClient(*server, socket_timeout=60)
    client.connect(serial, timeout=60)
    try:
        yield serial
    finally:
        with suppress(adbutils.AdbError):
            client.disconnect(serial)
        listener.close()
        for wire in wires:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)


def _quietly(wire: socket.socket, phone: Phone) -> None:
    with suppress(OSError):
        _speak(wire, phone)


@contextmanager
def real_adb_server(home: Path) -> Iterator[tuple[str, int]]:
    """Start the real adb server on a port of its own, and end that very process."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {**os.environ, "HOME": str(home), "ADB_MDNS": "0", "ADB_USB": "0", "ADB_EMU": "0"}
    command = [adbutils.adb_path(), "-P", str(port), "server", "nodaemon"]
    with (home / "adb.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        for _ in range(200):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(60)
