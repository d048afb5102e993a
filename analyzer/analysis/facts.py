"""Facts: everything that a condition can ask about, placed in phase and app state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from analyzer.analysis.consent import ASKING
from analyzer.analysis.phases import Course
from analyzer.analysis.scene import PlacedMark, PlacedScreen, Scene
from analyzer.model.clock import Instant
from analyzer.model.results import Call, Claim, Observation
from analyzer.model.vocabulary import AppState, ClaimStatus, HookKind, MarkKind, Phase, ScreenKind

Subject: TypeAlias = Observation | Call | PlacedMark | PlacedScreen


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened; `run` counts the starts of the app before it, `first_of_run` is for screens.

    `policy` is what the privacy policy says of an observation, `None` without one, and how sure that is (0…1).
    """

    id: str
    recording: str
    instant: Instant
    phase: Phase
    app_state: AppState
    subject: Subject
    run: int = 0
    first_of_run: bool = False
    policy: ClaimStatus | None = None
    policy_confidence: float = 0.0

    def attribute(self, name: str) -> str:
        """Give the attribute by which facts are compared; empty where the fact has none of that name."""
        if name == "recording":
            return self.recording
        subject = self.subject
        if isinstance(subject, Observation):
            sdk = subject.sdk.id if subject.sdk else "unknown"
            host = subject.recipient.host if subject.recipient else ""
            return {"data_type": subject.data_type, "sdk": sdk, "host": host}.get(name, "")
        return ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of a session by kind, each in order; `prompts` are showings of screens."""

    observations: tuple[Fact, ...] = ()
    calls: tuple[Fact, ...] = ()
    marks: tuple[Fact, ...] = ()
    screens: tuple[Fact, ...] = ()
    prompts: tuple[Fact, ...] = ()
    kinds: tuple[int, ...] = field(init=False, repr=False, compare=False)
    samples: tuple[Fact, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the observations into `kinds` that no condition tells apart, with one of each kind in `samples`."""
        numbers: dict[tuple[object, ...], int] = {}
        samples: list[Fact] = []
        kinds = []
        for fact in self.observations:
            number = numbers.setdefault(traits(fact), len(samples))
            if number == len(samples):
                samples.append(fact)
            kinds.append(number)
        object.__setattr__(self, "kinds", tuple(kinds))
        object.__setattr__(self, "samples", tuple(samples))


def traits(fact: Fact) -> tuple[object, ...]:
    """Give everything of an observation that a condition can ask for."""
    item = fact.subject
    if not isinstance(item, Observation):
        return (fact.id,)
    sdk = item.sdk.id if item.sdk else None
    party = item.recipient.party if item.recipient else None
    place = (fact.policy, fact.policy_confidence, item.tier, item.channel, item.where, item.method, item.owner)
    return (fact.phase, fact.app_state, item.data_type, sdk, party, item.confidence, *place)


def gather_facts(
    scenes: Sequence[Scene],
    courses: Mapping[str, Course],
    calls: Sequence[Call],
    observations: Sequence[Observation],
    claims: Sequence[Claim] = (),
) -> Facts:
    """Place every observation, call, mark and screen in its phase, and what the privacy policy says beside it."""
    said = {name: (claim.status, claim.confidence) for claim in claims for name in claim.observations}
    screens = [_run_of(scene, courses[scene.recording]) for scene in scenes]
    return Facts(
        tuple(
            Fact(
                *(item.id, item.ref.recording, item.instant, item.phase, item.app_state, item),
                policy=policy,
                policy_confidence=sureness,
            )
            for item in observations
            for policy, sureness in (said.get(item.id, (None, 0.0)),)
        ),
        tuple(_placed(call, courses[call.ref.recording]) for call in calls),
        tuple(_placed(mark, courses[scene.recording]) for scene in scenes for mark in scene.marks),
        tuple(fact for facts in screens for fact in facts),
        tuple(fact for facts in screens for fact in showings(facts)),
    )


def showings(screens: Sequence[Fact]) -> tuple[Fact, ...]:
    """Keep the first of screens in a row that show the same kind in the same run and phase."""
    kept: list[Fact] = []
    for fact in screens:
        last = kept[-1] if kept else None
        if last is None or _shows(last) != _shows(fact):
            kept.append(fact)
    return tuple(kept)


def _shows(fact: Fact) -> tuple[str, int, Phase, ScreenKind | None]:
    kind = fact.subject.reading.kind if isinstance(fact.subject, PlacedScreen) else None
    return fact.recording, fact.run, fact.phase, kind


def _run_of(scene: Scene, course: Course) -> list[Fact]:
    starts = [mark.instant.at_us for mark in scene.marks_of(MarkKind.RELAUNCHED)]
    facts: list[Fact] = []
    asked: set[tuple[int, ScreenKind]] = set()
    for screen in scene.screens:
        run = sum(start <= screen.instant.at_us for start in starts)
        kind = screen.reading.kind
        shown = (run, ScreenKind.CONSENT if kind in ASKING else kind)
        facts.append(_placed(screen, course, run, shown not in asked))
        asked.add(shown)
    return facts


def _placed(subject: Call | PlacedMark | PlacedScreen, course: Course, run: int = 0, first: bool = False) -> Fact:  # noqa: FBT001, FBT002 - private
    phase, state = course.phase_at(subject.instant), course.state_at(subject.instant)
    return Fact(subject.id, subject.ref.recording, subject.instant, phase, state, subject, run, first)


def call_kind(fact: Fact, kinds: Mapping[str, HookKind]) -> HookKind | None:
    """Give the kind of the hook that a call came from."""
    return kinds.get(fact.subject.event.hook) if isinstance(fact.subject, Call) else None
