import pytest

from analyzer.capture.app_events import note_event
from analyzer.capture.device import AppEvent
from analyzer.capture.journal import Journal
from analyzer.model.clock import Stamp
from analyzer.model.evidence import Gap, Mark
from analyzer.model.vocabulary import ISOLATED, GapKind, MarkKind


@pytest.mark.parametrize(
    ("kind", "stopping", "mark", "gap"),
    [
        ("exited", False, MarkKind.APP_EXITED, None),
        ("exited", True, MarkKind.PROCESS_ENDED, None),
        ("crashed", False, MarkKind.APP_CRASHED, GapKind.APP_CRASHED),
        ("lost", False, None, GapKind.APP_CRASHED),
        ("not_responding", False, None, GapKind.APP_CRASHED),
        ("unobserved", False, None, GapKind.AGENT_LOST),
        ("isolated", False, None, GapKind.CODE_UNSEEN),
        ("permission_asked", False, MarkKind.PERMISSION_ASKED, None),
        ("resumed", False, None, None),
    ],
)
def test_what_the_device_noticed_becomes_a_mark_a_gap_or_both(sink, kind, stopping, mark, gap):
    note_event(Journal(sink), AppEvent(kind, "its detail\nmore", 42), stopping=stopping)
    assert [one.kind for one in sink.of(Mark)] == ([mark] if mark else [])
    assert [one.kind for one in sink.of(Gap)] == ([gap] if gap else [])
    assert all((one.subject == ISOLATED) is (kind == "isolated") for one in sink.of(Gap))
    assert all(one.details == {"detail": "its detail\nmore", "pid": "42"} for one in sink.of(Mark))


@pytest.mark.parametrize("kind", ["process_started", "unobserved"])
def test_what_is_about_a_process_stands_at_its_beginning_where_the_device_tells_it(sink, kind):
    since = Stamp(5_000_000, 1_800_000_000_000_000, "device:x")
    note_event(Journal(sink), AppEvent(kind, "its.name", 42, since), stopping=False)
    assert [one.stamp for one in sink.records] == [since]
