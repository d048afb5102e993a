from __future__ import annotations

from scripted_device import ScriptedDevice

from analyzer.capture.journal import Journal
from analyzer.capture.operator import Operator
from analyzer.model.evidence import Gap, Mark, Screen
from analyzer.model.vocabulary import GapKind, MarkKind, Strategy

SCREENS = {
    "start": ("个人信息保护提示", "不同意", "同意"),
    "again": ("确定要退出吗", "退出", "同意"),
    "main": ("首页",),
    "permission": ("允许", "拒绝"),
    "game": (),
}
MOVES = {"同意": "main", "不同意": "again", "退出": None}


def _operator(sink, read_screen, strategy, current="start"):
    device = ScriptedDevice(SCREENS, MOVES)
    device.launch("its.name", lambda *_: None, lambda _: None)
    device.current = current
    return device, Operator(device, Journal(sink), read_screen, strategy)


def _kinds(sink):
    return [mark.kind for mark in sink.of(Mark)]


def test_accepting_touches_the_accept_button_and_says_so(sink, read_screen):
    device, operator = _operator(sink, read_screen, Strategy.ACCEPT)
    assert operator.choose()
    assert device.taps == ["同意"]
    assert _kinds(sink) == [MarkKind.DIALOG_SHOWN, MarkKind.TAPPED]
    assert sink.of(Mark)[1].details == {"x": "50", "y": "250", "control": "accept", "text": "同意", "by": "operator"}


def test_refusing_goes_through_the_second_layer(sink, read_screen):
    device, operator = _operator(sink, read_screen, Strategy.REFUSE)
    assert operator.choose()
    assert operator.choose()
    assert device.taps == ["不同意", "退出"]


def test_ignoring_touches_nothing(sink, read_screen):
    device, operator = _operator(sink, read_screen, Strategy.IGNORE)
    assert not operator.choose()
    assert device.taps == []


def test_an_ordinary_screen_is_not_answered(sink, read_screen):
    device, operator = _operator(sink, read_screen, Strategy.ACCEPT, "main")
    assert not operator.choose()
    assert device.taps == []


def test_a_screen_is_kept_only_when_it_changes(sink, read_screen):
    device, operator = _operator(sink, read_screen, Strategy.ACCEPT)
    operator.look("start")
    operator.look("start")
    device.current = "main"
    operator.look("start")
    assert len(sink.of(Screen)) == 2


def test_an_unreadable_screen_is_a_gap_and_never_no_dialog(sink, read_screen):
    _, operator = _operator(sink, read_screen, Strategy.ACCEPT, "game")
    operator.look("start")
    assert [gap.kind for gap in sink.of(Gap)] == [GapKind.SCREEN_UNREADABLE]
    assert not sink.of(Screen)[0].readable


def test_a_device_that_shows_nothing_is_one_gap_however_often_it_is_asked(sink, read_screen):
    device, operator = _operator(sink, read_screen, Strategy.ACCEPT)
    device.broken = True
    assert operator.look("start") is None
    assert operator.look("start") is None
    assert [gap.kind for gap in sink.of(Gap)] == [GapKind.SCREEN_UNAVAILABLE]


def test_a_permission_dialog_is_answered_as_the_strategy_does(sink, read_screen):
    device, operator = _operator(sink, read_screen, Strategy.ACCEPT, "permission")
    assert operator.answer_permission(operator.look("after_choice"))
    assert device.taps == ["允许"]
    assert _kinds(sink) == [MarkKind.PERMISSION_ASKED, MarkKind.TAPPED, MarkKind.PERMISSION_GRANTED]
