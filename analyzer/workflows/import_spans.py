"""The times that the files of an import span: files of one run lie close together, unless a clock or a zone is off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from analyzer.model.clock import Micros

_FAR: Final = 30 * 60 * 1_000_000
_DAY: Final = 24 * 60 * 60 * 1_000_000
_MINUTE: Final = 60 * 1_000_000
_HOUR: Final = 60
_ABOUT_HOURS: Final = 2


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last time in the file of that name, in microseconds UTC; 0 where it tells none."""

    name: str
    first_us: Micros
    last_us: Micros


def far_apart(spans: Sequence[Span]) -> Iterator[str]:
    """Tell of every file that begins more than half an hour after all the earlier ones have ended."""
    told = sorted((span for span in spans if span.first_us), key=lambda span: span.first_us)
    latest = told[:1]
    for before, span in pairwise(told):
        latest = [max(*latest, before, key=lambda one: one.last_us)]
        apart = span.first_us - latest[0].last_us
        if apart > _FAR:
            yield (
                f"{span.name} begins {_duration(apart)} after {latest[0].name} has ended: "
                "if both are of one run, a clock or a time zone is wrong, and the phases with it."
            )


def long_ones(spans: Sequence[Span]) -> Iterator[str]:
    """Tell of every file whose times lie more than a day apart: one wrong time moves all that count from the first."""
    for span in spans:
        length = span.last_us - span.first_us
        if span.first_us and length > _DAY:
            yield (
                f"The times in {span.name} lie {_duration(length)} apart: if that is one run, some of them are wrong, "
                "and with the first of them every time that is stated as seconds after it (+12.5)."
            )


def counted(number: int, one: str, many: str) -> str:
    """Put a number before its noun."""
    return f"{number:,} {one if number == 1 else many}"


def _duration(us: Micros) -> str:
    minutes = us // _MINUTE
    return f"{minutes} minutes" if minutes < _ABOUT_HOURS * _HOUR else f"{minutes // _HOUR:,} hours"
