"""Scenes: what the recorder noted and looked at in one recording, on the common timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzer.analysis.consent import ScreenReading, recognise
from analyzer.analysis.placement import Placement
from analyzer.model.clock import Instant, Micros
from analyzer.model.evidence import BlobReader, EvidenceRef, Mark, Recording, Screen, Session
from analyzer.model.vocabulary import MarkKind, ScreenKind, Source, Strategy
from analyzer.packs.consent_phrases import Phrases


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark on the common timeline; `id` is `<recording>/marks/<line>`."""

    id: str
    ref: EvidenceRef
    instant: Instant
    mark: Mark


@dataclass(frozen=True, slots=True)
class PlacedScreen:
    """A screen on the common timeline and what it shows; `id` is `<recording>/screens/<line>`."""

    id: str
    ref: EvidenceRef
    instant: Instant
    screen: Screen
    reading: ScreenReading


@dataclass(frozen=True, slots=True)
class Scene:
    """The marks and screens of one recording in order; `start_us` and `end_us` are its bounds in common time."""

    recording: str
    strategy: Strategy
    marks: tuple[PlacedMark, ...]
    screens: tuple[PlacedScreen, ...]
    start_us: Micros
    end_us: Micros

    def marks_of(self, *kinds: MarkKind) -> tuple[PlacedMark, ...]:
        """Give the marks of some kinds, in order."""
        return tuple(mark for mark in self.marks if mark.mark.kind in kinds)


def set_scenes(
    session: Session, places: Mapping[str, Placement], phrases: Phrases, read_blob: BlobReader
) -> tuple[Scene, ...]:
    """Place and read the marks and screens of every recording, in the order of the session."""
    return tuple(_scene(recording, places[recording.name], phrases, read_blob) for recording in session.recordings)


def _scene(recording: Recording, place: Placement, phrases: Phrases, read_blob: BlobReader) -> Scene:
    marks = [
        PlacedMark(f"{recording.name}/marks/{line.number}", ref, place.instant(line.record), line.record)
        for line in recording.marks
        if isinstance(line.record, Mark)
        for ref in (EvidenceRef(recording.name, Source.MARKS, line.number),)
    ]
    screens = [
        PlacedScreen(
            f"{recording.name}/screens/{line.number}",
            EvidenceRef(recording.name, Source.SCREENS, line.number),
            place.instant(line.record),
            line.record,
            read_screen(recording.name, line.record, phrases, read_blob),
        )
        for line in recording.screens
    ]
    start, end = _bounds(recording, place, marks)
    return Scene(
        recording.name,
        recording.strategy,
        tuple(sorted(marks, key=lambda item: item.instant)),
        tuple(sorted(screens, key=lambda item: item.instant)),
        start,
        end,
    )


def read_screen(recording: str, screen: Screen, phrases: Phrases, read_blob: BlobReader) -> ScreenReading:
    """Recognise a recorded screen; a missing or unreadable hierarchy gives the kind `unreadable`."""
    if screen.hierarchy is None or not screen.readable:
        return ScreenReading(ScreenKind.UNREADABLE, (), "the hierarchy was empty or unreadable when it was recorded")
    try:
        data = read_blob(recording, screen.hierarchy)
    except KeyError:
        return ScreenReading(ScreenKind.UNREADABLE, (), "the recorded hierarchy is missing or was altered")
    return recognise(data.decode("utf-8", "replace"), phrases)


def _bounds(recording: Recording, place: Placement, marks: Sequence[PlacedMark]) -> tuple[Micros, Micros]:
    started = [mark.instant.at_us for mark in marks if mark.mark.kind is MarkKind.RECORDING_STARTED]
    ended = [mark.instant.at_us for mark in marks if mark.mark.kind is MarkKind.RECORDING_ENDED]
    stamps = [
        place.at(line.record.stamp)
        for lines in (recording.events, recording.flows, recording.marks, recording.screens)
        for line in lines
    ]
    everything = (*started, *ended, *stamps) or (0,)
    return min(everything), max(everything) + 1
