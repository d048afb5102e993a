"""A network of its own, as a device has one: real iptables, addresses that nobody else sees, clients of any user id."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from analyzer.capture.android_shell import Said

V4, V6 = "198.51.100.7", "2001:db8::7"
"""Addresses of the outside world (RFC 5737 and 3849); here they lead to servers inside the namespace."""

_SERVE = """
import selectors, socket, sys
select = selectors.DefaultSelector()
for place in sys.argv[1:]:
    kind, host, port = place.split(",")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    one = socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.bind((host, int(port)))
    if kind == "tcp":
        one.listen()
    select.register(one, selectors.EVENT_READ, (kind, port))
print("ready", flush=True)
while True:
    for key, _ in select.select():
        kind, port = key.data
        if kind == "tcp":
            with key.fileobj.accept()[0] as client:
                client.sendall(port.encode())
        else:
            key.fileobj.sendto(port.encode(), key.fileobj.recvfrom(99)[1])
"""
_ASK = """
import os, socket, sys
uid, kind, host, port = sys.argv[1:]
os.setgid(int(uid)); os.setuid(int(uid))
family = socket.AF_INET6 if ":" in host else socket.AF_INET
with socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as one:
    one.settimeout(2)
    try:
        one.connect((host, int(port)))
        if kind == "udp":
            one.send(b"x")
        print(one.recv(99).decode())
    except OSError as error:
        print(type(error).__name__)
"""


class Network:
    """The namespace as seen from the test; it answers as `AndroidShell` does."""

    serial = "emulator-5554"

    def __init__(self, holder: int) -> None:
        self._enter = ["nsenter", "-t", str(holder), "-n"]
        self._servers: list[subprocess.Popen[str]] = []

    def run_as_root(self, _root: str, *words: str) -> Said:
        done = subprocess.run([*self._enter, *words], capture_output=True, text=True, timeout=30, check=False)
        return Said(done.returncode, done.stdout.rstrip(), done.stderr.rstrip())

    def serve(self, *places: str) -> None:
        """Answer at each `kind,host,port` with the port."""
        command = [*self._enter, sys.executable, "-I", "-c", _SERVE, *places]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._servers.append(server)
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"

    def ask(self, uid: int, kind: str, host: str, port: int) -> str:
        """Connect as a user; gives what the server said, or the error's name."""
        return self.run_as_root("", sys.executable, "-I", "-c", _ASK, str(uid), kind, host, str(port)).out

    def rules(self) -> str:
        """Give every rule of both families."""
        names = [(program, table) for program in ("iptables", "ip6tables") for table in ("nat", "filter")]
        return "\n".join(self.run_as_root("", program, "-t", table, "-S").out for program, table in names)

    def close(self) -> None:
        for server in self._servers:
            server.kill()
            server.communicate()


def lacking() -> str:
    """Say what this machine lacks for a network of its own; empty when nothing."""
    if os.name != "posix" or os.geteuid() != 0:
        return "a network namespace with iptables needs root"
    missing = [name for name in ("iptables", "ip6tables", "ip", "nsenter", "unshare") if shutil.which(name) is None]
    return f"install iptables and iproute2 (missing: {', '.join(missing)})" if missing else ""


@contextmanager
def network() -> Iterator[Network]:
    """Make a namespace in which the outside addresses are at home; skips where that cannot be."""
    if (why := lacking()) and not os.environ.get("CI"):
        pytest.skip(why)
    assert not why, why
    setup = (
        f"ip link set lo up && ip addr add {V4}/32 dev lo && ip addr add 10.0.2.15/24 dev lo && "
        f"ip -6 addr add {V6}/128 dev lo nodad && ip route add default dev lo && echo ready && exec sleep 600"
    )
    with subprocess.Popen(["unshare", "-n", "sh", "-c", setup], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "ready\n"
            made = Network(holder.pid)
            try:
                yield made
            finally:
                made.close()
        finally:
            holder.kill()
