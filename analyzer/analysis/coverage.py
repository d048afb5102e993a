"""Coverage: what could be seen and what could not, from the gaps, the hooks' answers and the refused connections."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from analyzer.analysis.placement import Placement, flow_stamps
from analyzer.analysis.scene import Scene
from analyzer.model.evidence import Event, EvidenceRef, Gap, HookState, Mark, Recording, Refusal, Session
from analyzer.model.results import Call, Coverage, Flow, HookCoverage, ProcessCoverage, SeenGap
from analyzer.model.said_of_traffic import DISCONNECTED, ENDED_WITHIN_US, PROCESS_ENDS
from analyzer.model.vocabulary import (
    PASSED,
    FlowKind,
    GapKind,
    HookStatus,
    MarkKind,
    Owner,
    ScreenKind,
    Source,
    Strategy,
)
from analyzer.packs.catalog_entries import Catalog, Hook

_WRAPPED: Final = re.compile(r"OpenSSL Error\(\[\('[^']{0,100}', '[^']{0,100}', '([^']{1,200})'\)\]\)")
_CUT: Final = (
    "a process of the app ended when this TLS handshake with the proxy did, unfinished: whether it would have trusted "
    "the proxy is not known, and this traffic was not read"
)
_LONGEST_PID: Final = 10
_WEIGHT: Final = (HookStatus.CLASS_ABSENT, HookStatus.OVERLOAD_ABSENT, HookStatus.ARMED, HookStatus.FAILED)
"""The answer of several processes together: a failure in one counts, an absence only if it is everywhere."""


def collect_gaps(
    session: Session,
    places: Mapping[str, Placement],
    flows: Sequence[Flow],
    catalog: Catalog,
    derived: Iterable[SeenGap] = (),
    opened: Sequence[Flow] = (),
) -> tuple[SeenGap, ...]:
    """Give every gap in order, numbered `g1`…: recorded ones, and those that follow from the evidence.

    `opened` are the connections that the proxy passed on unread and that were read inside the app.
    """
    unread = [flow for flow in flows if is_unread(flow)]
    found = [
        gap
        for recording in session.recordings
        for gap in _recorded(recording, places[recording.name])
        if not _lifted(gap, opened, unread)
    ]
    level = _promised_level(session)
    for recording in session.recordings:
        found += _unarmed(recording, places[recording.name], catalog, level, found)
        found += _unanswered(recording, places[recording.name], catalog)
        found += _unfinished(recording, places[recording.name])
    unread = [flow for flow in unread if flow.owner is not Owner.OTHER]
    where = {flow.ref.recording for flow in unread}
    named = {one.name: one for one in session.recordings if one.name in where}
    last = {name: _last_us(one, places[name]) for name, one in named.items()}
    ends = {name: _process_ends(one, places[name]) for name, one in named.items()}
    passed = {(gap.recording, gap.subject) for gap in found if gap.why == PASSED}  # one gap tells of them all
    left = (flow for flow in unread if (flow.ref.recording, flow.host) not in passed or flow.kind is not FlowKind.TLS)
    found += [_refused(flow, last[flow.ref.recording], ends[flow.ref.recording]) for flow in left]
    found += derived
    found.sort(key=lambda gap: (gap.recording, gap.at_us, gap.kind, gap.subject, gap.why))
    return tuple(replace(gap, id=f"g{number}") for number, gap in enumerate(found, 1))


def cover(
    session: Session,
    places: Mapping[str, Placement],
    scenes: Sequence[Scene],
    calls: Sequence[Call],
    unread: Sequence[Flow],
    read: int,
    opened: int = 0,
) -> Coverage:
    """Sum up what could be seen: hooks per recording, connections read and unread, screens, processes.

    `opened` counts the connections that were passed on unread and read inside the app.
    """
    hits: dict[tuple[str, str], int] = {}
    for call in calls:
        key = (call.ref.recording, call.event.hook)
        hits[key] = hits.get(key, 0) + 1
    screens = [screen for scene in scenes for screen in scene.screens]
    unreadable = sum(screen.reading.kind is ScreenKind.UNREADABLE for screen in screens)
    return Coverage(
        tuple(hook for recording in session.recordings for hook in _hooks(recording, hits)),
        read,
        len(unread),
        tuple(sorted({flow.host for flow in unread})),
        opened,
        len(screens) - unreadable,
        unreadable,
        tuple(one for recording in session.recordings for one in _processes(recording, places[recording.name])),
    )


def _processes(recording: Recording, place: Placement) -> Iterable[ProcessCoverage]:
    """Measure from the start of each process to its first hook that is in place; pids may come again."""
    armed = [(state.process, place.at(state.stamp)) for state in _armed(recording)]
    begun = [mark for _, mark in recording.marks if isinstance(mark, Mark) and mark.kind is MarkKind.PROCESS_STARTED]
    starts = [
        (_number(mark.details.get("pid", "")), mark.details.get("detail", ""), place.at(mark.stamp)) for mark in begun
    ]
    for number, (pid, name, at_us) in enumerate(starts):
        again = min((later for other, _, later in starts[number + 1 :] if other == pid), default=None)
        first = min((
            at for process, at in armed if process.pid == pid and at >= at_us and (again is None or at < again)
        ), default=None)  # fmt: skip
        yield ProcessCoverage(recording.name, name, pid, None if first is None else first - at_us)


def _number(text: str) -> int:
    """Read the number of a process, which in an import anybody wrote."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_PID else 0


def _armed(recording: Recording) -> Iterable[HookState]:
    return (state for _, state in recording.events if isinstance(state, HookState) and state.status is HookStatus.ARMED)


def _recorded(recording: Recording, place: Placement) -> list[SeenGap]:
    return [
        SeenGap(
            "",
            _place_of(recording, number, gap),
            recording.name,
            gap.kind,
            gap.subject,
            gap.why,
            place.at(gap.stamp),
            None if gap.until is None else place.at(gap.until),
        )
        for number, gap in recording.gaps
    ]


def _place_of(recording: Recording, number: int, gap: Gap) -> EvidenceRef:
    """Give the record of a gap; one that reading made names the file and line that it stands for."""
    if number:
        return EvidenceRef(recording.name, Source.GAPS, number)
    return EvidenceRef(recording.name, Source(gap.subject.partition(".")[0]), gap.seq)


def _unarmed(
    recording: Recording, place: Placement, catalog: Catalog, level: int, known: Sequence[SeenGap]
) -> list[SeenGap]:
    """Give a gap for every hook that the agent could not arm.

    A class or a method that this device does not have is no gap: nothing can call what is not there. It is one where
    the catalog says that this API level has the method, because then only our own lookup failed.
    """
    told = {gap.subject for gap in known if gap.kind == GapKind.HOOK_NOT_ARMED and gap.recording == recording.name}
    found = []
    for (hook, process), (number, state) in _answers(recording).items():
        expected = _expected(catalog.hook(hook), level)
        missing = state.status is HookStatus.FAILED or (state.status is HookStatus.OVERLOAD_ABSENT and expected)
        if missing and hook not in told:
            ref = EvidenceRef(recording.name, Source.EVENTS, number)
            why = f"{state.status.value} in {process}: {state.detail}".rstrip(": ")
            at_us = place.at(state.stamp)
            found.append(SeenGap("", ref, recording.name, GapKind.HOOK_NOT_ARMED, hook, why, at_us))
    return found


def _unanswered(recording: Recording, place: Placement, catalog: Catalog) -> list[SeenGap]:
    """Give a gap for every process in which fewer hooks answered than in the process that answered best.

    One in which native hooks alone answered is a gap by itself: the agent never reached the app's Java code.
    """
    answered: dict[tuple[int, str], set[str]] = {}
    first: dict[tuple[int, str], tuple[int, Event | HookState]] = {}
    for number, record in recording.events:
        if isinstance(record, Event | HookState):
            key = (record.process.pid, record.process.name)
            first.setdefault(key, (number, record))
            hooks = answered.setdefault(key, set())
            if isinstance(record, HookState):
                hooks.add(record.hook)
    most = max((len(hooks) for hooks in answered.values()), default=0)
    found = []
    for (pid, name), (number, record) in first.items():
        count = len(answered[pid, name])
        deaf = count > 0 and all(_is_native(catalog.hook(hook)) for hook in answered[pid, name])
        if count < most or deaf:
            ref = EvidenceRef(recording.name, Source.EVENTS, number)
            why = (
                "no Java hook answered in this process"
                if deaf
                else f"only {count} of {most} hooks answered in this process"
            )
            found.append(SeenGap("", ref, recording.name, GapKind.AGENT_LATE, name, why, place.at(record.stamp)))
    return found


def _is_native(hook: Hook | None) -> bool:
    return hook is not None and bool(hook.target.export)


def _unfinished(recording: Recording, place: Placement) -> list[SeenGap]:
    """Give a gap for a recording whose recorder was killed: it wrote no end, and its last moments may be missing."""
    kinds = {mark.kind for _, mark in recording.marks if isinstance(mark, Mark)}
    begun = MarkKind.RECORDING_STARTED in kinds or recording.strategy is Strategy.IMPORT
    if not begun or MarkKind.RECORDING_ENDED in kinds:
        return []
    ref = EvidenceRef(recording.name, Source.MARKS, recording.marks[-1].number) if recording.marks else None
    last_us = _last_us(recording, place)
    why = "the recording has no end: the recorder was killed, and what it had not written yet is missing"
    return [SeenGap("", ref, recording.name, GapKind.INTERRUPTED, "recording", why, last_us)]


def _last_us(recording: Recording, place: Placement) -> int:
    lines = (*recording.marks, *recording.events, *recording.screens)
    return max(map(place.at, chain((line.record.stamp for line in lines), flow_stamps(recording))), default=0)


def _promised_level(session: Session) -> int:
    """The lab device simulates a part of its API level only: what it does not have, no app on it can call."""
    device = session.info.device
    return 0 if device.kind == "lab" else device.api_level


def _expected(hook: Hook | None, level: int) -> bool:
    if hook is None or hook.level == (0, 0) or level == 0:
        return False
    return hook.level[0] <= level <= hook.level[1]


def _answers(recording: Recording) -> dict[tuple[str, str], tuple[int, HookState]]:
    """Give the last answer per hook and process: a class may be loaded late and armed then."""
    return {
        (line.record.hook, line.record.process.name): (line.number, line.record)
        for line in recording.events
        if isinstance(line.record, HookState)
    }


def _hooks(recording: Recording, hits: Mapping[tuple[str, str], int]) -> list[HookCoverage]:
    by_hook: dict[str, list[HookState]] = {}
    for (hook, _), (_, state) in sorted(_answers(recording).items()):
        by_hook.setdefault(hook, []).append(state)
    covered = []
    for hook, states in by_hook.items():
        worst = max(states, key=lambda state: _WEIGHT.index(state.status))
        processes = tuple(sorted({state.process.name for state in states if state.status is worst.status}))
        proven = hits.get((recording.name, hook), 0)
        covered.append(HookCoverage(recording.name, hook, worst.status, processes, proven, worst.detail))
    return covered


def is_unread(flow: Flow) -> bool:
    """Say whether nobody could read what a flow carried, neither the proxy nor a tap inside the app."""
    return not flow.opened and (flow.kind is FlowKind.TLS or isinstance(flow.opening.record, Refusal))


def _lifted(gap: SeenGap, opened: Sequence[Flow], unread: Sequence[Flow]) -> bool:
    """Say whether a host that was to be passed through unread was read inside the app, each of its connections."""
    if gap.kind != GapKind.TRAFFIC_OPAQUE or gap.why != PASSED:
        return False
    here = (gap.recording, gap.subject)
    read, left = (any((flow.ref.recording, flow.host) == here for flow in flows) for flows in (opened, unread))
    return read and not left


def _process_ends(recording: Recording, place: Placement) -> list[int]:
    """Give when processes of the app ended, and when the device was lost, in order."""
    ends = [line.record.stamp for line in recording.marks if getattr(line.record, "kind", None) in PROCESS_ENDS]
    lost = [gap.stamp for _, gap in recording.gaps if gap.kind in (GapKind.DEVICE_LOST, GapKind.APP_CRASHED)]
    return sorted(place.at(stamp) for stamp in (*ends, *lost))


def _ended_meanwhile(at_us: int, ends: Sequence[int]) -> bool:
    """Say whether a process ended about when a handshake did."""
    before, after = ENDED_WITHIN_US
    place = bisect_left(ends, at_us - before)
    return place < len(ends) and ends[place] <= at_us + after


def _refused(flow: Flow, end_us: int, ends: Sequence[int]) -> SeenGap:
    """Give the gap of a flow that was not read; of a tunnel that was passed on nobody knows when it ended.

    A handshake that was only closed, when a process ended, is no refusal.
    """
    whose = "the app" if flow.owner is Owner.APP else "a client that may not be the app"
    opening, until = flow.opening.record, None
    kind = GapKind.TLS_REFUSED
    if (
        isinstance(opening, Refusal)
        and opening.error.startswith(DISCONNECTED)
        and _ended_meanwhile(flow.instant.at_us, ends)
    ):
        kind, why = GapKind.TRAFFIC_OPAQUE, _CUT
    elif isinstance(opening, Refusal):
        error = _WRAPPED.sub(r"\1", opening.error)  # what a TLS library said, without the code it is wrapped in
        why = f"{whose} broke off the TLS handshake with the proxy, so this traffic was not read ({error})"
    else:
        why, until = f"{whose} opened an encrypted tunnel that the proxy passed on unread", end_us
    return SeenGap("", flow.ref, flow.ref.recording, kind, flow.host, why, flow.instant.at_us, until)
