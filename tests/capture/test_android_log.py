from __future__ import annotations

import time

from analyzer.capture.android_log import AppLog, LogWatch
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import AppEvent

# Lines as `logcat -b events,crash -v threadtime` prints them; the values are of the tests.
START = "11-29 20:30:00.100  1000  1234  1256 I am_proc_start: [0,4321,10123,com.example,activity,{a/b}]"
JAVA = (
    "11-29 20:30:01.000  4321  4321 E AndroidRuntime: FATAL EXCEPTION: main",
    "11-29 20:30:01.000  4321  4321 E AndroidRuntime: Process: com.example, PID: 4321",
    "11-29 20:30:01.000  4321  4321 E AndroidRuntime: java.lang.IllegalStateException: boom",
    "11-29 20:30:01.000  4321  4321 E AndroidRuntime: \tat com.example.Main.onCreate(Main.java:7)",
    "11-29 20:30:01.010  1234  1256 I am_crash: [4321,0,com.example,95369,java.lang.IllegalStateException,boom,Main,7]",
)
NATIVE = "11-29 20:30:02.000  5000  5000 F DEBUG   : pid: 4400, tid: 4410, name: worker  >>> com.example:push <<<"
ANR = "11-29 20:30:03.000  1234  1256 I am_anr  : [0,4321,com.example,953695812,Input dispatching timed out (a, b)]"
KILL = "11-29 20:30:04.000  1234  1256 I am_kill : [0,4321,com.example,900,too many cached]"
RESUMED = "11-29 20:30:05.000  1234  1256 I wm_on_resume_called: [12345,com.example.MainActivity,RESUME_ACTIVITY]"


def read(*lines: str) -> list[AppEvent]:
    log = AppLog("com.example")
    return [event for event in map(log.read, lines) if event is not None]


def test_a_crash_is_told_with_the_trace_that_the_process_printed():
    assert read(*JAVA) == [
        AppEvent("crashed", "java.lang.IllegalStateException: boom\n\tat com.example.Main.onCreate(Main.java:7)", 4321)
    ]


def test_a_crash_without_a_trace_is_told_with_the_events_own_words():
    (event,) = read(JAVA[-1])
    assert (event.kind, event.pid) == ("crashed", 4321)
    assert event.detail.startswith("java.lang.IllegalStateException,boom")


def test_native_crashes_hangs_kills_and_activities_are_told():
    assert read(NATIVE, ANR, KILL, RESUMED) == [
        AppEvent("crashed", "native code of com.example:push crashed", 4400),
        AppEvent("not_responding", "Input dispatching timed out (a, b)", 4321),
        AppEvent("killed", "too many cached", 4321),
        AppEvent("resumed", "com.example.MainActivity"),
    ]


def test_a_process_that_ends_itself_says_so_and_one_that_ends_another_does_not():
    line = "11-29 20:30:04.000  4321  4330 I"
    exits = (f"{line} AndroidRuntime: VM exiting with result code 0, cleanup skipped.",
             f"{line} Process : Sending signal. PID: 4321 SIG: 9")  # fmt: skip
    assert read(*exits) == [AppEvent("exited", "ended by itself", 4321)] * 2
    assert read(f"{line} Process : Sending signal. PID: 4400 SIG: 9") == []
    assert read(f"{line} Process : Sending signal. PID: 4321 SIG: 3") == []


def test_a_kill_for_want_of_memory_is_told_by_its_pid():
    line = "11-29 20:30:04.000   300   300 I killinfo: [4321,10123,900,0,81234,5]"
    assert read(line) == [AppEvent("killed", "the system wanted its memory", 4321)]


def test_another_app_a_name_that_begins_alike_and_broken_lines_say_nothing():
    other = [line.replace("com.example", "com.example2") for line in (*JAVA, NATIVE, ANR, KILL, RESUMED)]
    no_pid = "11-29 20:30:03.000  1 2 I am_anr  : [0,x,com.example,0,y]"
    broken = ("", "--------- beginning of crash", START, ANR[:70], no_pid)
    assert read(*other, *broken) == []


def test_a_flood_of_traces_is_bounded():
    log = AppLog("com.example")
    for pid in range(1000, 1400):
        for _ in range(300):
            log.read(f"11-29 20:30:01.000  {pid}  {pid} E AndroidRuntime: \tat a.b.c(D.java:1)")
    assert sum(map(len, log._traces.values())) <= 200 * 16


def test_the_log_of_a_device_is_followed_until_it_is_closed(android):
    double = android()
    told = []
    watch = LogWatch(AndroidShell(double.serial, double.server), "com.example", told.append)
    try:
        time.sleep(0.3)
        double.log("I", "am_kill", "[0,4321,com.example,900,too many cached]", 1234)
        end = time.monotonic() + 60
        while not told and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        watch.close()
    assert told == [AppEvent("killed", "too many cached", 4321)]
    assert not watch._thread.is_alive()
