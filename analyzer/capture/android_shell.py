"""The shell of an Android device: every word is passed as one word, whatever it holds."""

from __future__ import annotations

import shlex
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from adbutils import AdbConnection, AdbError

from analyzer.capture.adb_transport import OwnDevice
from analyzer.capture.device import EnvironmentProblem

_SECONDS: Final = 20.0
_PAUSE: Final = 0.3
_CHUNK: Final = 1 << 16
_LONGEST_LINE: Final = 1 << 16
_BY_HAND: Final = {
    "magisk": ("su", "-c"),
    "su": ("su", "0", "sh", "-c"),
}


class Said(NamedTuple):
    """What a command answered: its exit code, output and complaint, without the line end."""

    code: int
    out: str
    err: str


class ByteStream:
    """The output of a command that goes on, as it comes; `close` ends it from any thread."""

    def __init__(self, connection: AdbConnection) -> None:
        self._connection = connection

    def pieces(self) -> Iterator[bytes]:
        """Give what comes; the end of the device or of the command is the end of it."""
        with suppress(OSError, ValueError, AdbError):
            wire = self._connection.conn
            wire.settimeout(None)
            while data := wire.recv(_CHUNK):
                yield data

    def close(self) -> None:
        """End the command."""
        with suppress(OSError):
            self._connection.conn.shutdown(socket.SHUT_RDWR)
        self._connection.close()


class LineStream(ByteStream):
    """The output of a command that goes on, line by line."""

    def __iter__(self) -> Iterator[str]:
        """Give each line as it comes."""
        rest = b""
        for data in self.pieces():
            *lines, rest = (rest + data).split(b"\n")
            rest = rest[-_LONGEST_LINE:]
            for line in lines:
                yield line[:_LONGEST_LINE].decode("utf-8", "replace").rstrip("\r")


class AndroidShell:
    """Runs commands on one device, as the shell user or as root.

    `serial` is adb's name of the device, `server` the `(host, port)` of the adb server. Raises `EnvironmentProblem`
    when the device is gone or does not answer.
    """

    def __init__(self, serial: str, server: tuple[str, int]) -> None:
        """Name the device; nothing is asked yet."""
        self.serial = serial
        self._device = OwnDevice(serial, server, _SECONDS)

    def run(self, *words: str) -> Said:
        """Run one command, each of `words` arriving as exactly one word.

        adbutils joins lists by the rules of Windows, under which `$`, `;` and back-ticks are live on the device.
        """
        return self._say(shlex.join(words))

    def run_as_root(self, root: str, *words: str) -> Said:
        """Run one command as root; `root` is a root kind: `adbd | magisk | su`."""
        if root == "adbd":
            return self.run(*words)
        return self.run(*_BY_HAND[root], shlex.join(words))

    def become_root(self) -> None:
        """Have adbd start again as root, where the build allows it, and wait for it."""
        self._restart_adbd("root", "0")

    def end_root(self) -> None:
        """Have adbd run as the shell user again."""
        self._restart_adbd("unroot", "2000")

    def _restart_adbd(self, service: str, user: str) -> None:
        with self._speaking(), self._device.open_transport() as wire:
            wire.send_command(f"{service}:")
            wire.check_okay()
            wire.read_until_close()
        end = time.monotonic() + _SECONDS
        while True:
            try:
                if self.run("id", "-u").out == user or time.monotonic() > end:
                    return
            except EnvironmentProblem:
                if time.monotonic() > end:
                    raise
            time.sleep(_PAUSE)

    def run_for(self, seconds: float, *words: str) -> Said:
        """Run one command that may take longer than others."""
        return self._say(shlex.join(words), seconds)

    def read(self, *words: str) -> bytes:
        """Give the output of one command, byte for byte."""
        with self._speaking(), self._device.open_transport() as wire:
            wire.conn.settimeout(_SECONDS)
            wire.send_command("exec:" + shlex.join(words))
            wire.check_okay()
            data = wire.read_until_close(encoding=None)
            return data if isinstance(data, bytes) else data.encode()

    def stream(self, *words: str) -> LineStream:
        """Run a command that goes on until it is closed."""
        with self._speaking():
            return LineStream(self._device.open_shell(shlex.join(words)))

    def raw(self, root: str, *words: str) -> ByteStream:
        """Run a command as root until it is closed, and give its output (not its complaints) byte for byte."""
        by_hand = _BY_HAND.get(root)
        quiet = f"{shlex.join(words)} 2>/dev/null"
        with self._speaking():
            wire = self._device.open_transport()
            try:
                wire.send_command("exec:" + (shlex.join((*by_hand, quiet)) if by_hand else quiet))
                wire.check_okay()
            except BaseException:
                wire.close()
                raise
            return ByteStream(wire)

    def push(self, source: Path, target: str, mode: int = 0o644) -> None:
        """Copy a file to the device."""
        with self._speaking():
            self._device.sync.push(source, target, mode, check=True)

    def pull(self, source: str, target: Path) -> int:
        """Copy a file of the device to a new one here; gives its size. Raises `OSError` where it cannot be written."""
        with target.open("xb") as out:
            size = 0
            pieces = self._device.sync.iter_content(source)
            while True:
                with self._speaking():
                    piece = next(pieces, b"")
                if not piece:
                    return size
                size += out.write(piece)

    def forward(self, port: int) -> int:
        """Give a port of this machine's loopback that leads to a port of the device's."""
        with self._speaking(), self._device.open_transport(f"forward:tcp:0;tcp:{port}") as wire:
            wire.check_okay()
            return int(wire.read_string_block())

    def end_forward(self, port: int) -> None:
        """Close a port that `forward` gave; one that is gone is no error."""
        with suppress(AdbError, OSError), self._device.open_transport(f"killforward:tcp:{port}"):
            pass

    def _say(self, line: str, seconds: float = _SECONDS) -> Said:
        with self._speaking():
            said = self._device.shell2(line, timeout=seconds, v2=True, rstrip=True)
        # Before Android 7 a shell mixes what it says with its complaints, and ends lines as terminals do.
        mixed = "" if said.stderr else str(said.output).replace("\r\n", "\n")
        return Said(said.returncode, str(said.stdout) or mixed, str(said.stderr))

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except (AdbError, OSError, EOFError, ValueError, AssertionError) as error:  # adbutils asserts what comes in
            raise EnvironmentProblem(
                f"The device {self.serial} does not answer ({error}). Check the cable and `adb devices`, then retry."
            ) from error
