from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.android_strays import Strays

GUARD = "/data/local/tmp/guard"


@pytest.fixture
def rig(android, tmp_path):
    """A device with an app, and what was told of processes that `held` does not have."""
    double = android(root="magisk")
    shell = AndroidShell(double.serial, double.server)
    uid = double.add_package("com.example")
    shell.push(Path(shutil.which("sleep")), GUARD, 0o755)
    return double, shell, uid


def looking(rig, held=()):
    events = []
    return Strays(rig[1], "magisk", (rig[2], rig[2] + 10_000), lambda pid: pid in held, events.append), events


def start(rig, *command, sandbox=False):
    user = rig[2] + (10_000 if sandbox else 0)
    pid = rig[0].start_process("com.example", command, uid=user, name="guard")
    for _ in range(600):  # it is the zygote until it has become its program
        if rig[1].run_as_root("magisk", "readlink", f"/proc/{pid}/exe").out == command[0]:
            return pid
        time.sleep(0.1)
    raise AssertionError(command)


def test_a_process_of_the_app_that_was_never_held_is_told_at_the_second_look_and_once(rig):
    pids = [start(rig, "/system/bin/app_process64", "600"), start(rig, GUARD, "600", sandbox=True)]
    strays, events = looking(rig)
    strays.look()
    assert events == [], "the gate may have it in its hands"
    strays.look()
    strays.look()
    assert [(event.kind, event.pid) for event in events] == [("unobserved", pids[0]), ("own_program", pids[1])]
    assert events[0].detail == f"guard 600 (process {pids[0]}): it was never held"
    assert events[1].detail.endswith(GUARD)
    assert all(event.since.domain == f"device:{rig[0].serial}" for event in events), "the gap is there from the start"


def test_at_the_end_each_is_told_at_once_and_what_was_held_or_is_the_systems_is_not(rig):
    held = start(rig, "/system/bin/app_process64", "600")
    start(rig, "/system/bin/sh", "-c", "sleep 600; :")
    stray = start(rig, GUARD, "600")
    strays, events = looking(rig, {held})
    strays.start()
    strays.close()
    strays.close()
    assert [event.pid for event in events] == [stray]
