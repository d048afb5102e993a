"""`device setup` and `device restore` as a user runs them, also killed (`test_killed_on_android`: at any step)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


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


@pytest.mark.parametrize(("api", "root", "step"), [(34, "magisk", 9), (24, "adbd", 20)])
def test_killed_at_a_step_the_device_is_restored_byte_for_byte(api, root, step, android, tmp_path):
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
    assert setup.returncode == -signal.SIGKILL, err
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


@pytest.mark.parametrize("times", [1, 3])
def test_a_set_up_that_is_interrupted_leaves_the_device_as_before_or_says_what_takes_it_back(times, android, tmp_path):
    double = android(root="magisk")
    before = double.snapshot()
    setup = command(double, tmp_path, "setup")

    def interrupt(service):
        if "nsenter" in service and setup.poll() is None:
            double.watcher = None
            for _ in range(times):
                setup.send_signal(signal.SIGINT)
                time.sleep(0.5)
        return False

    double.watch(interrupt)
    _, err = setup.communicate(timeout=600)
    assert setup.returncode == 130
    last = err.splitlines()[-1]
    if times == 1:
        assert last == "Interrupted; the device is as it was before."
    else:
        assert "device restore --workspace" in last
        restored = command(double, tmp_path, "restore")
        assert (restored.communicate(timeout=600)[0], restored.returncode) == ("", 0)
    assert double.snapshot() == before
