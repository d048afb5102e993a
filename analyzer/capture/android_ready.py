"""Whether a connected Android device can do what a recording asks of it; looks only, and changes nothing."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import frida

from analyzer.capture.android_facts import DeviceFacts, Lack
from analyzer.capture.android_screen import asks_for_secret
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.frida_release import ARCHITECTURES, ReleaseSite, kept_server, server_name
from analyzer.capture.frida_server import find_foreign

_MATCHES: Final = "/proc/net/ip_tables_matches"
_FAR_S: Final = 3600
"""So far off a clock may be before servers' certificates of some hours look invalid to apps."""


def find_hindrances(shell: AndroidShell, facts: DeviceFacts) -> list[Lack]:
    """Look for what would end a recording of this device, or leave gaps in it, with what mends each."""
    found = [_clock(shell), _lock(shell)]
    if facts.root != "none":
        found += [_foreign(shell, facts.root), _redirection(shell, facts.root)]
    return [lack for lack in found if lack is not None]


def tell_server(facts: DeviceFacts, cache: Path) -> str:
    """Say where the frida-server for the device is to come from; nothing where there is none for it."""
    architecture = ARCHITECTURES.get(facts.abi)
    if architecture is None:
        return ""
    version, name = frida.__version__, server_name(frida.__version__, architecture)
    if any(path.is_file() for path in kept_server(cache, version, architecture)):
        return f"frida-server {version} for {architecture} is here"
    address = ReleaseSite().files.format(version=version, name=name)
    return (
        f"frida-server {version} for {architecture} is downloaded by the first run; without network, put {address} "
        f"into {cache.absolute()}"
    )


def _clock(shell: AndroidShell) -> Lack | None:
    told = shell.run("date", "+%s").out
    away = int(told) - int(time.time()) if told.isascii() and told.isdecimal() else 0
    if abs(away) < _FAR_S:
        return None
    way = "ahead" if away > 0 else "behind"
    return Lack(
        f"its clock is {abs(away) / 3600:.1f} hours {way}: evidence is placed rightly all the same, but its apps may "
        "take certificates for invalid",
        f"run: adb -s {shell.serial} shell settings put global auto_time 1, or set it in the device's settings",
    )


def _lock(shell: AndroidShell) -> Lack | None:
    if not asks_for_secret(shell):
        return None
    return Lack(
        "its lock screen asks for a PIN, a pattern or a password, so the app is not observed with the screen off",
        "take that away in its settings, and keep the screen unlocked when a run starts",
    )


def _foreign(shell: AndroidShell, root: str) -> Lack | None:
    if (found := find_foreign(shell, root)) is None:
        return None
    number, command = found
    return Lack(
        f"another frida-server runs on it (process {number}, {command}), and two cannot hold new processes at once",
        f"run: adb -s {shell.serial} shell su -c 'kill {number}'",
    )


def _redirection(shell: AndroidShell, root: str) -> Lack | None:
    for program in ("iptables", "ip6tables"):
        said = shell.run_as_root(root, program, "-w", "-t", "filter", "-S", "OUTPUT")
        if said.code:
            why = (said.err or said.out).strip().splitlines()[-1:] or [f"exit code {said.code}"]
            return Lack(f"its {program} does not work ({why[0][:200]})", _OTHERWISE)
    known = shell.run_as_root(root, "cat", _MATCHES).out.split()
    if known and "owner" not in known:
        return Lack("its kernel does not tell whose a connection is (no owner match for iptables)", _OTHERWISE)
    return None


_OTHERWISE: Final = "record by --traffic proxy or --traffic wireguard"
