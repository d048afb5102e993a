"""Gives observations their ids: `o1`, `o2`, … in the order of the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from analyzer.analysis.attribute_sent import Sent
from analyzer.analysis.copies import copier
from analyzer.analysis.phases import Course
from analyzer.model.clock import Instant
from analyzer.model.results import Observation
from analyzer.model.vocabulary import AppState, Phase

_finished: Final = copier(Observation, "id", "phase", "app_state", "sdk", "recipient", "tier", "origins", "reasoning")


def number_observations(
    observations: Iterable[Observation],
    courses: Mapping[str, Course],
    attribute: Callable[[Observation], Sent],
) -> tuple[Observation, ...]:
    """Sort observations by instant, then by their record and place, and number them from 1.

    On the way each is put into its phase and app state, by the `courses` of the recordings, and attributed.
    """
    return tuple(_numbered(sorted(observations, key=_order), courses, attribute))


def _numbered(
    ordered: Iterable[Observation], courses: Mapping[str, Course], attribute: Callable[[Observation], Sent]
) -> Iterator[Observation]:
    last: Instant | None = None
    phase, state = Phase.UNKNOWN, AppState.UNKNOWN
    recording = ""
    for at, one in enumerate(ordered, 1):
        if one.instant is not last or one.ref.recording != recording:
            last, recording = one.instant, one.ref.recording
            course = courses.get(recording)
            phase = course.phase_at(last) if course else Phase.UNKNOWN
            state = course.state_at(last) if course else AppState.UNKNOWN
        yield _finished(one, f"o{at}", phase, state, *attribute(one))


def _order(one: Observation) -> tuple[int, str, int, str, int, str, str, str, str]:
    instant, ref = one.instant, one.ref
    place = (one.channel, one.where, one.path, one.data_type)
    return (instant.at_us, instant.source, instant.seq, ref.recording, ref.line, *place)
