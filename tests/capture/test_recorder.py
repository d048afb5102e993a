from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_device import ScriptedDevice

from analyzer.capture.clock_sync import measure, monotonic_us
from analyzer.capture.device import AppEvent, EnvironmentProblem
from analyzer.capture.interruption import Interrupted, Stop
from analyzer.capture.journal import Journal
from analyzer.capture.operator import Operator
from analyzer.capture.recorder import Plan, Recorder
from analyzer.model.clock import ClockSample
from analyzer.model.evidence import Gap, Mark, Process
from analyzer.model.vocabulary import GapKind, MarkKind, Strategy

SCREENS = {"start": ("个人信息保护提示", "不同意", "同意"), "main": ("首页",)}


class QuietProxy:
    """A proxy that lives until it is told otherwise."""

    address = ("127.0.0.1", 1)
    ca_certificate = Path("ca.pem")
    trouble = ""
    stopped = 0

    def lost(self) -> str:
        return self.trouble

    def stop(self):
        self.stopped += 1
        return {}


class QuietAgent:
    """An agent that notes what it was asked."""

    def __init__(self) -> None:
        self.names = []
        self.closed = False

    def attach(self, frida_device, process) -> None:
        self.names.append(process.name)

    def processes(self) -> list[Process]:
        return [] if self.closed else [Process(42, name) for name in self.names]

    def sample_clock(self, process, seq) -> ClockSample | None:
        return measure(monotonic_us, f"device:{process.name}", seq)

    def flush(self, timeout: float = 2.0) -> None:
        pass

    def cancel(self) -> None:
        pass

    def check(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class Bench:
    def __init__(self, sink, read_screen, strategy, moves) -> None:
        self.sink = sink
        self.device = ScriptedDevice(SCREENS, moves)
        self.proxy, self.agent, self.stop = QuietProxy(), QuietAgent(), Stop()
        journal = Journal(sink)
        operator = Operator(self.device, journal, read_screen, strategy)
        self.recorder = Recorder(self.device, self.proxy, self.agent, operator, journal, self.stop)
        self.strategy = strategy

    def record(self, dwell=0.3, duration=0.2, *, keep_data=False, settle=0.2, later=False):
        self.recorder.record(Plan("its.name", self.strategy, dwell, duration, keep_data, settle, later=later))

    def kinds(self):
        return [mark.kind for mark in self.sink.of(Mark)]

    def gaps(self):
        return [gap.kind for gap in self.sink.of(Gap)]


def test_the_dialog_is_left_alone_for_the_dwell_and_then_accepted(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"同意": "main"})
    bench.record()
    marks = {mark.kind: mark for mark in sink.of(Mark)}
    waited = marks[MarkKind.TAPPED].stamp.mono_us - marks[MarkKind.DIALOG_SHOWN].stamp.mono_us
    assert waited >= 290_000
    assert bench.device.taps == ["同意"]
    assert bench.kinds()[0] is MarkKind.RECORDING_STARTED
    assert bench.kinds()[-1] is MarkKind.RECORDING_ENDED
    assert MarkKind.APP_EXITED not in bench.kinds(), "being stopped by us is no exit of its own"


def test_a_device_that_is_lost_ends_the_recording_at_once_with_a_gap(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {})
    bench.device.unplugged = "scripted was unplugged; plug it in"
    with pytest.raises(EnvironmentProblem, match="was unplugged"):
        bench.record(dwell=900, duration=900)
    (gap,) = [gap for gap in sink.of(Gap) if gap.kind is GapKind.DEVICE_LOST]
    assert "was unplugged" in gap.why
    assert bench.kinds()[-1] is MarkKind.RECORDING_ENDED
    assert "restore" in bench.device.calls


def test_the_dwell_counts_from_the_first_window_of_the_app(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    show, dark = bench.device.screen, []

    def slow():
        dark.append(1)
        shown = show()
        return shown if len(dark) > 3 else replace(shown, package="com.android.launcher")

    bench.device.screen = slow
    bench.record(dwell=0.4)
    marks = {mark.kind: mark.stamp.mono_us for mark in sink.of(Mark)}
    assert marks[MarkKind.DWELL_ENDED] - marks[MarkKind.DIALOG_SHOWN] >= 400_000
    assert marks[MarkKind.DWELL_ENDED] - marks[MarkKind.APP_STARTED] >= 600_000


def test_a_window_of_the_system_that_asks_for_a_permission_is_a_sign_of_the_app(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    bench.device.screens = SCREENS | {"start": ("是否允许？", "不同意", "允许")}
    show = bench.device.screen
    bench.device.screen = lambda: replace(show(), package="com.android.permissioncontroller")
    bench.record(dwell=1)
    marks = {mark.kind: mark.stamp.mono_us for mark in sink.of(Mark)}
    assert marks[MarkKind.DWELL_ENDED] - marks[MarkKind.APP_STARTED] < 2_500_000


def test_an_app_without_a_window_is_watched_all_the_same(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    show = bench.device.screen
    bench.device.screen = lambda: replace(show(), package="com.android.launcher")
    bench.record(dwell=0.1)
    assert MarkKind.DWELL_ENDED in bench.kinds()


def test_the_app_is_cleared_first_and_the_device_restored_last(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    bench.record()
    assert bench.device.calls == ["prepare", "clear_data", "launch", "stop", "restore"]
    assert bench.agent.names == ["its.name"]
    assert bench.agent.closed
    assert bench.proxy.stopped == 1


def test_kept_data_is_not_cleared(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    bench.record(keep_data=True)
    assert "clear_data" not in bench.device.calls
    assert MarkKind.DATA_CLEARED not in bench.kinds()


def test_after_a_refusal_the_app_is_started_again_as_a_user_would(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.REFUSE, {"不同意": None})
    bench.record()
    kinds = bench.kinds()
    assert kinds.count(MarkKind.RELAUNCHED) == 2
    assert kinds.count(MarkKind.DIALOG_SHOWN) == 1 + 2
    assert bench.device.taps == ["不同意"] * 3
    assert kinds.count(MarkKind.APP_EXITED) == 3


def test_a_dead_proxy_is_one_gap_and_the_recording_goes_on(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"同意": "main"})
    bench.proxy.trouble = "killed"
    bench.record()
    assert bench.gaps() == [GapKind.PROXY_LOST]
    assert bench.device.taps == ["同意"]


def test_a_persons_wish_to_stop_ends_it_at_once_and_puts_everything_back(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"同意": "main"})
    threading.Timer(0.2, bench.stop.set).start()
    with pytest.raises(Interrupted):
        bench.record(dwell=60)
    assert GapKind.INTERRUPTED in bench.gaps()
    assert bench.device.calls[-1] == "restore"
    assert bench.kinds()[-1] is MarkKind.RECORDING_ENDED


def test_a_crash_is_a_gap_with_the_first_line_of_the_trace(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    crash = AppEvent("crashed", "java.lang.IllegalStateException: boom\n\tat a.b.c", 42)
    threading.Timer(0.1, lambda: bench.device.on_event(crash)).start()
    bench.record()
    (gap,) = [gap for gap in sink.of(Gap) if gap.kind is GapKind.APP_CRASHED]
    assert gap.why == "the app crashed: java.lang.IllegalStateException: boom"
    assert MarkKind.APP_CRASHED in bench.kinds()


@pytest.mark.parametrize(
    ("event", "kind", "why"),
    [
        (
            AppEvent("unobserved", "its.name:push: no", 43),
            GapKind.AGENT_LOST,
            "runs without the agent: its.name:push: no",
        ),
        (
            AppEvent("isolated", "web:sandboxed:0 (user id 99001)", 44),
            GapKind.CODE_UNSEEN,
            "it has no permission and reaches only what it is handed: web:sandboxed:0 (user id 99001)",
        ),
        (
            AppEvent("lost", "killed: memory", 42),
            GapKind.APP_CRASHED,
            "the app ended, not by an exit of its own: killed: memory",
        ),
        (AppEvent("not_responding", "Input timed out", 42), GapKind.APP_CRASHED, "the app hung: Input timed out"),
    ],
)
def test_a_process_without_the_agent_and_an_app_that_hangs_are_gaps(event, kind, why, sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    threading.Timer(0.1, lambda: bench.device.on_event(event)).start()
    bench.record()
    (gap,) = [gap for gap in sink.of(Gap) if gap.kind is kind]
    assert gap.why.endswith(why)


def test_a_device_that_fails_is_a_gap_and_an_error_that_says_so(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})

    def fail(*_):
        raise EnvironmentProblem("the device went away; plug it in again")

    bench.device.launch = fail
    with pytest.raises(EnvironmentProblem):
        bench.record()
    assert bench.gaps() == [GapKind.DEVICE_LOST]
    assert bench.proxy.stopped == 1


def test_a_full_disk_stops_the_recording_loudly(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    threading.Timer(0.15, lambda: setattr(sink, "full", True)).start()
    with pytest.raises(OSError, match="No space"):
        bench.record(dwell=0.5)
    assert bench.device.calls[-1] == "restore", "the device is restored even when nothing can be written"


def test_a_dialog_that_comes_only_after_a_permission_is_left_alone_and_then_answered(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"允许": "late", "同意": "end"})
    bench.device.screens = {
        "start": ("允许", "拒绝"),
        "late": ("个人信息保护提示", "不同意", "同意"),
        "end": ("首页",),
    }
    bench.record(dwell=0.4, duration=0.6)
    (shown,) = [mark for mark in sink.of(Mark) if mark.kind is MarkKind.DIALOG_SHOWN]
    (tapped,) = [mark for mark in sink.of(Mark) if mark.details.get("text") == "同意"]
    assert tapped.stamp.mono_us - shown.stamp.mono_us >= 390_000


def test_a_dialog_that_comes_when_the_dwell_has_ended_is_left_alone_too(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"同意": "end"})
    bench.device.screens = {"start": ("首页",), "late": SCREENS["start"], "end": ("首页",)}
    seen = bench.device.screen

    def look():  # takes longer than the dwell, and then the dialog is there
        dump = seen()
        if bench.device.current == "start":
            threading.Event().wait(0.5)
            bench.device.current = "late"
        return dump

    bench.device.screen = look
    bench.record(dwell=0.4, duration=0.3)
    (shown,) = [mark for mark in sink.of(Mark) if mark.kind is MarkKind.DIALOG_SHOWN]
    (tapped,) = [mark for mark in sink.of(Mark) if mark.kind is MarkKind.TAPPED]
    assert tapped.stamp.mono_us - shown.stamp.mono_us >= 390_000


def test_a_choice_that_nothing_asked_for_is_a_gap(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.REFUSE, {})
    bench.device.screens = {"start": ("首页",)}
    bench.record()
    (gap,) = [gap for gap in sink.of(Gap) if gap.kind is GapKind.CHOICE_NOT_MADE]
    assert gap.subject == "refuse"
    assert "nothing to refuse" in gap.why
    assert MarkKind.RELAUNCHED not in bench.kinds(), "nobody refused, so nobody comes back"


def test_a_refusal_that_cannot_be_finished_is_a_gap_that_names_the_controls(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.REFUSE, {"不同意": "again"})
    bench.device.screens = {**SCREENS, "again": ("真的要离开吗", "同意")}
    bench.record()
    gaps = [gap for gap in sink.of(Gap) if gap.kind is GapKind.CHOICE_NOT_MADE]
    assert "同意" in gaps[0].why


def test_a_dialog_that_goes_round_in_circles_is_answered_only_so_often(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.REFUSE, {"不同意": "start"})
    bench.record(dwell=0.05, duration=0.05, settle=0.02)
    assert 4 <= len(bench.device.taps) <= 3 * 3 * 4
    gaps = [gap for gap in sink.of(Gap) if gap.kind is GapKind.CHOICE_NOT_MADE]
    assert gaps[0].why.startswith("a dialog was answered (refuse), and one still asks: ")
    assert bench.kinds()[-1] is MarkKind.RECORDING_ENDED


def test_the_devices_clock_is_measured_before_the_start_and_through_the_agent_at_both_ends(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.IGNORE, {})
    bench.record()
    samples = [record for record in sink.records if isinstance(record, ClockSample)]
    assert [sample.domain for sample in samples] == ["host", "device:its.name", "device:its.name"]
    marks = {mark.kind: mark.stamp.mono_us for mark in sink.of(Mark)}
    first, last = samples[1].stamp.mono_us, samples[2].stamp.mono_us
    assert marks[MarkKind.APP_STARTED] < first < marks[MarkKind.DWELL_ENDED] < last < marks[MarkKind.RECORDING_ENDED]
    assert len({(record.source, record.seq) for record in samples}) == len(samples)


def test_a_denial_accepts_the_dialog_denies_each_permission_and_comes_back(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.DENY, {"同意": "asks", "不同意": "main"})
    bench.device.screens = SCREENS | {"asks": ("是否允许？", "不同意", "允许")}
    bench.record()
    assert bench.device.taps == ["同意", "不同意"] * 3
    kinds = bench.kinds()
    assert kinds.count(MarkKind.PERMISSION_DENIED) == 3
    assert kinds.count(MarkKind.RELAUNCHED) == 2
    assert MarkKind.PERMISSION_GRANTED not in kinds


def test_what_starts_while_the_app_is_sent_away_or_fetched_back_is_not_in_the_background(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"同意": "main"})
    device = bench.device
    device.background = lambda: device.on_event(AppEvent("process_started", "its.name:early", 43))
    device.foreground = lambda _: device.on_event(AppEvent("process_started", "its.name:late", 44))
    bench.recorder.record(Plan("its.name", Strategy.ACCEPT, 0.2, 0.2, settle=0.1, background=0.3))
    told = [mark.details.get("detail", mark.kind.value) for mark in sink.of(Mark)]
    told = [one for one in told if one.startswith("its.name:") or one.endswith("grounded")]
    assert told == ["its.name:early", "backgrounded", "foregrounded", "its.name:late"]


def test_what_starts_while_the_screen_is_switched_is_no_start_of_the_silent_part(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"同意": "main"})
    device = bench.device
    device.sleep = lambda: device.on_event(AppEvent("process_started", "its.name:early", 43))
    device.wake = lambda: device.on_event(AppEvent("process_started", "its.name:late", 44))
    bench.recorder.record(Plan("its.name", Strategy.ACCEPT, 0.2, 0.2, settle=0.1, background=0.3, silent=0.2))
    told = [mark.details.get("detail", mark.kind.value) for mark in sink.of(Mark)]
    told = [one for one in told if one.startswith("its.name:") or one.endswith(("grounded", "silenced"))]
    assert told == [
        "backgrounded", "its.name:early", "silenced", "backgrounded", "its.name:late", "foregrounded",
    ]  # fmt: skip


def test_a_wish_to_stop_in_the_silent_part_ends_it_and_restores_the_device(sink, read_screen):
    bench = Bench(sink, read_screen, Strategy.ACCEPT, {"同意": "main"})
    bench.device.sleep = bench.stop.set
    with pytest.raises(Interrupted):
        bench.recorder.record(Plan("its.name", Strategy.ACCEPT, 0.2, 0.2, settle=0.1, background=60.2, silent=60.0))
    assert bench.device.calls[-1] == "restore"


@pytest.mark.parametrize("later", [False, True])
def test_a_refused_app_is_started_with_the_clock_ahead_only_where_that_was_asked_for(sink, read_screen, later):
    bench = Bench(sink, read_screen, Strategy.REFUSE, {"不同意": "main"})
    bench.record(dwell=0.05, duration=0.05, settle=0.05, later=later)
    assert bench.kinds().count(MarkKind.CLOCK_MOVED) == 3 * later
    assert [call for call in bench.device.calls if call.startswith("ahead")] == (
        ["ahead 90000", "ahead 169200", "ahead 176400"] if later else []
    )
    assert bench.device.calls[-1] == "restore"
