from __future__ import annotations

import os
import subprocess
import sys
import threading

from analyzer.capture.lab_watch import ProcessWatch, started_at


def test_the_end_of_a_process_is_told_once() -> None:
    ends: list[int] = []
    told = threading.Event()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        watch = ProcessWatch(child.pid, lambda: (ends.append(1), told.set())[1])
        assert watch.alive
        assert not watch.wait(0.05)
        watch.kill()
        assert told.wait(60)
    assert not watch.alive
    watch.kill()
    watch.join(60)
    assert ends == [1]


def test_a_process_that_is_already_gone_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait(60)
    watch = ProcessWatch(child.pid, lambda: None)
    assert watch.wait(60)
    watch.kill()


def test_a_start_time_tells_processes_apart() -> None:
    assert started_at(os.getpid()).isdigit()
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        pass
    assert started_at(child.pid) == ""
