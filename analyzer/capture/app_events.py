"""Writes down what the device noticed about the app: as a mark, as a gap, or as both."""

from __future__ import annotations

from typing import Final

from analyzer.capture.device import AppEvent
from analyzer.capture.journal import Journal
from analyzer.model.vocabulary import ISOLATED, GapKind, MarkKind

ENDINGS: Final = frozenset({"exited", "crashed", "process_ended"})
"""What ends the app, if it is said of its main process."""

_MARKS: Final = {
    "process_started": MarkKind.PROCESS_STARTED,
    "process_ended": MarkKind.PROCESS_ENDED,
    "exited": MarkKind.APP_EXITED,
    "crashed": MarkKind.APP_CRASHED,
    "permission_asked": MarkKind.PERMISSION_ASKED,
}
_ISOLATED: Final = (
    "an isolated process started, which may be the app's and runs without the agent; "
    "it has no permission and reaches only what it is handed"
)
_GAPS: Final = {
    "unobserved": (GapKind.AGENT_LOST, "a process runs without the agent"),
    "isolated": (GapKind.CODE_UNSEEN, _ISOLATED),
    "own_program": (GapKind.CODE_UNSEEN, "a program of the app's own runs without the agent"),
    "lost": (GapKind.APP_CRASHED, "the app ended, not by an exit of its own"),
    "not_responding": (GapKind.APP_CRASHED, "the app hung"),
}


def note_event(journal: Journal, event: AppEvent, *, stopping: bool) -> None:
    """Write one event; an exit of an app that we are `stopping` is only the end of a process."""
    kind = _MARKS.get(event.kind)
    if stopping and kind is MarkKind.APP_EXITED:
        kind = MarkKind.PROCESS_ENDED
    if kind is not None:
        journal.mark(kind, event.since, detail=event.detail, pid=str(event.pid) if event.pid else "")
    if event.kind == "crashed":
        why = "the app crashed: " + event.detail.splitlines()[0] if event.detail else "the app crashed"
        journal.gap(GapKind.APP_CRASHED, "app", why)
    gap = _GAPS.get(event.kind)
    if gap is not None:
        subject = ISOLATED if event.kind == "isolated" else "app"
        journal.gap(gap[0], subject, f"{gap[1]}: {event.detail}", event.since)
