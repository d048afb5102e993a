from __future__ import annotations

import re
import signal
import threading

import pytest

from analyzer.workflows.time_limit import OutOfTime, at_most

ENDLESS = re.compile("(?:[a-z]|[a-z][a-z])+!")


def test_a_pattern_that_would_never_end_is_ended_and_nothing_is_left_behind():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(OutOfTime, match="longer than"), at_most(0.2):
        ENDLESS.match("a" * 90)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_ends_in_time_is_left_alone():
    with at_most(600):
        assert ENDLESS.match("ab!")
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_another_thread_has_no_bound_and_no_trouble():
    done = []

    def work() -> None:
        with at_most(600):
            done.append(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [1]
