from __future__ import annotations

import pytest

from analyzer.capture.clock_sync import now
from analyzer.capture.device import ScreenDump
from analyzer.capture.journal import MAX_DETAIL, Journal, ObservedSink
from analyzer.model.evidence import Gap, Mark, Screen
from analyzer.model.vocabulary import GapKind, MarkKind


def test_marks_are_numbered_and_their_details_are_bounded(sink):
    journal = Journal(sink)
    journal.mark(MarkKind.APP_STARTED, None, package="x" * 10_000, empty="")
    journal.mark(MarkKind.TAPPED)
    first, second = sink.of(Mark)
    assert [first.seq, second.seq] == [1, 2]
    assert first.details == {"package": "x" * MAX_DETAIL}


def test_a_screen_keeps_its_hierarchy_and_its_picture_beside_the_record(sink):
    dump = ScreenDump("<hierarchy/>", b"\x89PNG", "its.name", "its.name.Main")
    Journal(sink).screen(dump, now(), "start", readable=True)
    (screen,) = sink.of(Screen)
    assert sink.blobs[screen.hierarchy.sha256] == b"<hierarchy/>"
    assert sink.blobs[screen.screenshot.sha256] == b"\x89PNG"


def test_a_secure_window_has_no_picture(sink):
    Journal(sink).screen(ScreenDump("", b"", "its.name", ""), now(), "start", readable=False)
    (screen,) = sink.of(Screen)
    assert screen.hierarchy is None
    assert screen.screenshot is None


def test_a_gap_that_lasted_has_a_start_and_an_end(sink):
    start, end = now(), now()
    Journal(sink).gap(GapKind.TRAFFIC_BYPASSED, "app", "3 packets", start, end)
    (gap,) = sink.of(Gap)
    assert (gap.stamp, gap.until) == (start, end)


def test_a_full_disk_is_never_swallowed(sink):
    sink.full = True
    with pytest.raises(OSError, match="No space"):
        Journal(sink).gap(GapKind.DEVICE_LOST, "device", "gone")


def test_a_listener_sees_each_record_after_it_was_written(sink):
    seen = []
    observed = ObservedSink(sink, lambda record: seen.append((record, len(sink.records))))
    Journal(observed).gap(GapKind.TLS_REFUSED, "a.example", "pinned")
    ((gap, written),) = seen
    assert isinstance(gap, Gap)
    assert written == 1
