from __future__ import annotations

from analyzer.capture.android_account import TAG, read_account_lines
from analyzer.capture.android_shell import AndroidShell


def test_only_what_the_apps_own_processes_wrote_is_its_account(android):
    double = android()
    double.log("I", TAG, '{"seq":1}', 4321)
    double.log("I", TAG, '{"seq":2}', 666)
    double.log("I", "lab.other", '{"seq":3}', 4321)
    double.log("I", TAG, '{"seq":4}', 4322)
    assert read_account_lines(AndroidShell(double.serial, double.server), {4321, 4322}) == ['{"seq":1}', '{"seq":4}']
