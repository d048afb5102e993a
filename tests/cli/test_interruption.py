from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from analyzer.capture.interruption import Interrupted
from analyzer.cli.interruption import HASTE_S, work_until_stopped

STUBBORN = """
import sys, time
from analyzer.cli import interruption

interruption.HASTE_S = float(sys.argv[1])

def work(stop):
    print("working", flush=True)
    time.sleep(200)

interruption.work_until_stopped(work, left=lambda: "Do this next.")
"""


def soon(number: int, after: float = 0.2) -> None:
    threading.Timer(after, os.kill, (os.getpid(), number)).start()


def test_work_gives_its_result_and_its_error():
    assert work_until_stopped(lambda stop: stop.is_set()) is False
    with pytest.raises(LookupError, match="nowhere"):
        work_until_stopped(lambda _: (_ for _ in ()).throw(LookupError("nowhere")))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_wish_to_stop_reaches_the_work_and_the_handlers_are_put_back(number, capfd):
    before = signal.getsignal(number)

    def work(stop):
        assert stop.wait(60)
        stop.check()

    soon(number)
    with pytest.raises(Interrupted):
        work_until_stopped(work)
    assert signal.getsignal(number) is before
    assert capfd.readouterr().err.count("Stopping") == 1


@pytest.mark.parametrize(("signals", "haste"), [(2, HASTE_S), (3, 190.0)])
def test_work_that_does_not_listen_is_left_at_the_second_signal_after_a_while_and_at_the_third_at_once(signals, haste):
    child = subprocess.Popen(
        [sys.executable, "-c", STUBBORN, str(haste)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert child.stdout.readline() == b"working\n"
        start = time.monotonic()
        for _ in range(signals):
            child.send_signal(signal.SIGINT)
            time.sleep(0.3)
        assert child.wait(100) == 130
        assert (time.monotonic() - start > haste) is (signals < 3)
        assert b"Do this next." in child.stderr.read()
    finally:
        child.kill()
        child.communicate()
