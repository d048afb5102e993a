from __future__ import annotations

from scripted_device import ScriptedDevice

from analyzer.capture.journal import Journal
from analyzer.capture.permission_state import PermissionState
from analyzer.model.evidence import Mark


def noted(sink, permissions):
    device = ScriptedDevice({}, {})
    device.held = permissions
    PermissionState(device, Journal(sink)).note("its.name", "start")
    return [dict(mark.details) for mark in sink.of(Mark)]


def test_what_is_granted_and_what_is_denied_is_noted(sink):
    held = {"android.permission.CAMERA": True, "android.permission.INTERNET": True, "its.own": False}
    assert noted(sink, held) == [
        {"when": "start", "granted": "android.permission.CAMERA,android.permission.INTERNET"},
        {"when": "start", "denied": "its.own"},
    ]


def test_a_device_that_tells_nothing_is_no_mark(sink):
    assert noted(sink, {}) == []


def test_no_name_is_cut_however_many_an_app_has(sink):
    names = [f"android.permission.{number:0100}" for number in range(300)]
    marks = noted(sink, dict.fromkeys([*names, "x" * 5000], True))
    assert len(marks) > 1
    assert [name for mark in marks for name in mark["granted"].split(",")] == names


def test_what_was_denied_at_the_start_and_is_there_at_the_end_is_named(sink):
    device = ScriptedDevice({}, {})
    state = PermissionState(device, Journal(sink))
    device.held = {"a.b.ONE": False, "a.b.TWO": True, "a.b.THREE": False}
    state.note("its.name", "start")
    device.held = {"a.b.ONE": True, "a.b.TWO": True, "a.b.THREE": False, "a.b.FOUR": True}
    state.note("its.name", "end")
    turned = [mark.details["turned_on"] for mark in sink.of(Mark) if "turned_on" in mark.details]
    assert turned == ["a.b.ONE"]
