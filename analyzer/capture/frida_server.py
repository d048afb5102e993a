"""frida-server on an Android device: put there, started as root on a port of its own, reached, and taken away again."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import frida

from analyzer.capture.android_remains import free_kb
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.frida_quiet import device_manager

FOLDER: Final = "/data/local/tmp"
_NAME: Final = "an-{}"
_OURS: Final = re.compile(r"/data/local/tmp/an-[0-9a-f]{8}\b")
_FOREIGN: Final = re.compile(r"\b(?:frida-server|hluda-server|florida-server|re\.frida\.server)\b")
_PORTS: Final = range(20_000, 32_000)
"""Below those that Android gives to outgoing connections (32768 and on), one of which may hold any port for a while."""
_TRIES: Final = 3
_IN_USE: Final = "Address already in use"
_SECONDS_TO_LISTEN: Final = 15.0
_PAUSE: Final = 0.2
_ENDED: Final = "ended and removed"
_END: Final = (
    "tries=0; while found=$(pidof {name}); code=$?; [ $code = 0 ]; do "
    "[ $tries -lt 20 ] || exit 3; [ $tries = 0 ] || sleep 0.1; tries=$((tries + 1)); kill -9 $found; done; "
    "[ $code = 1 ] || exit $code; rm -f {place} && [ ! -e {place} ] && echo "
) + _ENDED
"""Ends every process of a name (`pidof` says 1 where there is none) and removes its program, or fails."""


class FridaServer:
    """One frida-server of ours on one device.

    `root` is the device's root kind. The name says nothing of Frida, because apps look for it, and the port is a free
    one of loopback, so a server of somebody else stays untouched: `ports` are tried in this order.
    """

    def __init__(self, shell: AndroidShell, root: str, ports: Sequence[int] = ()) -> None:
        self._shell, self._root = shell, root
        self._ports = ports or secrets.SystemRandom().sample(_PORTS, _TRIES)
        self._place = f"{FOLDER}/{_NAME.format(secrets.token_hex(4))}"
        self._local = 0

    @property
    def place(self) -> str:
        """Give where the program lies on the device."""
        return self._place

    def start(self, program: Path) -> frida.Device:
        """Put the program on the device, start it, and give the device as Frida sees it."""
        self._refuse_foreign()
        self.remove_leftovers()
        self._push(program)
        self._check_version(program)
        for port in self._ports:
            said = self._shell.run_as_root(self._root, self._place, "-D", "-l", f"127.0.0.1:{port}")
            if not said.code or _IN_USE not in said.out + said.err:
                break
        if said.code:
            raise EnvironmentProblem(f"frida-server did not start on {self._shell.serial}: {_words(said)}.")
        self._local = self._shell.forward(port)
        return self._reach()

    def stop(self) -> None:
        """End the server and remove its program; safe to call twice."""
        if self._local:
            with suppress(frida.InvalidArgumentError, frida.InvalidOperationError):
                device_manager().remove_remote_device(self._address)
            self._shell.end_forward(self._local)
            self._local = 0
        remove_server(self._shell, self._root, self._place)

    def remove_leftovers(self) -> None:
        """End and remove servers that a run of ours left behind."""
        listed = self._shell.run_as_root(self._root, "sh", "-c", f"ls -d {FOLDER}/an-*").out
        for place in {found for found in _OURS.findall(listed) if found != self._place}:
            remove_server(self._shell, self._root, place)

    def _push(self, program: Path) -> None:
        try:
            self._shell.push(program, self._place, 0o755)
        except EnvironmentProblem as problem:
            free = free_kb(self._shell)
            if free * 1000 > program.stat().st_size:
                raise
            raise EnvironmentProblem(
                f"frida-server does not fit on {self._shell.serial}, of whose /data {free // 1000} MB are free; "
                "free some space on the device, and try again."
            ) from problem

    @property
    def _address(self) -> str:
        return f"127.0.0.1:{self._local}"

    def _refuse_foreign(self) -> None:
        """Two servers that both hold new processes would wait for one another."""
        if (found := find_foreign(self._shell, self._root)) is not None:
            number, command = found
            raise EnvironmentProblem(
                f"Another frida-server runs on {self._shell.serial} (process {number}, {command}), "
                f"and two cannot hold new processes at once; end it: adb -s {self._shell.serial} shell su -c "
                f"'kill {number}'"
            )

    def _check_version(self, program: Path) -> None:
        said = self._shell.run_as_root(self._root, self._place, "--version")
        version = said.out.strip()
        if said.code or not version:
            raise EnvironmentProblem(f"{program} does not run on {self._shell.serial}: {_words(said)}.")
        if version != frida.__version__:
            raise EnvironmentProblem(
                f"{program.name} is version {version[:40]}, but this analyzer has Frida {frida.__version__}, and both "
                f"must be the same; name that version with --frida-server, or leave the option away."
            )

    def _reach(self) -> frida.Device:
        manager = device_manager()
        device: frida.Device = manager.add_remote_device(self._address)
        end = time.monotonic() + _SECONDS_TO_LISTEN
        while True:
            try:
                device.enumerate_processes()
            except (frida.ServerNotRunningError, frida.TransportError, frida.InvalidOperationError) as error:
                if time.monotonic() > end:
                    raise EnvironmentProblem(
                        f"frida-server does not answer on {self._shell.serial} ({error}); it may have been killed: "
                        "look into `adb logcat`, and switch SELinux to permissive if it is denied there."
                    ) from error
                time.sleep(_PAUSE)
            except frida.ProtocolError as error:
                raise EnvironmentProblem(f"frida-server speaks another language than ours: {error}.") from error
            else:
                return device


def find_foreign(shell: AndroidShell, root: str) -> tuple[str, str] | None:
    """Give the process number and the command of a frida-server of somebody else's, if one runs."""
    for line in shell.run_as_root(root, "ps", "-A", "-o", "PID,ARGS").out.splitlines():
        number, _, command = line.strip().partition(" ")
        if number.isdecimal() and _FOREIGN.search(command.split(" ")[0].strip()):
            return number, command.strip()[:100]
    return None


def remove_server(shell: AndroidShell, root: str, place: str) -> None:
    """End the server of ours that lies there, and remove it; does nothing for what is no place of ours."""
    if not _OURS.fullmatch(place):
        return
    said = shell.run_as_root(root, "sh", "-c", _END.format(name=place.rpartition("/")[2], place=place))
    if said.code or not said.out.endswith(_ENDED):
        raise EnvironmentProblem(
            f"frida-server could not be ended and removed on {shell.serial} ({_words(said)}); it lies at {place}."
        )


def _words(said: Any) -> str:
    return (said.err or said.out).strip().replace("\n", " | ")[:200] or f"exit code {said.code}"
