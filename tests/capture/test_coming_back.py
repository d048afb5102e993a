from __future__ import annotations

from scripted_device import ScriptedDevice

from analyzer.capture.coming_back import ComingBack
from analyzer.capture.journal import Journal
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import GapKind, MarkKind


def comes_back(sink) -> tuple[ScriptedDevice, ComingBack]:
    device = ScriptedDevice({}, {})
    calls = device.calls
    return device, ComingBack(device, Journal(sink), lambda: calls.append("stop"), lambda: calls.append("start"))


def test_the_app_is_started_twice_at_once_with_the_clock_as_it_is(sink):
    device, back = comes_back(sink)
    back.at_once()
    assert device.calls == ["stop", "start"] * 2
    assert [(mark.kind, mark.details) for mark in sink.of(Mark)] == [
        (MarkKind.RELAUNCHED, {"attempt": "1"}),
        (MarkKind.RELAUNCHED, {"attempt": "2"}),
    ]


def test_later_the_clock_is_set_ahead_while_the_app_does_not_run_short_of_48_hours_and_past_them(sink):
    device, back = comes_back(sink)
    back.later()
    assert device.calls == [
        *("stop", "ahead 90000", "start"),
        *("stop", "ahead 169200", "start"),
        *("stop", "ahead 176400", "start"),
    ]
    kinds = [mark.kind for mark in sink.of(Mark)]
    assert kinds == [MarkKind.CLOCK_MOVED, MarkKind.RELAUNCHED] * 3
    assert [mark.details["ahead_s"] for mark in sink.of(Mark) if mark.kind is MarkKind.CLOCK_MOVED][-1] == "176400"


def test_a_device_that_keeps_its_clock_is_a_gap_and_the_app_is_not_started(sink):
    device, back = comes_back(sink)
    device.fixed_clock = "The clock cannot be set: no root."
    back.later()
    assert device.calls == ["stop"]
    (gap,) = sink.of(Gap)
    assert gap.kind is GapKind.CLOCK_NOT_MOVED
    assert gap.why == "whether the app asks again later was not tried: The clock cannot be set: no root."
    assert sink.of(Mark) == []
