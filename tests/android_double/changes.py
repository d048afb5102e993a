"""What changes a device, as the commands do it and as a recording does: each of it can be killed at any step."""

from __future__ import annotations

import os
import signal
import tempfile
from dataclasses import replace
from pathlib import Path

from analyzer.capture import android_setup
from analyzer.capture.android import ListedDevice
from analyzer.capture.android_device import AndroidDevice, AndroidSettings, Way
from analyzer.capture.android_redirect import CLASSES
from analyzer.capture.android_reverse import ReversePorts
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.apk_facts import read_apk_facts
from analyzer.capture.beside import Beside
from analyzer.capture.certificate import ensure_authority
from analyzer.capture.changes import ChangeJournal
from analyzer.capture.journal import Journal
from analyzer.capture.relay import Relay
from analyzer.packs.persona import Persona

PLANTED = Persona("lab", {"comm.contacts": ({"name": "Mei", "phone": "+8613800138471"},)})


class Nowhere:
    """Keeps no record: what is looked at is the device."""

    def append(self, record: object) -> None:
        """Let it go."""


class Changes:
    """What is done to one device, as the commands and a recording do it."""

    def __init__(self, host: str, port: str, serial: str, workspace: str, server: str) -> None:
        self.server, self.serial, self.workspace = (host, int(port)), serial, Path(workspace)
        program = self.workspace / "u2.jar"
        program.parent.mkdir(exist_ok=True)
        program.write_bytes(b"a program")
        self.settings = AndroidSettings("com.example", self.workspace, Path(server), PLANTED, ui_program=program)
        self.authority = ensure_authority(self.workspace / "mitmproxy")

    def setup(self) -> None:
        """Prepare the device for good, as `device setup` does."""
        with ChangeJournal(self.workspace, self.serial) as journal:
            android_setup.set_up(*self._reached(), journal, self.authority)

    def restore(self) -> None:
        """Take everything back, as `device restore` does."""
        with ChangeJournal(self.workspace, self.serial) as journal:
            android_setup.restore(*self._reached(), journal)

    def record(self, *, lose: bool = False) -> None:
        """Prepare the device for a recording, and take that back at its end."""
        relay = Relay(lambda *_: None, CLASSES)
        _, ports = relay.start()
        device = AndroidDevice(ListedDevice(self.serial, "phone", "Double", "device"), self.server, self.settings)
        beside = Beside(Path(tempfile.mkdtemp(dir=self.workspace)), Journal(Nowhere()), packets=True, video=True)
        device.lead(Way(relay, ports, lambda *_: None, beside=beside))
        device.prepare(("127.0.0.1", 9), self.authority)
        device.set_ahead(3600)
        if lose:
            os.kill(os.getpid(), signal.SIGKILL)
        device.restore()
        relay.stop()

    def install(self) -> None:
        """Install the app of a file that lies in the workspace, as a recording with `--apk` does."""
        files = [self.workspace / "app.apk"]
        settings = replace(self.settings, package=read_apk_facts(files).package)
        AndroidDevice(ListedDevice(self.serial, "phone", "Double", "device"), self.server, settings).install(files)

    def lose(self) -> None:
        """Prepare the device for a recording, and be killed in the midst of that."""
        self.record(lose=True)

    def _reached(self) -> tuple[AndroidShell, ReversePorts]:
        return AndroidShell(self.serial, self.server), ReversePorts(self.serial, self.server)
