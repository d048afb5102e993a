"""Prepare an Android device and take all changes back, by the notes that the workspace keeps of each device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from analyzer.capture import android_setup
from analyzer.capture.android import adb_server, list_devices
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.certificate import ensure_authority
from analyzer.capture.changes import ChangeJournal, noted_serials
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.interruption import Stop
from analyzer.capture.machine_locks import device_in_use
from analyzer.workflows.home import Home

_READY: Final = "device"
_STATES: Final = {
    "unauthorized": "does not trust this computer: unlock it and allow USB debugging in its dialog",
    "offline": "is offline: unplug it and plug it in again, or restart it",
}
_LAB: Final = "lab"


def set_up(home: Home, serial: str, say: Callable[[str], None], stop: Stop) -> None:
    """Have the device trust this workspace's proxy until `restore`; an empty `serial` takes the only one.

    Raises `Interrupted` after a person's wish to stop, with the device as it was before.
    """
    serial = find_device(serial)
    shell, ports = _reach(serial)
    certificate = ensure_authority(home.folder("mitmproxy"))
    with device_in_use(serial), ChangeJournal(home.workspace.path, serial) as journal:
        android_setup.set_up(shell, ports, journal, certificate, stop)
    say(f"{serial} is set up: its apps trust this workspace's proxy until `analyzer device restore` or a restart.")


def restore(home: Home, serial: str, say: Callable[[str], None], stop: Stop) -> None:
    """Take back what is noted of a device; an empty `serial` means every device of which something is.

    A person's wish to stop ends it between two devices: a device that was begun is restored whole.
    """
    workspace = home.workspace.path
    serials = [serial] if serial else noted_serials(workspace)
    if not serials:
        say("There is nothing to restore: no change of any device is noted in this workspace.")
    for one in serials:
        stop.check()
        with device_in_use(one), ChangeJournal(workspace, one) as journal:
            if not journal.changes():
                say(f"There is nothing to restore on {one}: no change of it is noted in this workspace.")
                continue
            count = android_setup.restore(*_reach(_usable(one)), journal)
        say(f"{one} is as it was before: {count} change(s) were taken back.")


def find_device(serial: str) -> str:
    """Give the serial of the named device, or of the only one; raises `EnvironmentProblem` where adb has it not."""
    return _usable(serial or _only())


def _reach(serial: str) -> tuple[AndroidShell, ReversePorts]:
    server = adb_server()
    return AndroidShell(serial, server), ReversePorts(serial, server)


def _usable(serial: str) -> str:
    """Give the serial back where adb can speak to the device."""
    if serial == _LAB:
        raise EnvironmentProblem("The lab device needs no set-up and is never changed; see `analyzer devices`.")
    states = {device.serial: device.state for device in list_devices(start_server=True)}
    if serial not in states:
        there = ", ".join(states) or "none"
        raise EnvironmentProblem(f"adb shows no device {serial} (connected: {there}); plug it in, or `adb connect` it.")
    if (state := states[serial]) != _READY:
        raise EnvironmentProblem(f"{serial} {_STATES.get(state, f'is not usable ({state}); restart it')}.")
    return serial


def _only() -> str:
    found = [device.serial for device in list_devices(start_server=True)]
    if not found:
        raise EnvironmentProblem(
            "adb shows no Android device: plug one in and allow USB debugging, or start an emulator."
        )
    if len(found) > 1:
        raise EnvironmentProblem(f"Several devices are connected: {', '.join(found)}; choose one with --device.")
    return found[0]
