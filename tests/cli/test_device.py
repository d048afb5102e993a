"""`device setup` and `device restore` as a user runs them, also killed at any step."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOME = [(34, "magisk", 9), (24, "adbd", 20)]
KINDS = list(product((24, 29, 34, 36), ("adbd", "magisk", "su")))
EVERY = [(api, root, step) for at, (api, root) in enumerate(KINDS) for step in range(2 + at % 5, 50, 7)]


def command(double, workspace, *words):
    host, port = double.server
    environment = {**os.environ, "ANDROID_ADB_SERVER_HOST": host, "ANDROID_ADB_SERVER_PORT": str(port)}
    line = [
        sys.executable,
        "-m",
        "analyzer",
        "device",
        *words,
        "--device",
        double.serial,
        "--workspace",
        str(workspace),
    ]
    return subprocess.Popen(line, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("api", "root", "step"), [*SOME, *(pytest.param(*case, marks=pytest.mark.long) for case in EVERY)]
)
def test_killed_at_any_step_the_device_is_restored_byte_for_byte(api, root, step, android, tmp_path):
    double = android(api=api, root=root)
    before = double.snapshot()
    seen = []

    def kill(service):
        seen.append(service)
        if len(seen) == step:
            setup.send_signal(signal.SIGKILL)
        return len(seen) >= step and step % 2 == 0  # the command that it died with was carried out, or was not

    setup = command(double, tmp_path, "setup")
    double.watch(kill)
    out, err = setup.communicate(timeout=600)
    double.watch(None)
    print(f"{len(seen)} commands")
    assert setup.returncode == (-signal.SIGKILL if len(seen) >= step else 0), err
    double.wait()
    restored = command(double, tmp_path, "restore")
    out, err = restored.communicate(timeout=600)
    assert restored.returncode == 0, (out, err)
    assert double.snapshot() == before


def test_what_the_device_cannot_do_is_one_sentence_and_exit_code_3(android, tmp_path):
    setup = command(android(api=34), tmp_path, "setup")
    out, err = setup.communicate(timeout=600)
    assert (setup.returncode, out) == (3, "")
    assert len(err.splitlines()) == 1
    assert "root it with Magisk or KernelSU" in err
