"""Gives observations their ids: `o1`, `o2`, … in the order of the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from analyzer.model.results import Observation


def number_observations(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Sort observations by instant, then by their record and place, and number them from 1."""
    ordered = sorted(observations, key=_order)
    return tuple(replace(one, id=f"o{at}") for at, one in enumerate(ordered, 1))


def _order(one: Observation) -> tuple[int, str, int, str, int, str, str, str, str]:
    instant, ref = one.instant, one.ref
    place = (one.channel, one.where, one.path, one.data_type)
    return (instant.at_us, instant.source, instant.seq, ref.recording, ref.line, *place)
