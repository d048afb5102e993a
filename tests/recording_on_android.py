"""A recording of a lab app on the Android double by the real command, and what of its outcome is compared."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from android_double.frida_double import server_script
from lab_on_android import LabOnAndroid

from analyzer.capture.certificate import ensure_authority
from analyzer.capture.lab_internet import LabInternet
from analyzer.model.calibration import Proof
from analyzer.packs.persona import shipped_persona
from analyzer.workflows.calibrate import conclude
from analyzer.workflows.calibrated import calibrated
from analyzer.workflows.home import Home

ROOT = Path(__file__).parents[1]
BOOTED_EARLIER_S = 4 * 3600
"""So far the boot clock of each device here is ahead of this machine's, by which everything is placed."""
PLANTED = ("--persona", str(ROOT / "analyzer/packs/data/personas" / f"{shipped_persona().name}.yaml"))


class Bench:
    """A double with a lab app on it, and a workspace whose proxy finds the lab's servers behind the names."""

    def __init__(
        self, android, folder: Path, package: str = "com.example", jar: Path | None = None, **kind: object
    ) -> None:
        self.workspace, state = folder / "workspace", folder / "state"
        state.mkdir()
        confdir = self.workspace / "mitmproxy"
        confdir.mkdir(parents=True)
        authority = ensure_authority(confdir)
        self.internet = LabInternet(folder / "internet")
        places = self.internet.start()
        routes = {"lab_http": places.http, "lab_https": places.https, "lab_tcp": places.tcp}
        lines = [f"{name}: '{host}:{port}'" for name, (host, port) in routes.items()]
        (confdir / "config.yaml").write_text("\n".join([*lines, "ssl_insecure: true"]), encoding="utf-8")
        self.talk, self.server = folder / "talk", folder / "frida-server"
        self.server.write_text(server_script(), encoding="utf-8")
        kind = {"root": "magisk", "build_type": "userdebug", "boot_offset": BOOTED_EARLIER_S, **kind}
        self.double = android(**kind, visible=(str(state),))
        self.app = LabOnAndroid(self.double, package, state, authority, jar)
        self.before = self.double.snapshot()
        self.more: dict[str, str] = {}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        host, port = self.double.server
        environment = {**os.environ, **self.more, "ANDROID_ADB_SERVER_HOST": host, "ANDROID_ADB_SERVER_PORT": str(port)}
        command = [sys.executable, "-m", "analyzer", *words, "--device", self.double.serial, "--json"]
        command += ["--workspace", str(self.workspace), "--frida-server", str(self.server)]
        with self.talk.open("wb") as talk:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=talk)

    def run(self, *words: str) -> tuple[int, bytes, str]:
        process = self.start(*words)
        out, _ = process.communicate(timeout=900)
        return process.returncode, out, self.talk.read_text("utf-8")

    def await_request(self, process: subprocess.Popen[bytes], host: str) -> None:
        """Wait until a request to a host is among the evidence."""
        while not any(f'"host":"{host}"' in file.read_text("utf-8") for file in self.workspace.rglob("flows.jsonl")):
            assert process.poll() is None, self.talk.read_text("utf-8")
            time.sleep(0.2)

    def await_process(self, process: subprocess.Popen[bytes], name: str) -> None:
        """Wait until a process of the app is armed: an interruption before would leave it without the agent."""
        words = f'"name":"{name}"'  # its agent answers for each hook once it is in place
        while not any(words in file.read_text("utf-8") for file in self.workspace.rglob("events.jsonl")):
            assert process.poll() is None, self.talk.read_text("utf-8")
            time.sleep(0.2)

    def calibrated_by(self, session: str) -> None:
        """What was seen until then agrees with the app's own account, and later recordings on the device cite it."""
        with pytest.MonkeyPatch.context() as patch:
            host, port = self.double.server
            patch.setenv("ANDROID_ADB_SERVER_HOST", host)
            patch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
            found = conclude(Home(self.workspace), session)
        assert {"telephony.device_id", "settings.secure_string"} <= set(found.names("hook", Proof.PROVEN))
        assert not found.names("hook", Proof.MISSED)
        assert "HTTPS of the app's user id" in found.names("path", Proof.PROVEN)
        assert calibrated(Home(self.workspace), self.double.serial, found.build).calibration == found

    def close(self) -> None:
        self.app.close()
        self.internet.stop()


def outcomes(document: dict) -> dict[str, tuple]:
    """Give outcome and tier by rule.

    The lab's classes have fewer methods than a phone's: only of a phone is one that is absent something not seen, and
    a silence that depends on it inconclusive.
    """
    found = {}
    for verdict in document["verdicts"]:
        absent = [reason for reason in verdict["reasons"] if "overload_absent" in reason]
        silent = verdict["outcome"] == "inconclusive" and absent == list(verdict["reasons"])
        found[verdict["rule"]] = ("not_observed", None) if silent else (verdict["outcome"], verdict["tier"])
    return found


def lasting(snapshot: dict) -> dict:
    """Leave out the app's own, what is in front, and the reader of the log."""
    return {part: seen for part, seen in snapshot.items() if part not in {"files", "extra", "processes", "mounts"}}
