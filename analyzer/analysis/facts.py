"""Facts: everything that a condition can ask about, placed in phase and app state."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final, TypeAlias, overload

from analyzer.analysis.consent import ASKING
from analyzer.analysis.hosts import is_this_device
from analyzer.analysis.packed import Chosen
from analyzer.analysis.phases import Course
from analyzer.analysis.policy_statements import Statements
from analyzer.analysis.scene import PlacedMark, PlacedScreen, Scene
from analyzer.model.clock import Instant, Micros
from analyzer.model.results import Call, Claim, ConsentState, Flow, Observation
from analyzer.model.vocabulary import AppState, ClaimStatus, HookKind, MarkKind, Phase, ScreenKind

_PLAIN = frozenset({"http", "ws"})
_LONGEST_AHEAD: Final = 9
"""Digits of the seconds by which a clock is said to be ahead."""

Subject: TypeAlias = Observation | Call | ConsentState | PlacedMark | PlacedScreen


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened; `run` counts the starts of the app before it, `first_of_run` is for screens.

    `policy` is what the privacy policy says of an observation, `None` without one, and how sure that is (0…1);
    `cleartext` says that it was sent over a connection without encryption. `ahead_us` is by how much the clock that the
    app saw was set ahead, for marks and screens.
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
    cleartext: bool = False
    ahead_us: Micros = 0

    @property
    def told_us(self) -> Micros:
        """Give when it was by the clock that the app saw, for distances that the app can keep."""
        return self.instant.at_us + self.ahead_us

    def attribute(self, name: str) -> str:
        """Give the attribute by which facts are compared; empty where the fact has none of that name."""
        if name == "recording":
            return self.recording
        if name == "run":
            return str(self.run)
        subject = self.subject
        if isinstance(subject, Observation):
            sdk = subject.sdk.id if subject.sdk else "unknown"
            host = subject.recipient.host if subject.recipient else ""
            flow = "" if subject.flow_index is None else str(subject.flow_index)
            return {"data_type": subject.data_type, "sdk": sdk, "host": host, "flow": flow}.get(name, "")
        if isinstance(subject, ConsentState):
            return {"flow": "" if subject.flow_index is None else str(subject.flow_index)}.get(name, "")
        if isinstance(subject, PlacedMark):
            details = subject.mark.details
            return permission_group(details.get("detail", "")) if name == "permission_group" else details.get(name, "")
        return ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts of a session by kind, each in order; `prompts` are showings of screens.

    `consents` are what consent managers wrote, or requests carried, as the choice; `policy_topics`
    the topics that the policy speaks of, each with its sentence (`None` without one), all of them if `policy_whole`.
    """

    observations: Sequence[Fact] = ()
    calls: tuple[Fact, ...] = ()
    marks: tuple[Fact, ...] = ()
    screens: tuple[Fact, ...] = ()
    prompts: tuple[Fact, ...] = ()
    consents: tuple[Fact, ...] = ()
    policy_topics: Mapping[str, str] | None = None
    policy_whole: bool = True
    places: tuple[array[int], ...] = field(init=False, repr=False, compare=False)
    samples: tuple[Fact, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the observations into kinds that no condition tells apart: their `places`, and `samples`."""
        numbers: dict[tuple[object, ...], int] = {}
        samples: list[Fact] = []
        places: list[array[int]] = []
        for at, fact in enumerate(self.observations):
            number = numbers.setdefault(traits(fact), len(samples))
            if number == len(samples):
                samples.append(fact)
                places.append(array("l"))
            places[number].append(at)
        object.__setattr__(self, "places", tuple(places))
        object.__setattr__(self, "samples", tuple(samples))

    def of_kinds(self, wanted: Collection[int]) -> Sequence[Fact]:
        """Give the observations of some kinds, in order."""
        if not wanted:
            return ()
        places = [self.places[kind] for kind in wanted]
        numbers = places[0] if len(places) == 1 else array("l", sorted(chain.from_iterable(places)))
        facts = Chosen(self.observations, numbers)
        return tuple(facts) if isinstance(self.observations, tuple) else facts


@dataclass(frozen=True, slots=True)
class Observed(Sequence[Fact]):
    """The observations as facts, each made when it is read.

    `starts` are the starts of the app by recording, `plain` says of each flow that anyone could read it, and `claimed`
    what the policy says of an observation and how sure that is.
    """

    observations: Sequence[Observation]
    starts: Mapping[str, Sequence[Micros]]
    plain: bytes | bytearray
    claimed: Mapping[str, tuple[ClaimStatus, float]]

    def __len__(self) -> int:
        """Count them."""
        return len(self.observations)

    def __iter__(self) -> Iterator[Fact]:
        """Give all, in order."""
        return map(self._fact, self.observations)

    @overload
    def __getitem__(self, at: int) -> Fact: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Fact]: ...

    def __getitem__(self, at: int | slice) -> Fact | Sequence[Fact]:
        """Give one, or several."""
        found = self.observations[at]
        return self._fact(found) if isinstance(found, Observation) else tuple(map(self._fact, found))

    def _fact(self, item: Observation) -> Fact:
        policy, sureness = self.claimed.get(item.id, (None, 0.0))
        index = item.flow_index
        return Fact(
            *(item.id, item.ref.recording, item.instant, item.phase, item.app_state, item),
            run=bisect_right(self.starts.get(item.ref.recording, ()), item.instant.at_us),
            policy=policy,
            policy_confidence=sureness,
            cleartext=index is not None and self.plain[index : index + 1] == b"\1",
        )


_GROUPS: Final = {
    **dict.fromkeys(("ACCESS_FINE_LOCATION", "ACCESS_COARSE_LOCATION", "ACCESS_BACKGROUND_LOCATION"), "LOCATION"),
    **dict.fromkeys(("READ_CONTACTS", "WRITE_CONTACTS", "GET_ACCOUNTS"), "CONTACTS"),
    **dict.fromkeys(("READ_CALENDAR", "WRITE_CALENDAR"), "CALENDAR"),
    **dict.fromkeys(("READ_CALL_LOG", "WRITE_CALL_LOG", "PROCESS_OUTGOING_CALLS"), "CALL_LOG"),
    **dict.fromkeys(("READ_PHONE_STATE", "READ_PHONE_NUMBERS", "CALL_PHONE", "ANSWER_PHONE_CALLS"), "PHONE"),
    **dict.fromkeys(("SEND_SMS", "RECEIVE_SMS", "READ_SMS", "RECEIVE_WAP_PUSH", "RECEIVE_MMS"), "SMS"),
    **dict.fromkeys(("BODY_SENSORS", "BODY_SENSORS_BACKGROUND"), "SENSORS"),
    **dict.fromkeys(("BLUETOOTH_SCAN", "BLUETOOTH_CONNECT", "BLUETOOTH_ADVERTISE", "NEARBY_WIFI_DEVICES"), "NEARBY"),
    **dict.fromkeys(
        ("READ_EXTERNAL_STORAGE", "WRITE_EXTERNAL_STORAGE", "READ_MEDIA_IMAGES", "READ_MEDIA_VIDEO",
         "READ_MEDIA_VISUAL_USER_SELECTED"), "STORAGE"),
}  # fmt: skip
"""Permissions that Android asks for in one window (Manifest.permission_group, memory); others have one of their own."""


_ALONE: Final = frozenset(
    {"CAMERA", "RECORD_AUDIO", "ACTIVITY_RECOGNITION", "READ_MEDIA_AUDIO", "POST_NOTIFICATIONS", "UWB_RANGING",
     "USE_SIP", "ADD_VOICEMAIL", "ACCEPT_HANDOVER"})  # fmt: skip
"""Permissions of a group of their own that Android asks for in a window (protection level dangerous, memory)."""
_ANDROIDS: Final = "android.permission."


def opens_window(permission: str) -> bool | None:
    """Say whether Android asks the user for a permission in a window; `None` for one that is not Android's own."""
    if not permission.startswith(_ANDROIDS):
        return None
    name = permission.removeprefix(_ANDROIDS)
    return name in _GROUPS or name in _ALONE


def permission_group(permission: str) -> str:
    """Give the group that a permission is asked for with, empty for an empty name."""
    name = permission.rpartition(".")[2]
    return _GROUPS.get(name, name)


def traits(fact: Fact) -> tuple[object, ...]:
    """Give everything of an observation that a condition can ask for."""
    item = fact.subject
    if not isinstance(item, Observation):
        return (fact.id,)
    sdk = item.sdk.id if item.sdk else None
    party = item.recipient.party if item.recipient else None
    place = (
        fact.cleartext,
        fact.policy,
        fact.policy_confidence,
        item.tier,
        item.channel,
        item.where,
        item.method,
        item.owner,
    )
    return (
        fact.phase,
        fact.app_state,
        fact.policy,
        fact.policy_confidence,
        item.data_type,
        sdk,
        party,
        item.confidence,
        *place,
    )


def gather_facts(
    scenes: Sequence[Scene],
    courses: Mapping[str, Course],
    calls: Sequence[Call],
    observations: Sequence[Observation],
    claims: Sequence[Claim] = (),
    plain: bytes | bytearray = b"",
    consents: Sequence[ConsentState] = (),
    said: Statements | None = None,
) -> Facts:
    """Place every observation, call, mark and screen in its phase, and what the privacy policy says beside it.

    `plain` says of each flow, by its index, that anyone could read it (1).
    """
    claimed = {name: (claim.status, claim.confidence) for claim in claims for name in claim.observations}
    clocks = {scene.recording: clock_ahead(scene.marks) for scene in scenes}
    screens = [_run_of(scene, courses[scene.recording], clocks[scene.recording]) for scene in scenes]
    starts = {scene.recording: _starts(scene) for scene in scenes}
    observed = Observed(observations, starts, plain, claimed)
    return Facts(
        tuple(observed) if isinstance(observations, tuple) else observed,
        tuple(_placed(call, courses[call.ref.recording]) for call in calls),
        tuple(
            replace(_placed(mark, courses[scene.recording]), ahead_us=clocks[scene.recording](mark.instant.at_us))
            for scene in scenes
            for mark in scene.marks
        ),
        tuple(fact for facts in screens for fact in facts),
        tuple(fact for facts in screens for fact in showings(facts)),
        tuple(_consented(state, courses[state.ref.recording]) for state in consents),
        policy_topics=None if said is None else said.topics,
        policy_whole=said is None or said.whole,
    )


def _consented(state: ConsentState, course: Course) -> Fact:
    until = state.until or state.instant
    phase, app_state = course.phase_during(state.instant, until), course.state_during(state.instant, until)
    return Fact(state.call, state.ref.recording, state.instant, phase, app_state, state)


def is_in_the_clear(flow: Flow) -> bool:
    """Say whether anyone on the way can read a flow; what the device sends to itself goes no way."""
    return getattr(flow.opening.record, "scheme", "") in _PLAIN and not is_this_device(flow.host)


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


def _starts(scene: Scene) -> list[int]:
    """Give when the app was started again, in order."""
    return sorted(mark.instant.at_us for mark in scene.marks_of(MarkKind.RELAUNCHED))


def clock_ahead(marks: Sequence[PlacedMark]) -> Callable[[Micros], Micros]:
    """Give by how much the app's clock was set ahead at an instant; `marks` are those of one recording."""
    moved = sorted(
        (mark.instant.at_us, int(text) * 1_000_000)
        for mark in marks
        if mark.mark.kind is MarkKind.CLOCK_MOVED
        for text in (mark.mark.details.get("ahead_s", ""),)
        if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_AHEAD
    )

    def ahead(at_us: Micros) -> Micros:
        before = bisect_right(moved, at_us, key=lambda one: one[0])
        return moved[before - 1][1] if before else 0

    return ahead


def _run_of(scene: Scene, course: Course, ahead: Callable[[Micros], Micros]) -> list[Fact]:
    starts = _starts(scene)
    facts: list[Fact] = []
    asked: set[tuple[int, ScreenKind]] = set()
    for screen in scene.screens:
        run = bisect_right(starts, screen.instant.at_us)
        kind = screen.reading.kind
        shown = (run, ScreenKind.CONSENT if kind in ASKING else kind)
        fact = _placed(screen, course, run, shown not in asked)
        facts.append(replace(fact, ahead_us=ahead(screen.instant.at_us)))
        asked.add(shown)
    return facts


def _placed(subject: Call | PlacedMark | PlacedScreen, course: Course, run: int = 0, first: bool = False) -> Fact:  # noqa: FBT001, FBT002 - private
    phase, state = course.phase_at(subject.instant), course.state_at(subject.instant)
    return Fact(subject.id, subject.ref.recording, subject.instant, phase, state, subject, run, first)


def call_kind(fact: Fact, kinds: Mapping[str, HookKind]) -> HookKind | None:
    """Give the kind of the hook that a call came from."""
    return kinds.get(fact.subject.event.hook) if isinstance(fact.subject, Call) else None
