from __future__ import annotations

import io
import re
from collections.abc import Callable

from rich.console import Console

from analyzer.report.live import LiveView

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PREVIEW = "; data types are a preview, the result decides"


class StillClock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def shown_by(act: Callable[[LiveView], None], clock: StillClock | None = None) -> str:
    out = io.StringIO()
    with LiveView(Console(file=out, width=200), clock or StillClock()) as view:
        act(view)
    return out.getvalue()


def test_plain_output_is_one_line_for_each_thing_that_matters() -> None:
    def act(view: LiveView) -> None:
        view.phase("initial")
        view.event("android.telephony.TelephonyManager.getImei", "id.imei", "acme")
        view.event("android.app.Activity.onResume")
        view.flow("ads.example", "POST", {"id.imei", "id.oaid"})
        view.gap("tls_refused", "pinned.example")

    assert shown_by(act).splitlines() == [
        "phase  initial",
        "event  id.imei  android.telephony.TelephonyManager.getImei  acme",
        "flow   POST ads.example  id.imei, id.oaid",
        "gap    tls refused  pinned.example",
        f"2 events, 1 flow, 1 gap noted while recording{PREVIEW}",
    ]


def test_what_is_done_again_and_again_is_told_once_in_each_phase() -> None:
    def act(view: LiveView) -> None:
        for _ in range(7):
            view.event("getLastLocation", "loc.precise", "acme")
        view.phase("after the tap on OK")
        view.event("getLastLocation", "loc.precise", "acme")

    lines = shown_by(act).splitlines()
    assert lines == [
        "event  loc.precise  getLastLocation  acme",
        "phase  after the tap on OK",
        "event  loc.precise  getLastLocation  acme",
        f"8 events, 0 flows noted while recording; 6 repeated within a phase not listed{PREVIEW}",
    ]


def test_what_is_shown_is_in_the_language_that_was_asked_for() -> None:
    out = io.StringIO()
    with LiveView(Console(file=out, width=200), StillClock(), "zh") as view:
        view.event("getImei", "id.imei", "acme")
        view.gap("tls_refused", "pinned.example")
    assert out.getvalue().splitlines() == [
        "调用     id.imei  getImei  acme",
        "缺口     TLS 被拒绝  pinned.example",
        "记录期间共有 1 次调用，0 条流量，1 个缺口；数据类型仅为预览，以结果为准",
    ]


def test_a_flood_is_limited_and_what_was_left_out_is_counted() -> None:
    clock = StillClock()

    def act(view: LiveView) -> None:
        for number in range(5000):
            view.flow(f"a{number}.example", "GET")
        view.message("still here")
        clock.now += 2
        view.flow("b.example", "GET")

    lines = shown_by(act, clock).splitlines()
    assert "still here" in lines
    assert "… 4980 more" in lines
    assert lines[-2:] == ["flow   GET b.example", "0 events, 5001 flows noted while recording"]


def test_foreign_text_stays_on_its_line_and_cannot_drive_the_terminal(hostile: str) -> None:
    def act(view: LiveView) -> None:
        view.phase(hostile)
        view.event(hostile, hostile, hostile)
        view.flow(hostile, hostile, [hostile])
        view.gap(hostile, hostile)
        view.message(hostile)

    text = shown_by(act)
    assert len(text.splitlines()) == 6
    assert not CONTROL.search(text)
    assert len(text) < 8000


def test_a_terminal_gets_a_live_panel_without_foreign_commands(hostile: str) -> None:
    out = io.StringIO()
    with LiveView(Console(file=out, force_terminal=True, width=100, height=30)) as view:
        view.event("api", "id.imei", hostile)
        view.flow(hostile, "POST", ["id.imei"])
    text = out.getvalue()
    assert "events 1" in text
    assert "\x1b[31m" not in text
    assert "\x1b]0;" not in text
    assert "\u202e" not in text


def test_many_different_names_do_not_grow_without_bound() -> None:
    def act(view: LiveView) -> None:
        for index in range(3000):
            view.event("api", "id.imei", f"sdk{index}")
        assert len(view._by_sdk) <= 1001

    shown_by(act)


def test_a_connection_that_could_not_be_read_has_no_hole_in_its_line() -> None:
    assert shown_by(lambda view: view.flow("pinned.example")).splitlines()[0] == "flow   pinned.example"
