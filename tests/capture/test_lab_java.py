from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.lab_java import find_java, java_command


@pytest.mark.parametrize("machine", ["Linux aarch64", "Darwin x86_64", "Darwin arm64", "Windows AMD64"])
def test_other_machines_are_told_what_they_can_do_instead(machine: str) -> None:
    with pytest.raises(EnvironmentProblem, match=f"this is {machine}.*analyzer replay shipped"):
        find_java(machine)


@pytest.mark.lab
def test_every_flag_is_understood_by_the_runtime(tmp_path: Path) -> None:
    command = java_command(find_java(), [tmp_path / "a.jar", tmp_path / "b.jar"], tmp_path / "patch.jar", {"x": "y z"})
    assert command[-3:] == ["-cp", f"{tmp_path}/a.jar:{tmp_path}/b.jar", "lab.runtime.Main"]
    assert "-Dx=y z" in command
    done = subprocess.run([*command[:-3], "-version"], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert '"17.0.9"' in done.stderr
    assert "warning" not in done.stderr.replace("module named java.base", "").lower()
