"""A measure that excuses a program for what it does itself would prove nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from fault_waits import Waits, now_us, waited_ns

BUSY = "while True: pass"
LAST = 0.3


def test_a_process_that_stands_still_by_itself_is_excused_for_nothing():
    with subprocess.Popen(["/bin/sleep", "600"]) as asleep, subprocess.Popen([sys.executable, "-c", BUSY]) as stopped:
        os.kill(stopped.pid, signal.SIGSTOP)
        os.waitpid(stopped.pid, os.WUNTRACED)
        since = now_us()
        with Waits(lambda: {asleep.pid: "a", stopped.pid: "b"}) as waits:
            time.sleep(LAST)
            waits.look()
        assert waits.between(since, now_us()) == 0
        for process in (asleep, stopped):
            process.kill()


def test_what_a_machine_with_too_much_to_do_takes_away_is_told_and_no_more():
    core = {min(os.sched_getaffinity(0))}
    command = [sys.executable, "-c", f"import os; os.sched_setaffinity(0, {core}); print(flush=True)\n{BUSY}"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    for process in both:
        process.stdout.readline()
    with Waits(lambda: {both[0].pid: "a"}) as waits:
        waits.look()
        since, before = now_us(), sum(waited_ns(both[0].pid).values())
        while sum(waited_ns(both[0].pid).values()) - before < LAST * 1e9:  # until so much was surely taken away
            time.sleep(0.02)
        waits.look()
        took, told = (now_us() - since) / 1000, waits.between(since, now_us())
    for process in both:
        process.kill()
        process.wait()
        process.stdout.close()
    assert LAST * 1000 <= told + 1 <= took + 100  # the first look was a moment before
