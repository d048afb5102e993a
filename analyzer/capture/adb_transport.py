"""One Android device as adbutils speaks to it, without two of its faults.

adbutils leaves the socket of a transport that the server refuses to the garbage collector, and asks for the server's
version before every transport.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from adbutils import AdbClient, AdbConnection, AdbDevice

_NAMED_TRANSPORTS: Final = 41
"""Servers since 1.0.41 answer `tport` with the number of the transport."""
_NUMBER: Final = 8


class OwnDevice(AdbDevice):  # type: ignore[misc] # adbutils has no types
    """A device of the adb server at `server` (`(host, port)`); its connections wait `seconds` for an answer."""

    def __init__(self, serial: str, server: tuple[str, int], seconds: float) -> None:
        super().__init__(AdbClient(*server, socket_timeout=seconds), serial=serial)
        self._seconds = seconds

    def open_transport(self, command: str | None = None, timeout: float | None = None) -> AdbConnection:
        """Open a connection to the device, or to the server for one `command` about it; closed where that fails."""
        wire = self._client.make_connection(timeout=timeout or self._seconds)
        try:
            if command:
                self._ask(wire, f"host-serial:{self._serial}:{command}")
            elif self._numbered:
                self._ask(wire, f"host:tport:serial:{self._serial}")
                wire.read(_NUMBER)
            else:
                self._ask(wire, f"host:transport:{self._serial}")
        except BaseException:
            wire.close()
            raise
        return wire

    def open_shell(self, cmdargs: str | list[str] | tuple[str, ...]) -> AdbConnection:
        """Start one line in the device's shell and give the connection; closed where it does not start."""
        if not isinstance(cmdargs, str):
            raise TypeError("a line is one text: adbutils joins words by the rules of Windows")
        wire = self.open_transport()
        try:
            self._ask(wire, f"shell:{cmdargs}")
        except BaseException:
            wire.close()
            raise
        return wire

    @cached_property
    def _numbered(self) -> bool:
        return bool(self._client.server_version() >= _NAMED_TRANSPORTS)

    @staticmethod
    def _ask(wire: AdbConnection, question: str) -> None:
        wire.send_command(question)
        wire.check_okay()
