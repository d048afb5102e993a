from __future__ import annotations

import time

import pytest

from analyzer.capture.android_process import process_start
from analyzer.capture.android_shell import AndroidShell, Said
from analyzer.capture.clock_sync import now


@pytest.fixture(scope="module")
def double(shared_android):
    return shared_android(root="magisk")


def uptime_us(shell) -> int:
    return round(float(shell.run("cat", "/proc/uptime").out.split()[0]) * 1_000_000)


def test_the_start_of_a_process_is_told_by_the_devices_own_clock(double):
    shell = AndroidShell(double.serial, double.server)
    before = uptime_us(shell)
    uid = double.add_package("com.example")
    pid = double.start_process("com.example", ["/system/bin/app_process64", "600"], uid=uid)
    after = uptime_us(shell)
    time.sleep(0.1)
    began = process_start(shell, pid)
    assert began.domain == f"device:{double.serial}"
    assert before - 20_000 <= began.mono_us <= after + 20_000
    assert 0 < now().wall_us - began.wall_us < 600_000_000
    assert process_start(shell, pid).mono_us == began.mono_us


def test_of_a_process_that_is_gone_nothing_is_told(double):
    assert process_start(AndroidShell(double.serial, double.server), 999_999) is None


class Saying:
    serial = "x"

    def __init__(self, out: str) -> None:
        self.out = out

    def run(self, *_: str) -> Said:
        return Said(0, self.out, "")


@pytest.mark.parametrize("out", ["", "1 (a) S 1", "1 (a) " + "x " * 40 + "\nnever", "9.9 1.1"])
def test_an_answer_of_another_kind_tells_nothing(out):
    assert process_start(Saying(out), 1) is None


def test_a_name_with_brackets_and_spaces_does_not_mislead():
    fields = " ".join(["S", *map(str, range(4, 22)), "12345", "0"])
    began = process_start(Saying(f"7 (a) b (c) 9) {fields}\n200.00 10.00"), 7)
    assert began.mono_us == 123_455_000
