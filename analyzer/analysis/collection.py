"""Collection: how often each party read each type of data, where, and which permissions it had no visible use for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from analyzer.analysis.facts import permission_group
from analyzer.analysis.needs import HIDES_CALLS, View
from analyzer.analysis.permission_names import requested
from analyzer.analysis.scene import PlacedMark
from analyzer.model.evidence import Mark, Session
from analyzer.model.results import Call, Frequency, Observation, PermissionUse, PhaseSpan, SeenGap
from analyzer.model.vocabulary import AppState, Channel, GapKind, HookStatus, MarkKind, Tier
from analyzer.packs.taxonomy import Taxonomy

BUCKETS: Final = 60
"""Steps of a curve; each is a whole number of seconds."""

_SECOND_US: Final = 1_000_000
_LOSSY: Final = HIDES_CALLS | {GapKind.EVENTS_SAMPLED}
_PREFIX: Final = "android.permission."
_WILD: Final = "*"


def count_reads(observations: Sequence[Observation], view: View) -> tuple[Frequency, ...]:
    """Give the reads of each recording by data type and SDK, most first, held against the figures of the profile.

    A read is a call that gave a value, counted once for each type that it gave. Where calls may be missing, the
    figures are the least that there were, and `complete` says so.
    """
    limit, window_us = view.profile.value("rate_count"), int(view.profile.value("rate_window") * _SECOND_US)
    lossy = [gap for gap in view.gaps if gap.kind in _LOSSY]
    groups: dict[tuple[str, str, str], dict[str, Observation]] = defaultdict(dict)
    for one in observations:
        if one.channel is Channel.API and one.tier.rank >= Tier.ACCESSED.rank and one.event_id:
            sdk = one.sdk.name or one.sdk.id if one.sdk else "unknown"
            groups[one.ref.recording, one.data_type, sdk].setdefault(one.event_id, one)
    begun, ended = _bounds(view.spans)
    found = []
    for (recording, data_type, sdk), reads in groups.items():
        times = sorted(one.instant.at_us for one in reads.values())
        states = Counter(one.app_state for one in reads.values())
        start = min(begun.get(recording, times[0]), times[0])
        step = _step(max(ended.get(recording, times[-1]), times[-1]) - start)
        most = _most(times, window_us)
        found.append(
            Frequency(
                *(recording, data_type, sdk, len(times)),
                background=states[AppState.BACKGROUND],
                silent=states[AppState.SILENT],
                most=most,
                limit=limit,
                window_us=window_us,
                over=most >= limit,
                complete=recording not in view.imported
                and not any(gap.recording == recording and _concerns(gap, {data_type}, view) for gap in lossy),
                start_us=start,
                step_us=step,
                curve=_curve(times, start, step),
            )
        )
    return tuple(sorted(found, key=lambda one: (one.recording, -one.most, -one.reads, one.data_type, one.sdk)))


def compare_permissions(
    session: Session, observations: Sequence[Observation], view: View, taxonomy: Taxonomy
) -> tuple[PermissionUse, ...]:
    """Give each permission that opens personal data, declared or asked for, with what was seen to be taken by it.

    `seen` is `None` where not all of what it opens was watched throughout: then nothing is known of a use. `granted`
    is `None` where something was granted that nothing names, or may have been before, and the device did not tell.
    """
    opens: dict[str, set[str]] = defaultdict(set)
    for kind in taxonomy.types.values():
        for name in kind.permissions:
            if _WILD not in name:
                opens[name.removeprefix(_PREFIX)].add(kind.id)
    asked = _marked(view, MarkKind.PERMISSION_ASKED) | _requested(view)
    granted = _marked(view, MarkKind.PERMISSION_GRANTED)
    declared = {name.removeprefix(_PREFIX) for name in session.info.app.permissions}
    taken = Counter(
        one.data_type for one in observations if one.channel is Channel.API and one.tier.rank >= Tier.ACCESSED.rank
    )
    held, refused = _told(view)
    told = bool(held or refused)
    granted |= held
    unnamed = _grants_unnamed(view)
    found = []
    for name in sorted((declared | asked) & set(opens)):
        types = tuple(sorted(kind for kind in opens[name] if taken[kind]))
        found.append(
            PermissionUse(
                *(name, name in declared, name in asked),
                _granted(name, granted, refused, unsure=unnamed or (not told and (name not in asked or bool(types)))),
                *(tuple(sorted(opens[name])), types),
                reads=sum(taken[kind] for kind in types),
                seen=bool(types) if types or _watched(opens[name], view) else None,
            )
        )
    return tuple(found)


def _bounds(spans: Sequence[PhaseSpan]) -> tuple[Mapping[str, int], Mapping[str, int]]:
    begun: dict[str, int] = {}
    ended: dict[str, int] = {}
    for span in spans:
        begun[span.recording] = min(span.start_us, begun.get(span.recording, span.start_us))
        ended[span.recording] = max(span.end_us, ended.get(span.recording, span.end_us))
    return begun, ended


def _step(length_us: int) -> int:
    """Give the step of a curve: the least whole number of seconds that needs no more than `BUCKETS`."""
    return max(1, -(-(length_us + 1) // (BUCKETS * _SECOND_US))) * _SECOND_US


def _curve(times: Sequence[int], start: int, step: int) -> tuple[int, ...]:
    counts = Counter((at - start) // step for at in times)
    return tuple(counts[number] for number in range(max(counts) + 1))


def _most(times: Sequence[int], window_us: int) -> int:
    """Give the most reads that any window of that length holds."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] > window_us:
            first += 1
        most = max(most, last - first + 1)
    return most


def _marked(view: View, kind: MarkKind) -> set[str]:
    """Give the permissions that marks of a kind name; `detail` may name several, by commas."""
    return {name.strip().removeprefix(_PREFIX) for mark in _marks(view, kind) for name in _names(mark)}


def _requested(view: View) -> set[str]:
    """Give the permissions that the app's own calls asked for, whether or not a window came up."""
    subjects = (fact.subject for fact in view.facts.calls)
    calls = (call for call in subjects if isinstance(call, Call))
    return {name.removeprefix(_PREFIX) for call in calls for name in requested(call)}


def _marks(view: View, kind: MarkKind) -> Iterator[Mark]:
    for fact in view.facts.marks:
        if isinstance(fact.subject, PlacedMark) and fact.subject.mark.kind is kind:
            yield fact.subject.mark


def _names(mark: Mark) -> list[str]:
    said = mark.details.get("detail") or mark.details.get("permission", "")
    return [name for name in said.split(",") if permission_group(name.strip())]


def _grants_unnamed(view: View) -> bool:
    return any(not _names(mark) for mark in _marks(view, MarkKind.PERMISSION_GRANTED))


def _told(view: View) -> tuple[set[str], set[str]]:
    """Give the permissions that the device said the app had at the start or the end, and those it had not at either."""
    held, denied = set[str](), set[str]()
    for mark in _marks(view, MarkKind.PERMISSIONS_READ):
        for word, names in (("granted", held), ("denied", denied)):
            names |= {name.removeprefix(_PREFIX) for name in mark.details.get(word, "").split(",")}
    return held, denied - held


def _granted(name: str, granted: set[str], refused: set[str], *, unsure: bool) -> bool | None:
    if name in granted or name in refused:
        return name in granted
    return None if unsure else False


def _watched(types: set[str], view: View) -> bool:
    """Say whether all these types that hooks tell of were watched, and nothing could hide a call."""
    hooked = types & {kind for kinds in view.hook_types.values() for kind in kinds}
    armed = {one.hook for one in view.coverage.hooks if one.status is HookStatus.ARMED}
    told = {kind for name in armed for kind in view.hook_types.get(name, ())}
    hidden = any(gap.kind in HIDES_CALLS and _concerns(gap, hooked, view) for gap in view.gaps)
    return bool(hooked) and hooked <= told and not hidden and not view.imported


def _concerns(gap: SeenGap, types: set[str], view: View) -> bool:
    """Say whether a gap can hide calls that tell of these types: a hook that is not armed hides its own only."""
    own = view.hook_types.get(gap.subject) if gap.kind is GapKind.HOOK_NOT_ARMED else None
    return own is None or bool(own & types)
