"""Finds the observations of one record or flow without holding them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import RefEntry
from analyzer.report.document_results import ObservationEntry

_K = TypeVar("_K", bound=Hashable)


class Seen(Mapping[_K, Sequence[ObservationEntry]]):
    """The observations by what they were seen in; only where they stand is held."""

    def __init__(self, observations: Sequence[ObservationEntry], key: Callable[[ObservationEntry], _K | None]) -> None:
        self._observations = observations
        self._positions: defaultdict[_K, list[int]] = defaultdict(list)
        for position, one in enumerate(observations):
            if (place := key(one)) is not None:
                self._positions[place].append(position)

    def __getitem__(self, place: _K, /) -> Sequence[ObservationEntry]:
        if place not in self._positions:
            raise KeyError(place)
        return [self._observations[position] for position in self._positions[place]]

    def __contains__(self, place: object) -> bool:
        return place in self._positions

    def __iter__(self) -> Iterator[_K]:
        return iter(self._positions)

    def __len__(self) -> int:
        return len(self._positions)


def by_flow(document: ResultDocument) -> Seen[int]:
    """Give what was seen in each flow, by its index."""
    return Seen(document.observations, lambda one: one.flow_index)


def by_record(document: ResultDocument) -> Seen[str]:
    """Give what was seen in each record, by its place."""
    return Seen(document.observations, lambda one: place_of(one.ref))


def place_of(ref: RefEntry) -> str:
    """Write the place of a record as reports name it."""
    return f"{ref.recording}/{ref.source}/{ref.line}"
