"""Phases: the state of consent and of the app at every instant of a recording, from evidence only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from analyzer.analysis.choices import Choice, Witness, find_choices, ui_calls
from analyzer.analysis.consent_signals import find_signals
from analyzer.analysis.scene import PlacedMark, Scene
from analyzer.model.clock import Instant, Micros
from analyzer.model.evidence import EvidenceRef
from analyzer.model.results import Call, ConsentState, PhaseSpan
from analyzer.model.vocabulary import AppState, Control, HookKind, MarkKind, Phase, ScreenKind, Strategy

_STATES: Final = {
    MarkKind.APP_STARTED: AppState.STARTING,
    MarkKind.RELAUNCHED: AppState.STARTING,
    MarkKind.FOREGROUNDED: AppState.FOREGROUND,
    MarkKind.BACKGROUNDED: AppState.BACKGROUND,
    MarkKind.SILENCED: AppState.SILENT,
    MarkKind.APP_EXITED: AppState.SILENT,
    MarkKind.APP_CRASHED: AppState.SILENT,
}

_TOUCHED: Final = {
    Control.ACCEPT.value: Phase.ACCEPTED,
    Control.REFUSE.value: Phase.REFUSED,
    Control.QUIT.value: Phase.REFUSED,
}
_FIRST_CHOICES: Final = frozenset({Phase.ACCEPTED, Phase.REFUSED})
_CLEARED: Final = "the app's data was cleared, so no earlier choice holds"
_CLEARED_ONLY: Final = "the app's data was cleared, and nobody said what the user chose after it"
_TOUCHED_ONLY: Final = "a control that chooses was touched, and nobody said what the user had chosen by it"


@dataclass(frozen=True, slots=True)
class StateChange:
    """From `instant` on the app is in `state`."""

    instant: Instant
    state: AppState
    evidence: EvidenceRef


@dataclass(frozen=True, slots=True)
class Course:
    """How consent and app state run through one recording; answers for any instant of it.

    `states` are in order of time.
    """

    recording: str
    first: Phase
    choices: tuple[Choice, ...]
    states: tuple[StateChange, ...]
    spans: tuple[PhaseSpan, ...]
    _unsure_us: Micros = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note how unsure the instant of a choice is at most."""
        unsure = max((choice.instant.uncertainty_us for choice in self.choices), default=0)
        object.__setattr__(self, "_unsure_us", unsure)

    def phase_at(self, instant: Instant) -> Phase:
        """Give the phase at an instant; `unknown` where the clocks cannot order it against a choice."""
        around = self._unsure_us + instant.uncertainty_us
        sure = bisect_left(self.choices, instant.at_us - around, key=_chosen_at)
        unclear = bisect_right(self.choices, instant.at_us + around, key=_chosen_at)
        phase = self.choices[sure - 1].phase if sure else self.first
        for choice in self.choices[sure:unclear]:
            earlier = choice.instant.before(instant)
            if earlier is None and choice.phase is not phase:
                return Phase.UNKNOWN
            if earlier:
                phase = choice.phase
        return phase

    def phase_during(self, start: Instant, end: Instant) -> Phase:
        """Give the phase of what lasts from `start` to `end`; `unknown` where it is not the same all the time."""
        phases = {self.phase_at(start), self.phase_at(end)}
        first = bisect_right(self.choices, start.at_us, key=_chosen_at)
        last = bisect_left(self.choices, end.at_us, key=_chosen_at)
        phases |= {choice.phase for choice in self.choices[first:last]}
        return phases.pop() if len(phases) == 1 else Phase.UNKNOWN

    def state_during(self, start: Instant, end: Instant) -> AppState:
        """Give the state of the app from `start` to `end`; `unknown` where it is not the same all the time."""
        first, last = (bisect_right(self.states, instant.at_us, key=_at) for instant in (start, end))
        states = {self.state_at(start), *(change.state for change in self.states[first:last])}
        return states.pop() if len(states) == 1 else AppState.UNKNOWN

    def state_at(self, instant: Instant) -> AppState:
        """Give the state of the app at an instant; `unknown` before anything is known of it."""
        at = bisect_right(self.states, instant.at_us, key=_at)
        return self.states[at - 1].state if at else AppState.UNKNOWN


def follow(
    scenes: Sequence[Scene], calls: Sequence[Call], kinds: Mapping[str, HookKind], consents: Sequence[ConsentState] = ()
) -> dict[str, Course]:
    """Give the course of every recording by its name.

    `kinds` tells the kind of each hook of the catalog, `consents` what consent managers wrote.
    """
    courses = {}
    for scene in scenes:
        own = [call for call in calls if call.ref.recording == scene.recording]
        wrote = [state for state in consents if state.ref.recording == scene.recording]
        courses[scene.recording] = _course(scene, own, kinds, wrote)
    return courses


def _course(
    scene: Scene, calls: Sequence[Call], kinds: Mapping[str, HookKind], consents: Sequence[ConsentState]
) -> Course:
    states = _states(scene, calls, kinds)
    first, reasoning = _first_phase(scene)
    chosen = find_choices(scene, ui_calls(calls, kinds), find_signals(consents))
    choices = _tapped(scene, first, _cleared(scene, first, chosen))
    return Course(scene.recording, first, choices, states, _spans(scene, first, reasoning, choices, states))


def _cleared(scene: Scene, first: Phase, choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Add that no choice holds where the app's data was cleared after it.

    In an import that says nothing of what was chosen next, unless a mark tells: it may not tell of every choice.
    """
    found = sorted(choices, key=lambda choice: choice.instant)
    for mark in scene.marks_of(MarkKind.DATA_CLEARED):
        before = [choice.phase for choice in found if choice.instant < mark.instant]
        if (before[-1] if before else first) is not Phase.INITIAL:
            told = scene.strategy is not Strategy.IMPORT or _told_next(mark, choices) in _FIRST_CHOICES
            phase, why = (Phase.INITIAL, _CLEARED) if told else (Phase.UNKNOWN, _CLEARED_ONLY)
            found.append(Choice(mark.instant, phase, Witness.ASSERTED, (mark.ref,), why))
            found.sort(key=lambda choice: choice.instant)
    return tuple(found)


def _told_next(mark: PlacedMark, choices: Sequence[Choice]) -> Phase | None:
    later = [choice for choice in choices if choice.instant.at_us > mark.instant.at_us]
    return min(later, key=lambda choice: choice.instant.at_us).phase if later else None


def _tapped(scene: Scene, first: Phase, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Add that an import's touch on a control that chooses ends what held before, though it may have hit nothing."""
    if scene.strategy is not Strategy.IMPORT:
        return choices
    found = list(choices)
    for mark in scene.marks_of(MarkKind.TAPPED):
        wanted = _TOUCHED.get(mark.mark.details.get("control", "").casefold())
        before = [choice.phase for choice in found if choice.instant.at_us <= mark.instant.at_us]
        if wanted is not None and (before[-1] if before else first) is not wanted:
            found.append(Choice(mark.instant, Phase.UNKNOWN, Witness.ABSENCE, (mark.ref,), _TOUCHED_ONLY))
            found.sort(key=lambda choice: choice.instant)
    return tuple(found)


def _first_phase(scene: Scene) -> tuple[Phase, str]:
    if scene.strategy is Strategy.IMPORT:
        return _stated_phase(scene)
    for mark in scene.marks_of(MarkKind.RECORDING_STARTED):
        if mark.mark.details.get("keep_data") == "true":
            return Phase.UNKNOWN, "the app kept its data, so a choice of an earlier run may hold"
    return Phase.INITIAL, "nobody has chosen yet"


def _stated_phase(scene: Scene) -> tuple[Phase, str]:
    """Give the phase before the first choice of an import: what its importer stated when all of it had been read."""
    for mark in scene.marks_of(MarkKind.RECORDING_ENDED):
        if mark.mark.details.get("first_phase") == Phase.INITIAL.value:
            return Phase.INITIAL, "the importer states that nobody had chosen yet"
    return Phase.UNKNOWN, "nobody said what the user had chosen when this foreign capture was made"


def _states(scene: Scene, calls: Sequence[Call], kinds: Mapping[str, HookKind]) -> tuple[StateChange, ...]:
    found = [
        StateChange(mark.instant, _STATES[mark.mark.kind], mark.ref)
        for mark in scene.marks
        if mark.mark.kind in _STATES
    ]
    found += [
        StateChange(call.instant, AppState.FOREGROUND, call.ref)
        for call in calls
        if kinds.get(call.event.hook) is HookKind.LIFECYCLE and "onResume" in call.event.api
    ]
    return tuple(sorted([*found, *_windows(scene, found)], key=lambda change: change.instant))


def _windows(scene: Scene, known: Sequence[StateChange]) -> Iterator[StateChange]:
    """Give the screens, the first sign of its window, that were read while the app was still starting."""
    starts = {change.instant for change in known if change.state is AppState.STARTING}
    waiting = deque(sorted(change.instant for change in known))
    last: Instant | None = None
    for screen in scene.screens:
        while waiting and waiting[0].at_us <= screen.instant.at_us:
            change = waiting.popleft()
            last = change if last is None else max(last, change)
        if last is not None and last in starts and screen.reading.kind is not ScreenKind.UNREADABLE:
            yield StateChange(screen.instant, AppState.FOREGROUND, screen.ref)
            last = max(last, screen.instant)


def _chosen_at(choice: Choice) -> Micros:
    return choice.instant.at_us


def _at(change: StateChange) -> Micros:
    return change.instant.at_us


def _spans(
    scene: Scene, first: Phase, reasoning: str, choices: Sequence[Choice], states: Sequence[StateChange]
) -> tuple[PhaseSpan, ...]:
    cuts = sorted({scene.start_us, scene.end_us, *_cuts(scene, choices, states)})
    spans = []
    for start, end in pairwise(cuts):
        chosen = bisect_right(choices, start, key=_chosen_at)
        choice = choices[chosen - 1] if chosen else None
        before = bisect_right(states, start, key=_at)
        change = states[before - 1] if before else None
        refs = (*(choice.evidence if choice else ()), *((change.evidence,) if change else ()))
        spans.append(
            PhaseSpan(
                scene.recording,
                choice.phase if choice else first,
                change.state if change else AppState.UNKNOWN,
                start,
                end,
                refs,
                choice.reasoning if choice else reasoning,
            )
        )
    return tuple(spans)


def _cuts(scene: Scene, choices: Sequence[Choice], states: Sequence[StateChange]) -> list[int]:
    instants = [item.instant.at_us for item in choices] + [item.instant.at_us for item in states]
    return [at for at in instants if scene.start_us < at < scene.end_us]
