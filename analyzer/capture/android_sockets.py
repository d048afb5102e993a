"""Whose sockets are open on a device: the kernel's own tables, which name the user of each (proc_net_tcp(5))."""

from __future__ import annotations

import ipaddress
import struct
from typing import Final, NamedTuple

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem

_TABLES: Final = ("tcp", "tcp6", "udp", "udp6")
_LOCAL, _REMOTE, _STATE, _UID = 1, 2, 3, 7
_WITHOUT_OWNER: Final = ("03", "06")
"""A socket that is only being opened from outside, or waits for its end, names no user of its own."""


class Socket(NamedTuple):
    """One open socket and the user that it belongs to; one that is not connected has no `remote`."""

    protocol: str
    local: str
    port: int
    remote: str
    remote_port: int
    uid: int


def open_sockets(shell: AndroidShell, root: str) -> list[Socket]:
    """Read all tables at once; raises `EnvironmentProblem` where the device does not show them."""
    script = "; ".join(f"echo ={name}; cat /proc/net/{name} 2>/dev/null" for name in _TABLES)
    said = shell.run_as_root(root, "sh", "-c", script)
    found, table = [], ""
    for line in said.out.splitlines():
        if line.startswith("="):
            table = line[1:]
        elif (one := _read(table.removesuffix("6"), line.split())) is not None:
            found.append(one)
    if not found:
        raise EnvironmentProblem(f"{shell.serial} shows no open sockets: {said.err.strip()[:200] or 'they are empty'}.")
    return found


def users_of_socket(sockets: list[Socket], protocol: str, local: str, port: int, remote: tuple[str, int]) -> set[int]:
    """Give the users that a connection can be of: of the socket with both its ends, else of those without a far end."""
    near = [one for one in sockets if (one.protocol, one.port) == (protocol, port)]
    whole = {one.uid for one in near if (one.local, one.remote, one.remote_port) == (local, *remote)}
    return whole or {one.uid for one in near if protocol == "udp" and not one.remote_port}


def _read(protocol: str, fields: list[str]) -> Socket | None:
    try:
        if fields[_STATE] in _WITHOUT_OWNER:
            return None
        return Socket(protocol, *_end(fields[_LOCAL]), *_end(fields[_REMOTE]), int(fields[_UID]))
    except (IndexError, ValueError, struct.error):
        return None  # the head of a table, or a line that its reading cut


def _end(text: str) -> tuple[str, int]:
    """Read `0100007F:1F90`: words in the order of the processor (little-endian on every Android), then the port."""
    words, _, port = text.partition(":")
    raw = bytes.fromhex(words)
    packed = struct.pack(f">{len(raw) // 4}I", *struct.unpack(f"<{len(raw) // 4}I", raw))
    address = ipaddress.ip_address(packed)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address), int(port, 16)
