from __future__ import annotations

import pytest
from scripted_device import ScriptedDevice

from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.journal import Journal
from analyzer.capture.unattended import Unattended
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import GapKind


class Bench:
    """An app that nobody uses; what is done to the device and what passes stands in one list."""

    def __init__(self, sink) -> None:
        self.sink, self.told = sink, []
        self.device = ScriptedDevice({}, {})
        self.device.calls = self.told
        self.ends_after = 99
        self.passed = 0.0

    def watch(self, seconds: float) -> bool:
        self.told.append(seconds)
        self.passed += seconds
        return self.passed < self.ends_after

    def observe(self, background: float, silent: float) -> list:
        leave = Unattended(self.device, Journal(self.sink), self.watch, lambda: None)
        leave.observe("its.name", background, silent)
        return self.told

    def gaps(self) -> list[str]:
        return [gap.why for gap in self.sink.of(Gap) if gap.kind is GapKind.SCREEN_NOT_SWITCHED]


@pytest.fixture
def bench(sink):
    return Bench(sink)


def refuse() -> None:
    raise EnvironmentProblem("the lock asks for a PIN")


def states(sink) -> list[str]:
    return [mark.kind.value for mark in sink.of(Mark)]


def test_the_last_part_is_observed_with_the_screen_off_and_the_app_fetched_back_with_it_on(bench, sink):
    assert bench.observe(5, 2) == ["background", 3, "sleep", 2, "wake", "foreground"]
    assert states(sink) == ["backgrounded", "silenced", "backgrounded", "foregrounded"]
    assert [mark.details for mark in sink.of(Mark)][2] == {"screen": "on"}
    assert bench.gaps() == []


def test_without_a_silent_part_the_screen_stays_on(bench, sink):
    assert bench.observe(5, 0) == ["background", 5, "foreground"]
    assert states(sink) == ["backgrounded", "foregrounded"]


def test_a_screen_that_cannot_be_switched_off_is_a_gap_and_the_time_stays_in_the_background(bench, sink):
    bench.device.sleep = refuse
    told = bench.observe(5, 2)
    assert (bench.passed, told.count("wake")) == (5, 0)
    assert states(sink) == ["backgrounded", "foregrounded"]
    assert bench.gaps() == ["the app was not observed with the screen off: the lock asks for a PIN"]


def test_a_lock_that_comes_back_is_a_gap_and_the_app_is_not_said_to_be_in_front(bench, sink):
    bench.device.wake = refuse
    assert "foreground" not in bench.observe(5, 2)
    assert states(sink) == ["backgrounded", "silenced", "backgrounded"]
    assert bench.gaps() == ["the app was not fetched back after the screen was off: the lock asks for a PIN"]


def test_an_app_that_ends_with_the_screen_off_stays_silent_and_the_device_is_waked(bench, sink):
    bench.ends_after = 4
    told = bench.observe(5, 2)
    assert "wake" in told
    assert "foreground" not in told
    assert states(sink) == ["backgrounded", "silenced"]


def test_an_app_that_hangs_is_not_left_and_not_a_device_that_is_lost(bench, sink):
    bench.device.background = refuse
    assert bench.observe(5, 2) == [5]
    assert states(sink) == []
    assert bench.gaps() == ["the app was not observed behind others: the lock asks for a PIN"]


def test_an_app_that_cannot_be_fetched_back_is_a_gap(bench, sink):
    bench.device.foreground = lambda _package: refuse()
    assert bench.observe(5, 0) == ["background", 5]
    assert bench.gaps() == ["the app was not fetched back: the lock asks for a PIN"]
