"""One gated JVM of a lab app: held before its first instruction, watched to its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import frida

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.hosted_device import HostedDevice
from analyzer.capture.lab_control import ControlChannel
from analyzer.capture.lab_watch import ProcessWatch
from analyzer.model.evidence import Process

_SECONDS_TO_GREET: Final = 0.5
_SECONDS_TO_LISTEN: Final = 2.0


class LabProcess:
    """A process of the app: who it is, its control channel once it has connected, and how it ended."""

    def __init__(self, process: Process, on_end: Callable[[LabProcess], None]) -> None:
        self.process = process
        self.said_why = False
        self.printed_out = threading.Event()
        self._on_end = on_end
        self._channel: ControlChannel | None = None
        self._connected = threading.Event()
        self._heard_out = threading.Event()
        self._watch = ProcessWatch(process.pid, self._ended)

    @property
    def alive(self) -> bool:
        """Say whether the process still runs."""
        return self._watch.alive

    def ended(self, seconds: float) -> bool:
        """Wait for the end of the process; say whether it came."""
        return self._watch.wait(seconds)

    def give_up(self) -> None:
        """End a process that could not be started in order; its end is no crash of the app."""
        self.said_why = True
        self.stop()

    def connect(self, channel: ControlChannel) -> None:
        """Take the control channel that the process opened."""
        self._channel = channel
        self._connected.set()

    def channel(self, seconds: float) -> ControlChannel:
        """Give the control channel, waiting for it while the process starts; raises `EnvironmentProblem`."""
        if not self._connected.wait(seconds if self.alive else 0) or self._channel is None:
            state = f"did not come up within {seconds:g} s" if self.alive else "ended before it came up"
            raise EnvironmentProblem(f"{self.process.name} {state}; its output is in the device's log.")
        return self._channel

    def heard_out(self, patience: float = 3.0) -> None:
        """Note that the control channel has closed: the JVM must end now, and is made to after `patience` seconds."""
        self._heard_out.set()
        if not self._watch.wait(patience):
            self._watch.kill()

    def stop(self, patience: float = 2.0) -> None:
        """End the process: a word first, then force; returns when it is gone and its end has been told."""
        if self._channel is not None:
            try:
                self._channel.ask("stop", seconds=patience)
            except EnvironmentProblem:
                pass  # it hangs or is already gone: force below
            else:
                self._watch.wait(patience)
        self._watch.kill()
        self._watch.join(patience + 5)

    def _ended(self) -> None:
        """Let the channel be read to its end before anybody judges how the process ended."""
        if self._connected.wait(_SECONDS_TO_GREET):  # its greeting may still be on the way to us
            self._heard_out.wait(_SECONDS_TO_LISTEN)
        self._connected.set()  # wakes whoever waits for a channel that will never come
        self._on_end(self)


def spawn_gated(
    device: frida.Device | HostedDevice, command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> int:
    """Start a program that waits before its first instruction; give its process id."""
    try:
        pid: Any = device.spawn(list(command), envp=dict(environment), cwd=str(folder), stdio="pipe")
    except (frida.ExecutableNotFoundError, frida.NotSupportedError, frida.PermissionDeniedError) as error:
        raise EnvironmentProblem(f"Frida cannot start {command[0]}: {error}; run `analyzer doctor`.") from error
    except (frida.TransportError, frida.TimedOutError, frida.InvalidOperationError) as error:
        raise EnvironmentProblem(f"Frida failed to start {command[0]}: {error}; try again.") from error
    return int(pid)
