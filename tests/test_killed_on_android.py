"""Killed at any step of what changes a device, it is restored byte for byte."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from itertools import count, product

import pytest
from android_double import killed_worker
from android_double.frida_double import server_script
from apk_tools import make_apk, need_tools

KINDS = list(product((24, 29, 34, 36), ("adbd", "magisk", "su")))
EACH_STEP = {(24, "adbd"), (29, "su"), (34, "magisk"), (36, "adbd")}
"""Where a set-up is killed at each step; elsewhere at every fifth, which the same code takes."""


class Worker:
    """A process that changes the double for each order anew, and is killed where the test says."""

    def __init__(self, double, folder):
        self.double, self.seen = double, []
        server = folder / "server"
        server.write_text(server_script())
        words = [*map(str, double.server), double.serial, str(folder / "workspace"), str(server)]
        command = [sys.executable, killed_worker.__file__, *words]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def order(self, what, kill_at=0, *, carried_out=True):
        """Give the exit code; of the command to adb at which it is killed, the device hears or does not."""
        self.seen = []
        self._write(what + "\n")
        pid = int(self._process.stdout.readline())

        def watch(service):
            self.seen.append(service)
            if len(self.seen) == kill_at:
                os.kill(pid, signal.SIGKILL)
            return bool(kill_at) and (len(self.seen) > kill_at or (len(self.seen) == kill_at and not carried_out))

        self.double.watch(watch)
        self._write("\n")
        code = int(self._process.stdout.readline())
        self.double.watch(None)
        self.double.wait()
        return code

    def close(self):
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def _write(self, text):
        self._process.stdin.write(text)
        self._process.stdin.flush()


def state(double):
    """Give the device without the programs of its own that were just called, which take their time to end."""
    snapshot = double.snapshot()
    snapshot["processes"] = [name for name in snapshot["processes"] if "python" not in name]
    snapshot["mounts"] = {name: seen for name, seen in snapshot["mounts"].items() if "python" not in name}
    snapshot["extra"] = {name: value for name, value in snapshot["extra"].items() if value}
    return snapshot


def kill_at_each(steps, what, double, folder, *, carried_out=None):
    """Kill at each of these steps, restore, and look; gives the steps that there were.

    Whether the device still hears the last command takes turns, unless it is said.
    """
    double.add_package("com.example")
    before, worker = state(double), Worker(double, folder)
    try:
        for step in steps:
            hears = (step + double.kind.api) % 2 == 0 if carried_out is None else carried_out
            code = worker.order(what, step, carried_out=hears)
            assert code == (-signal.SIGKILL if len(worker.seen) >= step else 0)
            reached = len(worker.seen) if code == 0 else step
            died_at = worker.seen[-1]
            assert worker.order("restore") == 0, f"killed at step {step}: {died_at}"
            assert state(double) == before, f"killed at step {step}: {died_at}"
            if code == 0:
                break
    finally:
        worker.close()
    return reached


@pytest.mark.parametrize("every", [pytest.param(3, marks=pytest.mark.long), 100])
def test_a_recording_killed_at_any_step_of_its_beginning_and_end_leaves_nothing(every, android, tmp_path):
    reached = kill_at_each(
        count(every - 1, every), "record", android(api=34, root="magisk", build_type="userdebug"), tmp_path
    )
    assert reached > 80


@pytest.mark.long
@pytest.mark.parametrize(("api", "root"), [kind for kind in KINDS if kind != (34, "magisk")])
def test_so_it_is_on_every_kind_of_device(api, root, android, tmp_path):
    assert kill_at_each(count(1 + api % 7, 13), "record", android(api=api, root=root), tmp_path) > 80


@pytest.mark.long
@pytest.mark.parametrize(("api", "root"), KINDS)
def test_a_set_up_killed_at_any_step_leaves_nothing(api, root, android, tmp_path):
    every = 1 if (api, root) in EACH_STEP else 5
    assert kill_at_each(count(1, every), "setup", android(api=api, root=root), tmp_path) > 15


WRITES = {"api": 24, "absent": ("nsenter",), "private_mounts": True}
"""A device over whose trust store nothing can be laid, so that the certificate is written into the system."""


@pytest.mark.long
@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize("root", ["adbd", "magisk", "su"])
def test_a_certificate_that_is_written_into_the_system_is_gone_whatever_it_was_killed_at(
    root, carried_out, android, tmp_path
):
    double = android(**WRITES, root=root)
    assert kill_at_each(count(1), "setup", double, tmp_path, carried_out=carried_out) > 25


@pytest.mark.long
@pytest.mark.parametrize("root", ["adbd", "magisk", "su"])
def test_the_taking_away_of_a_written_certificate_killed_at_any_step_is_completed_by_the_next(root, android, tmp_path):
    assert kill_the_restoring_at_each(count(1), "setup", android(**WRITES, root=root), tmp_path) >= 7


def test_an_installation_killed_at_any_step_leaves_no_copy_of_the_file(android, tmp_path):
    need_tools()
    (tmp_path / "workspace").mkdir()
    apk = make_apk(tmp_path / "workspace" / "app.apk")
    double = android(root="magisk")
    digest = hashlib.sha256(apk.read_bytes()).hexdigest()
    double.change("extra", "apks", to={digest: {"package": "com.example.shop"}})
    worker = Worker(double, tmp_path)
    try:
        assert worker.order("install") == 0
        steps = range(1, len(worker.seen) + 1)
        before = state(double)
        assert "com.example.shop" in before["packages"]
        for step, carried_out in product(steps, (True, False)):
            assert worker.order("install", step, carried_out=carried_out) == -signal.SIGKILL
            assert worker.order("restore") == 0
            assert state(double) == before, f"killed at step {step}"
    finally:
        worker.close()


def test_what_a_killed_run_of_another_workspace_left_hinders_no_recording_and_each_takes_back_its_own(
    android, tmp_path
):
    double = android(api=34, root="magisk", build_type="userdebug")
    double.add_package("com.example")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    before, one, two = state(double), Worker(double, tmp_path / "one"), Worker(double, tmp_path / "two")
    try:
        assert one.order("lose") == -signal.SIGKILL
        assert two.order("record") == 0
        assert state(double) != before
        assert one.order("restore") == 0
        assert state(double) == before
    finally:
        one.close()
        two.close()


def kill_the_restoring_at_each(steps, what, double, folder):
    """Change the device, kill what restores it at each of these steps, restore again, and look; gives the steps."""
    double.add_package("com.example")
    before, worker = state(double), Worker(double, folder)
    try:
        for step in steps:
            assert worker.order(what) == (-signal.SIGKILL if what == "lose" else 0)
            assert state(double) != before
            code = worker.order("restore", step, carried_out=(step + double.kind.api) % 2 == 0)
            assert code == (-signal.SIGKILL if len(worker.seen) >= step else 0)
            reached = len(worker.seen) if code == 0 else step
            died_at = worker.seen[-1]
            for _ in range(2):  # the second finds nothing to do
                assert worker.order("restore") == 0, f"killed at step {step}: {died_at}"
                assert state(double) == before, f"killed at step {step}: {died_at}"
            if code == 0:
                break
    finally:
        worker.close()
    return reached


@pytest.mark.parametrize("steps", [pytest.param(range(1, 100), marks=pytest.mark.long), [12]])
def test_a_restore_killed_at_any_step_is_completed_by_the_next(steps, android, tmp_path):
    assert (
        kill_the_restoring_at_each(steps, "lose", android(api=34, root="magisk", build_type="userdebug"), tmp_path)
        >= 12
    )


@pytest.mark.long
@pytest.mark.parametrize(("api", "root"), [kind for kind in KINDS if kind != (34, "magisk")])
@pytest.mark.parametrize("what", ["setup", "lose"])
def test_so_is_one_on_every_kind_of_device(what, api, root, android, tmp_path):
    kill_the_restoring_at_each(count(1 + api % 3, 3), what, android(api=api, root=root), tmp_path)
