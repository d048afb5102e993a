from __future__ import annotations

import time

import pytest

from analyzer.capture.android_clock import CLOCK, AndroidClock, clock_undo
from analyzer.capture.android_shell import AndroidShell
from analyzer.capture.device import EnvironmentProblem

DAY = 86_400


class Noted:
    def __init__(self) -> None:
        self.changes: list[tuple[str, dict]] = []

    def note(self, kind, facts) -> None:
        self.changes.append((kind, dict(facts)))


def shell_of(double) -> AndroidShell:
    return AndroidShell(double.serial, double.server)


def away(shell) -> int:
    return int(shell.run("date", "+%s").out) - int(time.time())


def test_the_clock_goes_ahead_and_is_set_back_with_the_networks_time_as_it_was(android):
    double = android(root="magisk", clock_offset=7200.0)
    double.change("settings", "global", "auto_time", to="1")
    before, shell, noted = double.snapshot(), shell_of(double), Noted()
    clock = AndroidClock(shell, "magisk", noted.note)
    clock.set_ahead(DAY)
    clock.set_ahead(2 * DAY)
    assert abs(away(shell) - 7200 - 2 * DAY) < 30
    assert shell.run("settings", "get", "global", "auto_time").out == "0"
    ((kind, facts),) = noted.changes
    assert (kind, facts["root"], facts["auto_time"]) == (CLOCK, "magisk", "1")
    assert abs(facts["away_s"] - 7200) < 30
    clock_undo(shell, facts)
    clock_undo(shell, facts)
    assert double.snapshot() == before


def test_a_setting_that_was_never_made_is_none_again(android):
    double = android(root="magisk")
    before, noted = double.snapshot(), Noted()
    AndroidClock(shell_of(double), "magisk", noted.note).set_ahead(DAY)
    clock_undo(shell_of(double), noted.changes[0][1])
    assert double.snapshot() == before


def test_the_change_is_noted_before_it_is_made(android):
    shell = shell_of(android(root="magisk"))
    seen: list[int] = []
    AndroidClock(shell, "magisk", lambda *_: seen.append(away(shell))).set_ahead(DAY)
    assert abs(seen[0]) < 30


def test_a_clock_that_cannot_be_set_is_told_with_the_reason(android):
    double = android(root="magisk")
    double.change("extra", "clock", to="fixed")
    with pytest.raises(EnvironmentProblem, match=r"cannot be set: date: cannot set date: Operation not permitted"):
        AndroidClock(shell_of(double), "magisk", Noted().note).set_ahead(DAY)


def test_a_clock_that_cannot_be_set_back_gets_the_networks_time_again_all_the_same(android):
    double, noted = android(root="magisk"), Noted()
    double.change("settings", "global", "auto_time", to="1")
    shell = shell_of(double)
    AndroidClock(shell, "magisk", noted.note).set_ahead(DAY)
    double.change("extra", "clock", to="fixed")
    with pytest.raises(EnvironmentProblem, match="cannot be set"):
        clock_undo(shell, noted.changes[0][1])
    assert shell.run("settings", "get", "global", "auto_time").out == "1"
