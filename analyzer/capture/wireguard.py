"""The WireGuard listener of a recording: its keys, the device's configuration, and what comes in through it.

mitmproxy listens (its mode `wireguard`, whose key file and addresses these are: https://docs.mitmproxy.org/stable/concepts/modes/).
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import queue
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from analyzer.capture.proxy_messages import SocketSeen

INSIDE: Final = "10.0.0.1"
"""The device's own address in the tunnel."""
NAME_SERVER: Final = "10.0.0.53"
"""Where mitmproxy answers questions for names."""
CONFIGURATION: Final = "analyzer.conf"
"""The name of the tunnel in the WireGuard app comes from that of its file."""
EMULATORS_HOST: Final = "10.0.2.2"
"""This machine's loopback, as an emulator sees it (https://developer.android.com/studio/run/emulator-networking)."""
_KEYS: Final = "keys.json"
_LAST_PORT: Final = 65535


@dataclass(frozen=True, slots=True)
class Listen:
    """An address and a UDP port of this machine that somebody named."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `ADDRESS:PORT`; raises `ValueError` with a sentence where it is not an address of one interface."""
        host, _, port = text.rpartition(":")
        try:
            address = IPv4Address(host)
        except AddressValueError:
            raise ValueError(f"{text!r} is not ADDRESS:PORT with an IPv4 address of this computer") from None
        if address.is_unspecified or address.is_multicast:
            raise ValueError(f"{host} is no address that a device can be told: name one of this computer's own")
        if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _LAST_PORT):
            raise ValueError(f"{port!r} is no port: name one from 1 to {_LAST_PORT}")
        return cls(str(address), int(port))

    @property
    def loopback(self) -> bool:
        """Say whether only this machine, and an emulator on it, reaches the address."""
        return IPv4Address(self.host).is_loopback

    def __str__(self) -> str:
        """Write it as it was named."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class WireGuard:
    """One session's listener.

    `folder` is private and holds the keys and the device's configuration. `say` tells a person something, `stopped`
    whether somebody asked to stop. What the proxy sees of connections comes into `seen`, each with where to answer.
    """

    folder: Path
    listen: Listen
    say: Callable[[str], None]
    stopped: Callable[[], bool]
    seen: queue.SimpleQueue[SocketSeen] = field(default_factory=queue.SimpleQueue)

    @property
    def configuration(self) -> Path:
        """The file that the device's WireGuard app loads."""
        return self.folder / CONFIGURATION

    @property
    def mode(self) -> str:
        """The proxy's mode, as mitmproxy spells it."""
        return f"wireguard:{self.folder / _KEYS}@{self.listen}"


@contextmanager
def open_wireguard(
    folder: Path, listen: Listen, say: Callable[[str], None], stopped: Callable[[], bool], *, emulator: bool = False
) -> Iterator[WireGuard]:
    """Make keys and a configuration in a new private folder within `folder`; both are gone after the block.

    What recordings that were killed have left in `folder` goes first.
    """
    own, lock = _own_folder(folder)
    try:
        made = WireGuard(own.absolute(), listen, say, stopped)
        server, client = X25519PrivateKey.generate(), X25519PrivateKey.generate()
        _write(own / _KEYS, json.dumps({"server_key": _secret(server), "client_key": _secret(client)}))
        endpoint = EMULATORS_HOST if emulator and listen.loopback else listen.host
        public = base64.b64encode(server.public_key().public_bytes_raw()).decode()
        lines = (
            "[Interface]",
            f"PrivateKey = {_secret(client)}",
            f"Address = {INSIDE}/32",
            f"DNS = {NAME_SERVER}",
            "",
            "[Peer]",
            f"PublicKey = {public}",
            "AllowedIPs = 0.0.0.0/0",
            f"Endpoint = {endpoint}:{listen.port}",
        )
        _write(made.configuration, "\n".join(lines) + "\n")
        yield made
    finally:
        shutil.rmtree(own, ignore_errors=True)
        os.close(lock)


def _own_folder(folder: Path) -> tuple[Path, int]:
    """Make a folder and lock it; the lock dies with the process, so a folder without one was left behind.

    Numbers of processes come again, in containers at once: they tell nothing.
    """
    turn = os.open(folder, os.O_RDONLY)  # nobody sweeps between the making of a folder and its lock
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        for left in folder.iterdir():
            _sweep(left)
        own = Path(tempfile.mkdtemp(prefix="recording-", dir=folder))
        lock = os.open(own, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    finally:
        os.close(turn)
    return own, lock


def _sweep(left: Path) -> None:
    """Take a folder away that nobody holds."""
    try:
        lock = os.open(left, os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:  # no folder of ours, or another user's, who sees to it
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        shutil.rmtree(left, ignore_errors=True)
    finally:
        os.close(lock)


def _secret(key: X25519PrivateKey) -> str:
    return base64.b64encode(key.private_bytes_raw()).decode()


def _write(file: Path, text: str) -> None:
    file.touch(0o600)
    file.chmod(0o600)
    file.write_text(text, encoding="ascii")
