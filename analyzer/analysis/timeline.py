"""Timeline: calls, flows, marks, screens and gaps of all recordings in one order, each in a few words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from typing import Final, NamedTuple

from analyzer.analysis.packed import in_order, packed
from analyzer.analysis.phases import Course
from analyzer.analysis.scene import PlacedMark, PlacedScreen, Scene
from analyzer.model.clock import Instant
from analyzer.model.evidence import Connection, Refusal, Request
from analyzer.model.results import Call, Flow, Observation, Recipient, Sdk, SeenGap, TimelineEntry
from analyzer.model.vocabulary import AppState, Ending, FlowKind, HookKind, Phase, ScreenKind

LONGEST_TITLE: Final = 200
_TOLD: Final = frozenset({HookKind.READ, HookKind.REQUEST, HookKind.STORE, HookKind.UI, HookKind.LIFECYCLE})
_SCREENS: Final = {
    ScreenKind.ORDINARY: "ordinary screen",
    ScreenKind.NOTICE: "privacy notice",
    ScreenKind.CONSENT: "consent dialog",
    ScreenKind.RETENTION: "second consent dialog after a refusal",
    ScreenKind.RATIONALE: "explanation before a permission",
    ScreenKind.PERMISSION: "system permission window",
    ScreenKind.LOGIN_WALL: "sign-in screen with the policy",
    ScreenKind.CMP_BANNER: "consent banner with partners",
    ScreenKind.UNREADABLE: "screen that could not be read",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the timeline is written from; `callers` by call id, `recipients` by flow index, or none at all."""

    scenes: Sequence[Scene]
    courses: Mapping[str, Course]
    calls: Sequence[Call]
    flows: Sequence[Flow]
    gaps: Sequence[SeenGap]
    observations: Sequence[Observation]
    kinds: Mapping[str, HookKind]
    callers: Mapping[str, Sdk]
    recipients: Sequence[Recipient]


def write_timeline(told: Told) -> Sequence[TimelineEntry]:
    """Write one entry per call of interest, flow, mark, screen and gap, in the order of the common time.

    Calls of crypto and network hooks are left out unless they were observed to carry personal data: they are there as
    links and as coverage.
    """
    return packed(in_order(chain(_calls(told), _flows(told), _marks(told), _screens(told), _gaps(told)), _order))


class _Seen(NamedTuple):
    """What the timeline tells of an observation; `sdk` is empty where none is known."""

    where: int | str
    id: str
    data_type: str
    sdk: str


def _order(entry: TimelineEntry) -> tuple[int, str, int, int, str, str, str]:
    at = entry.instant
    return (at.at_us, at.source, at.seq, at.uncertainty_us, entry.recording, entry.kind, entry.title)


def _calls(told: Told) -> Iterator[TimelineEntry]:
    by_call: dict[str, list[_Seen]] = {}
    for item in told.observations if told.calls else ():
        if item.event_id is not None:
            by_call.setdefault(item.event_id, []).append(_Seen(item.event_id, item.id, item.data_type, ""))
    for call in told.calls:
        seen = by_call.get(call.id, [])
        if not seen and told.kinds.get(call.event.hook) not in _TOLD:
            continue
        course = told.courses[call.ref.recording]
        sdk = told.callers.get(call.id)
        yield TimelineEntry(
            call.instant,
            call.ref,
            call.ref.recording,
            "event",
            _cut(_call_title(call, told.kinds.get(call.event.hook))),
            course.phase_at(call.instant),
            course.state_at(call.instant),
            _types(seen),
            sdk.name or sdk.id if sdk else "",
            observations=tuple(item.id for item in seen),
        )


def _call_title(call: Call, kind: HookKind | None) -> str:
    name = ".".join(call.event.api.partition("(")[0].rsplit(".", 2)[-2:])
    verb = {HookKind.READ: "calls", HookKind.REQUEST: "asks through", HookKind.STORE: "stores through"}.get(
        kind or HookKind.READ, "calls"
    )
    failed = f", which threw {call.event.exception.partition(':')[0]}" if call.event.ending is Ending.THREW else ""
    return f"{verb} {name}{failed}"


def _flows(told: Told) -> Iterator[TimelineEntry]:
    by_flow = groupby(in_order(_on_network(told.observations), itemgetter(0)), itemgetter(0))
    index, found = next(by_flow, (None, iter(())))
    for flow in told.flows:
        seen: list[_Seen] = []
        if flow.index == index:
            seen = list(found)
            index, found = next(by_flow, (None, iter(())))
        course = told.courses[flow.ref.recording]
        recipient = told.recipients[flow.index] if told.recipients else None
        yield TimelineEntry(
            flow.instant,
            flow.ref,
            flow.ref.recording,
            "flow",
            _cut(_flow_title(flow)),
            course.phase_at(flow.instant),
            course.state_at(flow.instant),
            _types(seen),
            next((item.sdk for item in seen if item.sdk), ""),
            (recipient.company or recipient.host) if recipient else flow.host,
            tuple(item.id for item in seen),
        )


def _on_network(observations: Iterable[Observation]) -> Iterator[_Seen]:
    for item in observations:
        if item.flow_index is not None:
            yield _Seen(item.flow_index, item.id, item.data_type, item.sdk.name or item.sdk.id if item.sdk else "")


def _flow_title(flow: Flow) -> str:
    return f"{_plain_title(flow)}, read inside the app" if flow.tapped else _plain_title(flow)


def _plain_title(flow: Flow) -> str:
    opening = flow.opening.record
    if isinstance(opening, Refusal):
        return f"TLS handshake with {flow.host} broken off, nothing was read"
    if isinstance(opening, Connection):
        return f"{flow.kind.value} connection to {flow.host}:{flow.port}, {len(flow.messages)} messages"
    return _request_title(flow, opening)


def _request_title(flow: Flow, request: Request) -> str:
    path = request.target.partition("?")[0]
    answer = f" → {flow.response.record.status}" if flow.response else ", no answer"
    socket = f", {len(flow.messages)} WebSocket messages" if flow.kind is FlowKind.WEBSOCKET else ""
    return f"{request.method} {flow.host}{path}{answer}{socket}"


def _marks(told: Told) -> Iterator[TimelineEntry]:
    for scene in told.scenes:
        for mark in scene.marks:
            yield _noted(mark, told.courses[scene.recording], "mark", _mark_title(mark))


def _mark_title(mark: PlacedMark) -> str:
    details = ", ".join(f"{name} {value}" for name, value in sorted(mark.mark.details.items()) if value)
    return mark.mark.kind.value.replace("_", " ") + (f" ({details})" if details else "")


def _screens(told: Told) -> Iterator[TimelineEntry]:
    for scene in told.scenes:
        for screen in scene.screens:
            where = f" of {screen.screen.package}" if screen.screen.package else ""
            title = _SCREENS[screen.reading.kind] + where
            yield _noted(screen, told.courses[scene.recording], "screen", title)


def _noted(item: PlacedMark | PlacedScreen, course: Course, kind: str, title: str) -> TimelineEntry:
    phase, state = course.phase_at(item.instant), course.state_at(item.instant)
    return TimelineEntry(item.instant, item.ref, item.ref.recording, kind, _cut(title), phase, state)


def _gaps(told: Told) -> Iterator[TimelineEntry]:
    for number, gap in enumerate(told.gaps):
        course = told.courses.get(gap.recording)
        instant = Instant(gap.at_us, "gaps", number)
        phase = course.phase_at(instant) if course else Phase.UNKNOWN
        state = course.state_at(instant) if course else AppState.UNKNOWN
        what = f"{gap.kind.replace('_', ' ')} {gap.subject}".strip()
        title = f"not seen: {what}: {gap.why}"
        yield TimelineEntry(instant, gap.ref, gap.recording, "gap", _cut(title), phase, state)


def _types(seen: Sequence[_Seen]) -> tuple[str, ...]:
    return tuple(sorted({item.data_type for item in seen}))


def _cut(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"
