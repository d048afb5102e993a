"""What a WireGuard app is on a device: a real client inside of its network, with the configuration that we write."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path


def lacking() -> str:
    """Say what this machine lacks for a tunnel; empty when nothing."""
    missing = [name for name in ("wireguard-go", "wg", "wg-quick") if shutil.which(name) is None]
    if missing:
        return f"a WireGuard client lacks {', '.join(missing)}: apt-get install wireguard-go wireguard-tools"
    return "" if Path("/dev/net/tun").exists() else "a WireGuard client needs /dev/net/tun: modprobe tun"


class TunnelClient:
    """A cable from this machine to the network of a process, and a WireGuard client there.

    `here` is this machine's address at the cable, of a range for tests of devices (RFC 2544).
    """

    def __init__(self, holder: int) -> None:
        self._inside = ["nsenter", "-t", str(holder), "-n"]
        number = os.getpid() % (1 << 15)
        net = (198 << 24) + (18 << 16) + number * 4
        self.here, there = (".".join(str(net + at >> shift & 255) for shift in (24, 16, 8, 0)) for at in (1, 2))
        self._cable, self._device = f"cable{number}", f"wg{number}"
        self._client: subprocess.Popen[bytes] | None = None
        far = f"{self._cable}d"
        _run("ip", "link", "add", self._cable, "type", "veth", "peer", "name", far, "netns", str(holder))
        _run("ip", "addr", "add", f"{self.here}/30", "dev", self._cable)
        _run("ip", "link", "set", self._cable, "up")
        _run(*self._inside, "ip", "addr", "add", f"{there}/30", "dev", far)
        _run(*self._inside, "ip", "link", "set", far, "up")

    def load(self, configuration: Path) -> None:
        """Switch the tunnel on: as the app does, for everything, with IPv6 shut."""
        self._client = subprocess.Popen([*self._inside, "wireguard-go", "-f", self._device], stderr=subprocess.DEVNULL)
        socket = Path(f"/var/run/wireguard/{self._device}.sock")
        while not socket.exists():
            assert self._client.poll() is None
        stripped = _run("wg-quick", "strip", str(configuration))
        bare = configuration.with_name("stripped")
        bare.touch(0o600)
        bare.write_text(stripped, encoding="ascii")
        _run(*self._inside, "wg", "setconf", self._device, str(bare))
        bare.unlink()
        words = configuration.read_text("ascii")
        (address,) = (line.partition(" = ")[2] for line in words.splitlines() if line.startswith("Address"))
        _run(*self._inside, "ip", "addr", "add", address, "dev", self._device)
        _run(*self._inside, "ip", "link", "set", self._device, "up", "mtu", "1420")
        for half in ("0.0.0.0/1", "128.0.0.0/1"):
            _run(*self._inside, "ip", "route", "add", half, "dev", self._device)
        _run(*self._inside, "ip", "-6", "route", "add", "unreachable", "::/0", "metric", "1")

    def unplug(self) -> None:
        """Pull the cable; the tunnel stays switched on and leads nowhere."""
        _run("ip", "link", "set", self._cable, "down")

    def off(self) -> None:
        """Switch the tunnel off."""
        client, self._client = self._client, None
        if client is not None:
            client.terminate()
            client.wait(60)
            _run(*self._inside, "ip", "-6", "route", "del", "unreachable", "::/0", "metric", "1")

    def close(self) -> None:
        """Take the client and the cable away."""
        with suppress(AssertionError):  # the network may be gone already
            self.off()
        with suppress(AssertionError):
            _run("ip", "link", "del", self._cable)


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return done.stdout
