from __future__ import annotations

import pytest

from analyzer.capture.interruption import Interrupted, Stop


def test_who_waits_for_something_else_is_woken_once():
    stop, woken = Stop(), []
    with stop.waking(lambda: woken.append(1)):
        stop.set()
        stop.set()
    assert woken == [1]


def test_who_waits_no_more_is_left_alone():
    stop, woken = Stop(), []
    with stop.waking(lambda: woken.append(1)):
        pass
    stop.set()
    assert woken == []


def test_who_comes_late_is_woken_at_once():
    stop, woken = Stop(), []
    stop.set()
    with stop.waking(lambda: woken.append(1)):
        assert woken == [1]


def test_a_check_raises_after_the_wish_only():
    stop = Stop()
    stop.check()
    stop.set()
    with pytest.raises(Interrupted):
        stop.check()
