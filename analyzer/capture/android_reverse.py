"""Ports of the device's loopback that lead to ports of this machine's (`adb reverse`)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from adbutils import AdbError

from analyzer.capture.adb_transport import OwnDevice
from analyzer.capture.device import EnvironmentProblem

FIRST_PORTS: Final = (28100, 28300, 28500, 28700)
"""Where our ports begin; the next is tried when another program of the device has one of them."""
_SECONDS: Final = 20.0


class ReversePorts:
    """The ports of one device; `serial` is adb's name of it, `server` the `(host, port)` of the adb server."""

    def __init__(self, serial: str, server: tuple[str, int]) -> None:
        self._serial = serial
        self._device = OwnDevice(serial, server, _SECONDS)

    def plan(self, count: int) -> list[list[int]]:
        """Give the runs of ports that may be tried, one after the other."""
        return [list(range(first, first + count)) for first in FIRST_PORTS]

    def open(self, ports: Mapping[int, int]) -> bool:
        """Make device ports lead to ports of this machine; says whether all could, else none does.

        The adb server keeps of a port where it was first to lead, also where the device refused that, and ends itself
        when the device then connects elsewhere (`UpdateReverseConfig` of adb's transport.cpp, "disallowed connect").
        A port that leads nowhere is therefore closed before it is opened, which makes it forget.
        """
        opened: dict[int, int] = {}
        try:
            taken = {one.remote for one in self._device.reverse_list()}
            for at, target in ports.items():
                if f"tcp:{at}" not in taken:
                    with suppress(AdbError):  # the device knows of none
                        self._device.reverse_remove(f"tcp:{at}")
                self._device.reverse(f"tcp:{at}", f"tcp:{target}", norebind=True)
                opened[at] = target
        except AdbError:
            self.close(opened)
            return False
        except (OSError, EOFError) as error:
            raise self._gone(error) from error
        return True

    def close(self, ports: Mapping[int, int]) -> None:
        """Close those of the ports that are open and lead where we had them lead; others are somebody else's."""
        try:
            known = {(one.remote, one.local) for one in self._device.reverse_list()}
            for at, target in ports.items():
                if (f"tcp:{at}", f"tcp:{target}") in known:
                    self._device.reverse_remove(f"tcp:{at}")
        except (AdbError, OSError, EOFError) as error:
            raise self._gone(error) from error

    def _gone(self, error: Exception) -> EnvironmentProblem:
        return EnvironmentProblem(
            f"The device {self._serial} does not answer ({error}). Check the cable and `adb devices`, then retry."
        )
