from __future__ import annotations

import sys
import threading
from pathlib import Path

import frida
import pytest

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_process import LabProcess, spawn_gated
from analyzer.model.evidence import Process


def test_a_gated_program_does_nothing_before_it_is_resumed(tmp_path: Path) -> None:
    device, ended = frida.get_local_device(), threading.Event()
    script = f"import os; open({str(tmp_path / 'ran')!r}, 'w').write(','.join(sorted(os.environ)))"
    pid = spawn_gated(device, [sys.executable, "-c", script], {"ONLY": "this"}, tmp_path)
    process = LabProcess(Process(pid, "org.a"), lambda _entry: ended.set())
    assert process.alive
    assert not (tmp_path / "ran").exists()
    device.resume(pid)
    assert ended.wait(60)
    assert set((tmp_path / "ran").read_text().split(",")) <= {"ONLY", "LC_CTYPE"}
    assert not process.alive
    with pytest.raises(EnvironmentProblem, match="ended before it came up"):
        process.channel(5)


def test_a_missing_program_is_an_environment_problem(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="Frida cannot start"):
        spawn_gated(frida.get_local_device(), [str(tmp_path / "absent")], {}, tmp_path)
