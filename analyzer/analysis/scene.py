"""Scenes: what the recorder noted and looked at in one recording, on the common timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from analyzer.analysis.consent import ASKING, ScreenReading, recognise, second_layer
from analyzer.analysis.designs import NOT_MEASURED, Design, measure
from analyzer.analysis.pictures import Picture, read_picture
from analyzer.analysis.placement import Placement, flow_stamps
from analyzer.analysis.policy_page import PolicyPage, describe_page
from analyzer.analysis.screens import UnreadableHierarchy, read_hierarchy
from analyzer.model.clock import Instant, Micros
from analyzer.model.evidence import BlobReader, EvidenceRef, HookState, Mark, Recording, Screen, Session
from analyzer.model.vocabulary import Control, HookStatus, MarkKind, ScreenKind, Source, Strategy
from analyzer.packs.consent_phrases import Phrases

LAYER_US: Final = 3_000_000
"""A second layer comes up at once; between it and the refusal the screen below may be seen for a moment."""

STARTS: Final = (MarkKind.APP_STARTED, MarkKind.RELAUNCHED)
"""The marks after which a dialog belongs to a new run of the app."""
_TOUCHES: Final = frozenset({"ui.touch", "ui.touch_dialog"})
"""The hooks that tell of touches."""


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
    design: Design = NOT_MEASURED
    page: PolicyPage | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """The marks and screens of one recording in order; `start_us` and `end_us` are its bounds in common time.

    `touches_told`: the hooks that tell of touches were armed, so that a click without one is the app's own.
    """

    recording: str
    strategy: Strategy
    marks: tuple[PlacedMark, ...]
    screens: tuple[PlacedScreen, ...]
    start_us: Micros
    end_us: Micros
    touches_told: bool = False

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
        _place_screen(recording.name, line.number, place.instant(line.record), line.record, phrases, read_blob)
        for line in recording.screens
    ]
    start, end = _bounds(recording, place, marks)
    marks.sort(key=lambda item: item.instant)
    screens.sort(key=lambda item: item.instant)
    return Scene(
        recording.name,
        recording.strategy,
        tuple(marks),
        _with_pages(recording.name, _with_layers(screens, marks, phrases), marks, read_blob),
        start,
        end,
        any(_tells_touches(line.record) for line in recording.events),
    )


def _tells_touches(record: object) -> bool:
    return isinstance(record, HookState) and record.hook in _TOUCHES and record.status is HookStatus.ARMED


def _with_pages(
    recording: str, screens: Sequence[PlacedScreen], marks: Sequence[PlacedMark], read_blob: BlobReader
) -> tuple[PlacedScreen, ...]:
    """Describe the screen on which each walk to the privacy policy arrived: the last one before its mark."""
    arrived = {
        before[-1].id
        for mark in marks
        if mark.mark.kind is MarkKind.POLICY_REACHED
        and (before := [screen for screen in screens if screen.instant.at_us <= mark.instant.at_us])
    }
    return tuple(
        replace(screen, page=_page(recording, screen, read_blob)) if screen.id in arrived else screen
        for screen in screens
    )


def _page(recording: str, screen: PlacedScreen, read_blob: BlobReader) -> PolicyPage:
    picture = _picture_of(recording, screen, read_blob)
    return describe_page(screen.reading, picture, _lines(recording, screen.screen, read_blob))


def _lines(recording: str, screen: Screen, read_blob: BlobReader) -> tuple[str, ...]:
    """Give the lines of a screen as its views hold them; none of one that cannot be read."""
    if screen.hierarchy is None:
        return ()
    try:
        nodes = read_hierarchy(read_blob(recording, screen.hierarchy).decode("utf-8", "replace"))
    except (KeyError, UnreadableHierarchy):
        return ()
    return tuple(line.strip() for node in nodes for line in node.label.splitlines() if line.strip())


def _picture_of(recording: str, screen: PlacedScreen, read_blob: BlobReader) -> Callable[[], Picture | None]:
    return lambda: _picture(recording, screen.screen, screen.reading, read_blob)


def read_screen(recording: str, screen: Screen, phrases: Phrases, read_blob: BlobReader) -> ScreenReading:
    """Recognise a recorded screen; a missing or unreadable hierarchy gives the kind `unreadable`."""
    if screen.hierarchy is None or not screen.readable:
        return ScreenReading(ScreenKind.UNREADABLE, (), "the hierarchy was empty or unreadable when it was recorded")
    try:
        data = read_blob(recording, screen.hierarchy)
    except KeyError:
        return ScreenReading(ScreenKind.UNREADABLE, (), "the recorded hierarchy is missing or was altered")
    return recognise(data.decode("utf-8", "replace"), phrases)


def _place_screen(
    recording: str, number: int, instant: Instant, screen: Screen, phrases: Phrases, read_blob: BlobReader
) -> PlacedScreen:
    reading = read_screen(recording, screen, phrases, read_blob)
    design = measure(reading, lambda: _picture(recording, screen, reading, read_blob))
    ref = EvidenceRef(recording, Source.SCREENS, number)
    return PlacedScreen(f"{recording}/screens/{number}", ref, instant, screen, reading, design)


def _picture(recording: str, screen: Screen, reading: ScreenReading, read_blob: BlobReader) -> Picture | None:
    if screen.screenshot is None:
        return None
    try:
        return read_picture(read_blob(recording, screen.screenshot), reading.size)
    except KeyError:
        return None


def point_of(tap: PlacedMark) -> tuple[int, int] | None:
    """Give the point of a touch in pixels, `None` where the mark names none."""
    try:
        return int(tap.mark.details["x"]), int(tap.mark.details["y"])
    except (KeyError, ValueError):
        return None


def same_dialog(one: ScreenReading, other: ScreenReading) -> bool:
    """Say whether two screens show the same text; a running countdown makes no difference."""
    return _without_digits(one.text) == _without_digits(other.text)


def _without_digits(text: str) -> str:
    return "".join(character for character in text if not character.isdigit())


def _with_layers(
    screens: Sequence[PlacedScreen], marks: Sequence[PlacedMark], phrases: Phrases
) -> tuple[PlacedScreen, ...]:
    """Read a screen that came up upon a refusal as a possible second layer of it."""
    found: list[PlacedScreen] = []
    refused: tuple[Micros, ScreenReading] | None = None
    for screen in screens:
        refused = _refused(found[-1], screen, marks, refused) if found else None
        if refused is not None and not same_dialog(refused[1], screen.reading):
            screen = replace(screen, reading=second_layer(screen.reading, phrases))  # noqa: PLW2901 - read anew
            layer = screen.reading.kind is ScreenKind.RETENTION
            passing = screen.reading.kind is ScreenKind.UNREADABLE or screen.instant.at_us - refused[0] <= LAYER_US
            refused = refused if passing and not layer else None
        found.append(screen)
    return tuple(found)


def _refused(
    shown: PlacedScreen, screen: PlacedScreen, marks: Sequence[PlacedMark], refused: tuple[Micros, ScreenReading] | None
) -> tuple[Micros, ScreenReading] | None:
    """Give when and on what the last refusal before a screen was touched, if the app was not started since."""
    for mark in marks:
        if shown.instant.at_us <= mark.instant.at_us < screen.instant.at_us:
            if mark.mark.kind in STARTS:
                refused = None
            elif mark.mark.kind is MarkKind.REFUSED or _touches_refusal(mark, shown.reading):
                refused = (mark.instant.at_us, shown.reading)
    return refused


def _touches_refusal(mark: PlacedMark, reading: ScreenReading) -> bool:
    point = point_of(mark) if mark.mark.kind is MarkKind.TAPPED and reading.kind in ASKING else None
    control = None if point is None else reading.at(*point)
    return control is not None and control.control in {Control.REFUSE, Control.QUIT, Control.CLOSE}


def _bounds(recording: Recording, place: Placement, marks: Sequence[PlacedMark]) -> tuple[Micros, Micros]:
    started = [mark.instant.at_us for mark in marks if mark.mark.kind is MarkKind.RECORDING_STARTED]
    ended = [mark.instant.at_us for mark in marks if mark.mark.kind is MarkKind.RECORDING_ENDED]
    stamps = [
        place.at(line.record.stamp)
        for lines in (recording.events, recording.marks, recording.screens)
        for line in lines
    ]
    stamps += map(place.at, flow_stamps(recording))
    everything = (*started, *ended, *stamps) or (0,)
    return min(everything), max(everything) + 1
