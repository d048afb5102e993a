"""Leaves out identifiers that are none: an installation keeps its own; what changes all the time belongs to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, TypeAlias

from analyzer.analysis.shape_path import field_of
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Observation
from analyzer.model.vocabulary import Method, Where

_LASTING: Final = frozenset({"id.installation"})
"""Types whose value stays the same as long as the app's own data do, which a recording does not outlive."""
_ENOUGH: Final = 3
"""So many different values are no installation that was made anew."""

Field: TypeAlias = tuple[str, str, Where, str]
"""Recording, host, part and path without the numbers of list elements: where one thing has its place."""


def without_changing(observations: Sequence[Observation], hosts: Sequence[str]) -> list[Observation]:
    """Give the observations without identifiers of the installation that are not the same all the time.

    Such are the numbers of log entries, messages and requests in fields of the same names (`uuid`): they differ within
    one record, or at most of their occurrences. `hosts` are those that the observations went to, in the same order.
    Known values stay: they are the device's, wherever they stand.
    """
    values: dict[Field, list[tuple[EvidenceRef, str]]] = defaultdict(list)
    fields = [
        (one.ref.recording, host, one.where, field_of(one.path)) if _may_change(one) else None
        for one, host in zip(observations, hosts, strict=True)
    ]
    for one, place in zip(observations, fields, strict=True):
        if place is not None:
            values[place].append((one.ref, one.value))
    changing = {place for place, seen in values.items() if _changes(seen)}
    return [one for one, place in zip(observations, fields, strict=True) if place not in changing]


def _may_change(one: Observation) -> bool:
    return one.data_type in _LASTING and one.method is not Method.INDICATOR and one.where is not Where.RESPONSE


def _changes(seen: Sequence[tuple[EvidenceRef, str]]) -> bool:
    different = len({value for _, value in seen})
    if different < _ENOUGH:
        return False
    at_once: dict[EvidenceRef, set[str]] = defaultdict(set)
    for ref, value in seen:
        at_once[ref].add(value)
    return different * 2 > len(seen) or any(len(values) >= _ENOUGH for values in at_once.values())
