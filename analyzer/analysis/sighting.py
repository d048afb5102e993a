"""A sighting: personal data seen in the leaves of a flow, before it is known who sent it to whom."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.analysis.decode import Leaf
from analyzer.model.vocabulary import Method


@dataclass(frozen=True, slots=True)
class Sighting:
    """One value of one data type at one place.

    `leaves` are those that hold it. `origins` are ids of calls that returned it before, nearest first; `via` are the
    crypto calls that made the bytes before, nearest first, where only such a call explains them. `inner` are the steps
    from the leaf on to the value itself: digests and other forms, which no decoder undoes.
    """

    data_type: str
    path: str
    leaves: tuple[Leaf, ...]
    encodings: tuple[str, ...]
    value: str
    method: Method
    confidence: float
    reasoning: str
    origins: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    inner: tuple[str, ...] = ()

    def steps(self) -> tuple[str, ...]:
        """Give every step from the part of the record to the value, from the outside in.

        Where several leaves hold it (a latitude and a longitude), the way ends at the container of them all.
        """
        return (*_way(self.leaves[0].steps, self.path), *self.inner) if self.leaves else self.inner


def _way(steps: tuple[str, ...], path: str) -> tuple[str, ...]:
    way: list[str] = []
    for step in steps:
        if ":" not in step:
            way.append(step)
        elif path.startswith(step):
            way.append(step)
            path = path.removeprefix(step).removeprefix(">")
        else:
            return (*way, path) if path and step.startswith(path) else tuple(way)
    return tuple(way)
