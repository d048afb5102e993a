"""What the importer of a capture states of the user's choice, and the marks that become of it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Final

from analyzer.codec.foreign import stamp
from analyzer.codec.foreign_times import moment
from analyzer.model.clock import Micros
from analyzer.model.evidence import Mark
from analyzer.model.vocabulary import MarkKind, Phase
from analyzer.packs.stated_marks import StatedMark, load_marks
from analyzer.report.instants import rfc3339
from analyzer.workflows.home import UsageProblem

IMPORTER: Final = "importer"
"""The `source` of the marks and gaps that an import itself writes."""

_RELATIVE: Final = re.compile(r"\+(\d{1,9}(?:\.\d{1,9})?)")
_ZONED: Final = re.compile(r"(?:[Zz]|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)\s*$")
_MILLION: Final = 1_000_000
_DAY_US: Final = 86_400 * _MILLION
_FIRST_ANDROID_US: Final = 1_222_128_000 * _MILLION
"""The 23rd of September 2008."""
_AHEAD_US: Final = 366 * _DAY_US
"""So far may the clock of a device be set ahead, and a relative time lie behind the first record."""
_CHOICES: Final = frozenset({MarkKind.ACCEPTED, MarkKind.REFUSED, MarkKind.WITHDRAWN})
_BOUNDS: Final = frozenset({MarkKind.RECORDING_STARTED, MarkKind.RECORDING_ENDED})


@dataclass(frozen=True, slots=True)
class Moment:
    """A stated time: microseconds UTC, or after the first record; `zoned` is false where UTC had to be assumed."""

    text: str
    us: Micros
    relative: bool = False
    zoned: bool = True

    def at(self, first_us: Micros) -> Micros:
        """Give the time in microseconds UTC."""
        return first_us + self.us if self.relative else self.us


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated: the marks in the order given, and whether nobody had chosen before them."""

    marks: tuple[tuple[StatedMark, Moment], ...] = ()
    no_consent: bool = False

    def first_phase(self, found: Iterable[Mark] = (), first_us: Micros = 0) -> Phase:
        """Give the phase before the earliest choice; a dialog, a touch and cleared data tell of none.

        `found` are marks that the captures brought themselves, `first_us` is the time of the first record.
        """
        timed: list[tuple[Micros, Mark | StatedMark]] = [(mark.stamp.wall_us, mark) for mark in found]
        timed += [(at.at(first_us), mark) for mark, at in self.marks]
        stated = [mark for _, mark in sorted(timed, key=itemgetter(0))]
        if any(mark.details.get("keep_data") == "true" for mark in stated):
            return Phase.UNKNOWN
        kinds = [mark.kind for mark in stated]
        chosen = next((kind for kind in kinds if kind in _CHOICES), None)
        fresh = chosen in {MarkKind.ACCEPTED, MarkKind.REFUSED}
        return Phase.INITIAL if self.no_consent or fresh else Phase.UNKNOWN

    def contradiction(self, found: Iterable[Mark]) -> str:
        """Say which of the marks that the captures brought tells of a choice where none is stated; else nothing."""
        chosen = next((mark for mark in found if self.no_consent and mark.kind in _CHOICES), None)
        if chosen is None:
            return ""
        what = f"{chosen.kind.value} at {rfc3339(chosen.stamp.wall_us)}"
        return (
            f"--no-consent says that nobody chose anything, but a mark in {chosen.source} says {what}: leave one out."
        )

    def records(self, first_us: Micros) -> list[Mark]:
        """Give the stated marks as evidence; `first_us` is the time of the first record."""
        return [
            Mark(number, IMPORTER, stamp(at.at(first_us)), mark.kind, dict(mark.details))
            for number, (mark, at) in enumerate(self.marks, 1)
            if mark.kind not in _BOUNDS
        ]

    def words(self) -> str:
        """Say what is stated, for the manifest and for people."""
        if self.no_consent:
            return "nobody chose anything while this was captured"
        told = [f"{mark.kind.value} at {at.text}" for mark, at in self.marks if mark.kind in _CHOICES]
        others = len(self.marks) - len(told)
        words = [*told, *([f"{others} other marks"] if others else [])]
        return ", ".join(words) or "nothing of the user's choice beyond what the files say"


def state(marks: Path | None, accepted_at: str, refused_at: str, *, no_consent: bool) -> Statement:
    """Check what the importer states; raises `UsageProblem` for times that are none and for several statements."""
    given = [name for name, there in (
        ("--marks", marks is not None), ("--accepted-at", bool(accepted_at)), ("--refused-at", bool(refused_at)),
        ("--no-consent", no_consent),
    ) if there]  # fmt: skip
    if len(given) > 1:
        raise UsageProblem(f"{' and '.join(given)} do not go together: write several choices into one --marks file.")
    if marks is not None:
        stated = load_marks(marks)
    elif accepted_at:
        stated = (StatedMark(MarkKind.ACCEPTED, accepted_at),)
    elif refused_at:
        stated = (StatedMark(MarkKind.REFUSED, refused_at),)
    else:
        stated = ()
    return Statement(tuple((mark, read_moment(mark.time)) for mark in stated), no_consent)


def read_moment(text: str) -> Moment:
    """Read a time: ISO 8601 (UTC where no zone is given), a number since the epoch, or `+12.5` after the first record.

    Raises `UsageProblem`.
    """
    relative = _RELATIVE.fullmatch(text.strip())
    at = int(Decimal(relative[1]) * _MILLION) if relative else moment(text)
    if at is None:
        raise UsageProblem(
            f"{text!r:.60} is no time: write 2026-01-31T12:00:05+08:00, seconds since the epoch, or +12.5 (seconds "
            "after the first record)."
        )
    if relative:
        if at > _AHEAD_US:
            raise UsageProblem(f"{text!r:.60} cannot be meant: it lies more than a year after the first record.")
        return Moment(text, at, relative=True)
    if not _FIRST_ANDROID_US <= at <= time.time_ns() // 1000 + _AHEAD_US:
        raise UsageProblem(
            f"{text!r:.60} cannot be meant: it stands for {rfc3339(at)}, before the first Android or more than a "
            "year ahead."
        )
    number = text.strip().replace(".", "", 1).isdigit()
    return Moment(text, at, zoned=number or _ZONED.search(text) is not None)
