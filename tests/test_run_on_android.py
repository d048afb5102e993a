"""`analyzer run --device SERIAL` on the double: the lab's app as an Android app gives the lab's own verdicts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from android_double.frida_double import server_script
from lab_on_android import LabOnAndroid

from analyzer.capture.certificate import ensure_authority
from analyzer.capture.lab_internet import LabInternet
from analyzer.packs.persona import shipped_persona

pytestmark = [pytest.mark.lab, pytest.mark.long, pytest.mark.xdist_group("android")]
ROOT = Path(__file__).parents[1]
PERSONA = ROOT / "analyzer/packs/data/personas" / f"{shipped_persona().name}.yaml"


class Bench:
    """A double with com.example on it, and a workspace whose proxy finds the lab's servers behind the names."""

    def __init__(self, android, folder: Path) -> None:
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
        self.server = folder / "frida-server"
        self.server.write_text(server_script(), encoding="utf-8")
        self.double = android(root="magisk", visible=(str(state),))
        self.app = LabOnAndroid(self.double, "com.example", state, authority)
        self.before = self.double.snapshot()

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        host, port = self.double.server
        environment = {**os.environ, "ANDROID_ADB_SERVER_HOST": host, "ANDROID_ADB_SERVER_PORT": str(port)}
        command = [sys.executable, "-m", "analyzer", "run", "--device", self.double.serial, "--json"]
        command += ["--workspace", str(self.workspace), "--frida-server", str(self.server), "--persona", str(PERSONA)]
        pipe = subprocess.PIPE
        return subprocess.Popen([*command, *words], cwd=ROOT, env=environment, stdout=pipe, stderr=pipe)

    def run(self, *words: str, seconds: int = 400) -> tuple[int, bytes, str]:
        process = self.start(*words)
        out, talk = process.communicate(timeout=seconds)
        return process.returncode, out, talk.decode()

    def session(self) -> Path:
        (session,) = (self.workspace / "sessions").iterdir()
        return session

    def close(self) -> None:
        self.app.close()
        self.internet.stop()


@pytest.fixture
def bench(android, tmp_path):
    tmp_path.chmod(0o755)
    bench = Bench(android, tmp_path)
    yield bench
    bench.close()


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


def seen(document: dict) -> set[tuple]:
    """What was transmitted to whom in which phase: timing decides how often, not what."""
    return {
        (one["data_type"], one["recipient"]["host"], one["phase"], one["tier"])
        for one in document["observations"]
        if one["tier"].startswith("transmitted")
    }


def test_the_same_app_gets_the_same_verdicts_on_android_as_on_the_lab_device(bench, recorded_example):
    code, out, talk = bench.run("--package", "com.example", "--dwell", "8", "--duration", "5")
    assert code == 0, talk
    here, lab = json.loads(out), json.loads(recorded_example.document)
    assert outcomes(here) == outcomes(lab)
    assert seen(here) == seen(lab)
    assert {flow["owner"] for flow in here["flows"]} == {"app"}
    assert here["session"]["device"]["kind"] == "phone"
    after = bench.double.snapshot()
    ignored = {"files", "extra", "processes", "mounts"}  # the app's own, what is in front, the reader of the log
    assert {part: after[part] for part in after if part not in ignored} == {
        part: bench.before[part] for part in bench.before if part not in ignored
    }
