"""A sighting: personal data seen in the leaves of a flow, before it is known who sent it to whom."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.analysis.decode import Leaf
from analyzer.model.vocabulary import Method


@dataclass(frozen=True, slots=True)
class Sighting:
    """One value of one data type at one place.

    `leaves` are those that hold it. `origins` are ids of calls that returned it before, nearest first; `via` are the
    crypto calls that made the bytes before, nearest first, where only such a call explains them.
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
