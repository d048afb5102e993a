from __future__ import annotations

from analyzer.model.evidence import Session
from analyzer.model.results import Analysis
from analyzer.report.evidence_entries import coverage_entry, gap_entry, mark_entries, recording_entry, session_entry
from analyzer.report.placement import Placement

START = 1_790_000_000_000_000


def test_the_session_names_the_evidence_the_analysis_and_the_tools(session: Session, analysis: Analysis) -> None:
    entry = session_entry(session, analysis)
    assert (entry.digest, entry.run_id, entry.sealed) == ("ef" * 32, "12" * 32, True)
    assert list(entry.libraries) == ["frida", "mitmproxy"]
    assert entry.interventions == ("unpinning",)


def test_a_recording_says_when_it_ran_and_how_much_it_holds(session: Session, analysis: Analysis) -> None:
    entry = recording_entry(session.recordings[0], Placement(analysis))
    assert (entry.start_us, entry.end_us, entry.marks) == (START, START + 2_000_000, 1)


def test_a_recording_that_was_not_placed_has_no_instants(session: Session) -> None:
    entry = recording_entry(session.recordings[0], Placement(Analysis("r")))
    assert (entry.start_us, entry.start, entry.end) == (None, None, None)


def test_marks_stand_at_their_instant_on_the_common_timeline(session: Session, analysis: Analysis) -> None:
    (mark,) = mark_entries(session.recordings[0], Placement(analysis))
    assert (mark.id, mark.at_us) == ("1-accept/marks/1", START + 510_000)


def test_coverage_keeps_absent_hooks_and_unread_hosts(analysis: Analysis) -> None:
    entry = coverage_entry(analysis.coverage)
    assert [hook.status.value for hook in entry.hooks] == ["armed", "class_absent"]
    assert "pinned.example" in entry.opaque_hosts


def test_a_gap_to_the_end_has_no_until(analysis: Analysis) -> None:
    entry = gap_entry(analysis.gaps[0])
    assert (entry.at_us, entry.until_us, entry.until) == (START + 250_000, None, None)
