"""Gives observations their ids: `o1`, `o2`, … in the order of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from analyzer.analysis.copies import copier
from analyzer.analysis.phases import Course
from analyzer.model.clock import Instant
from analyzer.model.results import Observation
from analyzer.model.vocabulary import AppState, Phase

_named: Final = copier(Observation, "id", "phase", "app_state")


def number_observations(
    observations: Iterable[Observation], courses: Mapping[str, Course] | None = None
) -> tuple[Observation, ...]:
    """Sort observations by instant, then by their record and place, and number them from 1.

    With the `courses` of the recordings each is also put into its phase and app state.
    """
    return tuple(_numbered(sorted(observations, key=_order), courses))


def _numbered(ordered: Iterable[Observation], courses: Mapping[str, Course] | None) -> Iterator[Observation]:
    last: Instant | None = None
    phase, state = Phase.UNKNOWN, AppState.UNKNOWN
    recording = ""
    for at, one in enumerate(ordered, 1):
        if courses is None:
            phase, state = one.phase, one.app_state
        elif one.instant is not last or one.ref.recording != recording:
            last, recording = one.instant, one.ref.recording
            phase, state = courses[recording].phase_at(last), courses[recording].state_at(last)
        yield _named(one, f"o{at}", phase, state)


def _order(one: Observation) -> tuple[int, str, int, str, int, str, str, str, str]:
    instant, ref = one.instant, one.ref
    place = (one.channel, one.where, one.path, one.data_type)
    return (instant.at_us, instant.source, instant.seq, ref.recording, ref.line, *place)
