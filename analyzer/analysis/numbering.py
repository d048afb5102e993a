"""Gives observations their ids: `o1`, `o2`, … in the order of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from typing import Final

from analyzer.analysis.attribute_sent import Sent
from analyzer.analysis.copies import copier
from analyzer.analysis.packed import in_order, packed
from analyzer.analysis.phases import Course
from analyzer.model.clock import Instant
from analyzer.model.results import Observation
from analyzer.model.vocabulary import AppState, Phase

_finished: Final = copier(Observation, "id", "phase", "app_state", "sdk", "recipient", "tier", "origins", "reasoning")


def number_observations(
    observations: Iterable[Observation],
    courses: Mapping[str, Course],
    attribute: Callable[[Observation], Sent],
) -> Sequence[Observation]:
    """Sort observations by instant, then by their record and place, and number them from 1.

    On the way each is put into its phase and app state, by the `courses` of the recordings, and attributed.
    """
    return number_sorted([in_order(observations, _order)], courses, attribute)


def sort_observations(observations: Iterable[Observation], *, near: bool = False) -> Iterator[Observation]:
    """Give observations in the order of the timeline; `near` as in `in_order`."""
    return in_order(observations, _order, near=near)


def number_sorted(
    parts: Iterable[Iterator[Observation]], courses: Mapping[str, Course], attribute: Callable[[Observation], Sent]
) -> Sequence[Observation]:
    """Do what `number_observations` does with parts that are in order already; the first comes first among equals."""
    return packed(_numbered(merge(*parts, key=_order), courses, attribute))


def _numbered(
    ordered: Iterable[Observation], courses: Mapping[str, Course], attribute: Callable[[Observation], Sent]
) -> Iterator[Observation]:
    last: Instant | None = None
    until: Instant | None = None
    phase, state = Phase.UNKNOWN, AppState.UNKNOWN
    recording, changed = "", ""
    for at, one in enumerate(ordered, 1):
        if one.instant is not last or one.until is not until or one.ref.recording != recording:
            last, until, recording = one.instant, one.until, one.ref.recording
            course = courses.get(recording)
            phase = course.phase_during(last, until or last) if course else Phase.UNKNOWN
            state = course.state_during(last, until or last) if course else AppState.UNKNOWN
            changed = _changed(course, last, until, phase, state) if course and until else ""
        sent = attribute(one)
        if changed:
            sent = sent._replace(reasoning=f"{sent.reasoning}; {changed}")
        yield _finished(one, f"o{at}", phase, state, *sent)


def _changed(course: Course, start: Instant, end: Instant, phase: Phase, state: AppState) -> str:
    """Say what changed while something was sent, so that it belongs to neither side of the change."""
    names = []
    if phase is Phase.UNKNOWN and course.phase_at(start) is not Phase.UNKNOWN:
        names.append("the phase of consent")
    if state is AppState.UNKNOWN and course.state_at(start) is not AppState.UNKNOWN:
        names.append("the state of the app")
    if not names:
        return ""
    lasted = f"{(end.at_us - start.at_us) / 1_000_000:.1f} s"
    return f"sending what it is in took {lasted}, in which {' and '.join(names)} changed: it is unknown"


def _order(one: Observation) -> tuple[int, str, int, str, int, str, str, str, str]:
    instant, ref = one.instant, one.ref
    place = (one.channel, one.where, one.path, one.data_type)
    return (instant.at_us, instant.source, instant.seq, ref.recording, ref.line, *place)
