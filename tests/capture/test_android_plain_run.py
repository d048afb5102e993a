from __future__ import annotations

import time

import pytest

from analyzer.capture.android_plain_run import PlainRun, read_processes
from analyzer.capture.android_shell import AndroidShell

APP = "com.example.plain"


def until(there) -> None:
    end = time.monotonic() + 60
    while not there():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_processes_come_and_go_and_a_crash_is_told(android):
    double = android()  # as it is sold: no root
    shell, events = AndroidShell(double.serial, double.server), []
    run = PlainRun(shell, APP, lambda event: events.append((event.kind, event.detail, event.pid)))
    run.start(lambda: double.start(APP))
    try:
        (main,) = run.running()
        assert main.name == APP
        assert ("process_started", APP, main.pid) in events
        double.log("I", "am_crash", f"[{main.pid},0,{APP},0,java.lang.Error,why,A.java,1]", main.pid)
        time.sleep(2)
        assert [kind for kind, _, _ in events] == ["process_started"], "it lives, and any app can write such a line"
        double.end(APP)
        until(lambda: ("process_ended", APP, main.pid) in events)
        assert [kind for kind, _, _ in events] == ["process_started", "crashed", "process_ended"]
        assert run.running() == []
    finally:
        run.close()


def test_an_app_that_does_not_start_leaves_nothing_open(android):
    double = android()
    run = PlainRun(AndroidShell(double.serial, double.server), APP, print)

    def fail() -> None:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        run.start(fail)
    assert run.running() == []


@pytest.mark.parametrize(
    ("listed", "found"),
    [
        ("  PID NAME\n    1 init\n   70 com.a\n   71 com.a:push\n   72 com.ab\n", [(70, "com.a"), (71, "com.a:push")]),
        (
            "USER     PID   PPID  VSIZE  RSS     WCHAN    PC        NAME\nu0_a7    70    1     1 1 ep_p 0 S com.a\n",
            [(70, "com.a")],
        ),
        ("PID NAME\nx com.a\n\n70\n", []),
        ("", []),
    ],
)
def test_the_list_of_both_programs_is_read(listed, found):
    assert read_processes(listed, "com.a") == found
