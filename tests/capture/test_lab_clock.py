from __future__ import annotations

import threading
import time

import frida
import pytest

from analyzer.capture.hosted_device import HostedDevice
from analyzer.capture.lab_clock import ahead_script


@pytest.mark.parametrize("ahead", [0, 176_400])
def test_a_program_sees_the_time_that_its_clock_was_set_to_and_this_machine_keeps_its_own(tmp_path, ahead):
    heard: list[bytes] = []
    over = threading.Event()

    def listen(_pid: int, _descriptor: int, data: bytes) -> None:
        heard.append(data)
        if not data:
            over.set()

    device = HostedDevice("its.name", tmp_path, listen)
    pid = device.spawn(["/bin/date", "+%s"], envp={}, cwd="/", stdio="pipe")
    device.keep(pid, ahead_script(ahead))
    before = int(time.time())
    device.resume(pid)
    assert over.wait(60)
    after = int(time.time())
    device.close()
    assert before + ahead <= int(b"".join(heard)) <= after + ahead


def test_a_script_that_cannot_run_is_told(tmp_path):
    device = HostedDevice("its.name", tmp_path, lambda *_: None)
    pid = device.spawn(["/bin/true"], envp={}, cwd="/", stdio="pipe")
    with pytest.raises(frida.InvalidArgumentError):
        device.keep(pid, "this is no script")
    device.resume(pid)
    device.close()
