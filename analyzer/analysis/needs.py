"""Needs: whether a rule was tested at all, and what keeps its silence from meaning anything."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Final

from analyzer.analysis.conditions import SECOND, Sense
from analyzer.analysis.facts import Fact, Facts
from analyzer.analysis.mark_words import MARK_WORDS
from analyzer.analysis.scene import PlacedMark, PlacedScreen
from analyzer.model.results import Coverage, PhaseSpan, SeenGap
from analyzer.model.vocabulary import ISOLATED, UNREAD_SECTION, GapKind, HookStatus, MarkKind, Phase, ScreenKind
from analyzer.packs.profiles import Profile
from analyzer.packs.rules import Needs

SETTLE_US: Final = 5_000_000
"""A screen that cannot be read for a moment hides no dialog if the next one, within this time, can be read."""

_INSTANT: Final = frozenset(
    {
        GapKind.TLS_REFUSED,
        GapKind.SCREEN_UNREADABLE,
        GapKind.SCREEN_UNAVAILABLE,
        GapKind.BODY_TRUNCATED,
        GapKind.BODY_MISSING,
        GapKind.DECODE_LIMIT,
        GapKind.PROXY_ERROR,
        GapKind.TRAFFIC_OPAQUE,
        GapKind.TRAFFIC_BYPASSED,
        GapKind.RECORD_TORN,
        GapKind.RECORD_INVALID,
    }
)
_ALL: Final = tuple(Sense)
_SITUATIONS: Final[Mapping[str, str]] = {
    "initial": "the time before any choice",
    "accepted": "an acceptance",
    "refused": "a refusal",
    "withdrawn": "a withdrawal",
    "starting": "a start of the app",
    "foreground": "the app in the foreground",
    "background": "the app in the background",
    "silent": "the app out of use",
    "unknown": "an unknown phase",
}
_HIDES: Final[Mapping[GapKind, tuple[Sense, ...]]] = {
    GapKind.HOOK_NOT_ARMED: (Sense.HOOKS,),
    GapKind.AGENT_LATE: (Sense.HOOKS,),
    GapKind.AGENT_LOST: (Sense.HOOKS,),
    GapKind.AGENT_ERROR: (Sense.HOOKS,),
    GapKind.CODE_UNSEEN: (Sense.HOOKS,),
    GapKind.EVENTS_DROPPED: (Sense.HOOKS,),
    GapKind.EVENTS_SAMPLED: (Sense.TRAFFIC,),
    GapKind.PROXY_LOST: (Sense.TRAFFIC,),
    GapKind.PROXY_ERROR: (Sense.TRAFFIC,),
    GapKind.FLOWS_DROPPED: (Sense.TRAFFIC,),
    GapKind.TLS_REFUSED: (Sense.TRAFFIC,),
    GapKind.TRAFFIC_OPAQUE: (Sense.TRAFFIC,),
    GapKind.TRAFFIC_BYPASSED: (Sense.TRAFFIC,),
    GapKind.BODY_TRUNCATED: (Sense.TRAFFIC,),
    GapKind.BODY_MISSING: (Sense.TRAFFIC,),
    GapKind.DECODE_LIMIT: (Sense.TRAFFIC,),
    GapKind.SCREEN_UNREADABLE: (Sense.SCREENS,),
    GapKind.SCREEN_UNAVAILABLE: (Sense.SCREENS,),
    GapKind.CONSENT_UNREADABLE: (Sense.CONSENTS,),
    GapKind.RECORD_TORN: _ALL,
    GapKind.RECORD_INVALID: _ALL,
    GapKind.DEVICE_LOST: _ALL,
    GapKind.INTERRUPTED: _ALL,
    GapKind.STORAGE_FULL: _ALL,
}
"""What a kind of gap can hide.

Sampled readings hide no reading, for the first call of every caller is always kept; a sampled call that makes values
unreadable hides the value that it was given, and that value in the traffic.
"""
HIDES_CALLS: Final = frozenset(
    {*(kind for kind, senses in _HIDES.items() if Sense.HOOKS in senses), GapKind.CODE_UNSEEN}
)
"""Kinds of gaps after which calls may be missing."""

_UNREFUSED: Final = frozenset({Phase.INITIAL, Phase.ACCEPTED, Phase.UNKNOWN})
_UNOPENED: Final = "a screen names a privacy policy, but nobody reached it, so what it says is not known"
_UNTOLD: Final = "a foreign capture does not tell which connections were not in it"
_NO_ABSENCE: Final = "a foreign capture does not tell what else the app did"


@dataclass(frozen=True, slots=True)
class View:
    """What needs are measured against; `imported` names the recordings that were made of foreign captures.

    `unpinned` names those in which a check of certificates was taken away from the app, `tapped` are flows that were
    read inside the app, `disguising` the hooks of calls that make values unreadable.

    `policy` says that the app's privacy policy was given, `policy_part` that only the screen's part of it was read.
    """

    spans: Sequence[PhaseSpan]
    gaps: Sequence[SeenGap]
    coverage: Coverage
    facts: Facts
    hook_types: Mapping[str, frozenset[str]]
    profile: Profile
    app_type: str = ""
    imported: frozenset[str] = frozenset()
    policy: bool = False
    policy_part: bool = False
    unpinned: frozenset[str] = frozenset()
    tapped: frozenset[int] = frozenset()
    disguising: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Tested:
    """The result: was the rule exercised, what forbids a negative, and what a reader of a negative should know.

    `watch` says what was watched and for how long, `blind` are the reasons per sense, `gaps` the ids of the gaps among
    them.
    """

    untested: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    watch: str = ""
    blind: Mapping[Sense, tuple[str, ...]] = field(default_factory=dict)
    gaps: Mapping[Sense, tuple[str, ...]] = field(default_factory=dict)


def examine(needs: Needs, view: View) -> Tested:
    """Compare the needs of a rule with what was exercised and seen."""
    scope = _scope(needs, view)
    untested = _untested(needs, view, scope)
    hiding = _hiding(needs, view, scope)
    blind = _blind(needs, view, scope, hiding)
    watches = _watched(scope, _first_signs(view))
    watched = max(watches.values(), default=0.0)
    unmet = [reason for sense in Sense for reason in blind.get(sense, ())]
    if not (needs.hooks or needs.traffic or needs.screens):
        unmet += [f"{span.recording}: {_NO_ABSENCE}" for span in scope if span.recording in view.imported]
        unmet += [_told(gap) for gap in view.gaps if _ends_the_watch(gap, needs, scope)]
    if needs.walk and not _found(view, MarkKind.POLICY_REACHED):
        unmet += [_told(gap) for gap in view.gaps if gap.kind == GapKind.WALK_INCOMPLETE]
    if needs.page and not _found(view, MarkKind.POLICY_REACHED):
        unmet.append(_UNOPENED)
    if needs.reach is not None:
        unmet += [_told(gap) for gap in view.gaps if gap.kind == GapKind.CLOCK_NOT_MOVED]
    least = view.profile.value("not_observed_min_dwell")
    if needs.dwell and scope and watched < least:
        unmet.append(f"watched for {watched:.1f} s only; the profile asks for {least:g} s")
    remarks = (*_remarks(needs, view, scope, watched), *_reached(needs, view))
    watch = _watch(needs, watches)
    return Tested(untested, tuple(dict.fromkeys(unmet)), remarks, watch, blind, _ids(hiding))


def _scope(needs: Needs, view: View) -> list[PhaseSpan]:
    return [
        span
        for span in view.spans
        if span.end_us > span.start_us
        and (not needs.phases or span.phase in needs.phases)
        and (not needs.app_states or span.app_state in needs.app_states)
    ]


def _untested(needs: Needs, view: View, scope: Sequence[PhaseSpan]) -> tuple[str, ...]:
    reasons = []
    if not scope:
        wanted = [one.value for one in (*needs.phases, *needs.app_states)]
        reasons.append(
            f"no recording exercised {' or '.join(_SITUATIONS[one] for one in wanted)}"
            if wanted
            else "nothing was recorded"
        )
    if needs.app_type and not view.app_type:
        reasons.append("name the type of the app with --app-type: the rule depends on what that type needs")
    kinds = {fact.subject.mark.kind for fact in view.facts.marks if isinstance(fact.subject, PlacedMark)}
    if needs.marks and not kinds & set(needs.marks):
        reasons.append(f"no recording contains {' or '.join(MARK_WORDS[kind][1] for kind in needs.marks)}")
    elif needs.walk and not (
        _found(view, MarkKind.POLICY_REACHED) or _found(view, MarkKind.POLICY_NOT_FOUND) & _UNREFUSED
    ):
        reasons.append("the privacy policy was searched for only where the app had been refused")
    if needs.first_run and scope and all(span.phase is Phase.UNKNOWN for span in view.spans):
        reasons.append("the phase is unknown throughout (the app kept its data, or nobody said what was chosen)")
    return tuple(reasons)


def _found(view: View, kind: MarkKind) -> set[Phase]:
    """Give the phases in which a mark of a kind was made."""
    marks = view.facts.marks
    return {fact.phase for fact in marks if isinstance(fact.subject, PlacedMark) and fact.subject.mark.kind is kind}


def _ends_the_watch(gap: SeenGap, needs: Needs, scope: Sequence[PhaseSpan]) -> bool:
    """Say whether a gap hides what marks alone tell; the starts of processes go unseen without the agent, too."""
    kind = GapKind(gap.kind)
    blinds = _HIDES.get(kind) == _ALL or (bool(needs.app_states) and kind is GapKind.AGENT_LOST)
    return blinds and _touches(gap, kind, scope)


def _told(gap: SeenGap) -> str:
    return f"{gap.kind.replace('_', ' ')} ({gap.subject or gap.recording}): {gap.why}"


def _hiding(needs: Needs, view: View, scope: Sequence[PhaseSpan]) -> dict[Sense, list[SeenGap]]:
    """Give the gaps that can hide what the rule asks for, by the sense that each blinds."""
    found: dict[Sense, list[SeenGap]] = {}
    for gap in view.gaps:
        kind = GapKind(gap.kind)
        if _touches(gap, kind, scope) and _matters(gap, kind, needs, view):
            for sense in _HIDES.get(kind, ()):
                found.setdefault(sense, []).append(gap)
    return found


def _ids(hiding: Mapping[Sense, Sequence[SeenGap]]) -> dict[Sense, tuple[str, ...]]:
    return {sense: tuple(dict.fromkeys(gap.id for gap in gaps)) for sense, gaps in hiding.items()}


def _blind(
    needs: Needs, view: View, scope: Sequence[PhaseSpan], hiding: Mapping[Sense, Sequence[SeenGap]]
) -> dict[Sense, tuple[str, ...]]:
    wanted = {Sense.HOOKS: bool(needs.hooks), Sense.TRAFFIC: needs.traffic, Sense.SCREENS: needs.screens}
    wanted[Sense.CONSENTS] = needs.consents
    found: dict[Sense, list[str]] = {sense: [] for sense, asked in wanted.items() if asked}
    names = sorted({span.recording for span in scope})
    if needs.hooks:
        found[Sense.HOOKS] += [reason for name in names for reason in _hook_reasons(name, needs, view)]
    if needs.traffic:
        found[Sense.TRAFFIC] += [f"{name}: {_UNTOLD}" for name in names if name in view.imported]
    if needs.screens:
        found[Sense.SCREENS] += [f"{name}: no screen could be read" for name in names if not _readable(name, view)]
    for sense, reasons in found.items():
        reasons += [_told(gap) for gap in hiding.get(sense, ())]
    return {sense: tuple(dict.fromkeys(reasons)) for sense, reasons in found.items() if reasons}


def _hook_reasons(name: str, needs: Needs, view: View) -> list[str]:
    mine = [hook for hook in view.coverage.hooks if hook.recording == name]
    armed = [
        hook
        for hook in mine
        if hook.status is HookStatus.ARMED and _relevant(view.hook_types.get(hook.hook, frozenset()), needs.hooks)
    ]
    if not armed and name in view.imported:
        return [f"{name}: an import does not say which hooks were armed; {', '.join(needs.hooks)} may have gone unseen"]
    if not armed:
        return [f"{name}: no hook for {', '.join(needs.hooks)} was armed"]
    if not any(hook.proven for hook in mine):
        return [f"{name}: no hook fired at all, so nothing proves that the agent saw the app"]
    return []


@lru_cache(maxsize=8192)  # a few hundred hooks are held against a few dozen needs, for each rule and recording
def _relevant(types: frozenset[str], patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(data_type, pattern) for data_type in types for pattern in patterns)


def _touches(gap: SeenGap, kind: GapKind, scope: Sequence[PhaseSpan]) -> bool:
    spans = [span for span in scope if span.recording == gap.recording]
    if kind in _INSTANT and gap.until_us is None:
        return any(span.start_us <= gap.at_us < span.end_us for span in spans)
    until = gap.until_us
    return any(gap.at_us < span.end_us and (until is None or until >= span.start_us) for span in spans)


def _matters(gap: SeenGap, kind: GapKind, needs: Needs, view: View) -> bool:
    if kind is GapKind.CODE_UNSEEN:
        return gap.subject != ISOLATED
    if kind is GapKind.EVENTS_SAMPLED:
        return gap.subject in view.disguising
    if kind is GapKind.CONSENT_UNREADABLE:
        return not gap.subject.startswith(UNREAD_SECTION)
    if kind is GapKind.HOOK_NOT_ARMED and gap.subject in view.hook_types:
        return _relevant(view.hook_types[gap.subject], needs.hooks)
    if kind in (GapKind.SCREEN_UNREADABLE, GapKind.SCREEN_UNAVAILABLE):
        return not any(
            fact.recording == gap.recording and 0 <= fact.instant.at_us - gap.at_us <= SETTLE_US
            for fact in view.facts.screens
            if _read(fact)
        )
    return True


def _readable(name: str, view: View) -> bool:
    return any(fact.recording == name and _read(fact) for fact in view.facts.screens)


def _read(fact: Fact) -> bool:
    return isinstance(fact.subject, PlacedScreen) and fact.subject.reading.kind is not ScreenKind.UNREADABLE


def _first_signs(view: View) -> dict[str, int]:
    """Give when the app first called or showed anything, for recordings that started it; never, where it did not."""
    found = {
        fact.recording: max((span.end_us for span in view.spans if span.recording == fact.recording), default=0)
        for fact in view.facts.marks
        if isinstance(fact.subject, PlacedMark) and fact.subject.mark.kind is MarkKind.APP_STARTED
    }
    for fact in (*view.facts.calls, *view.facts.screens):
        if fact.recording in found:
            found[fact.recording] = min(found[fact.recording], fact.instant.at_us)
    return found


def _watched(scope: Sequence[PhaseSpan], first: Mapping[str, int]) -> dict[str, float]:
    """Give the seconds that each recording watched; time in which the app did not run yet is none."""
    found: dict[str, float] = {}
    for span in scope:
        begun = max(span.start_us, first.get(span.recording, span.start_us))
        found[span.recording] = found.get(span.recording, 0) + max(0, span.end_us - begun) / SECOND
    return found


def _remarks(needs: Needs, view: View, scope: Sequence[PhaseSpan], watched: float) -> tuple[str, ...]:
    if not needs.dwell or not scope:
        return ()
    runs = len({span.recording for span in scope})
    time, times = view.profile.value("suggested_dwell"), view.profile.value("suggested_runs")
    short = [f"watched for {watched:.0f} s; {time:g} s or more are suggested"] if watched < time else []
    few = (
        [f"seen in {runs} clean {'run' if runs == 1 else 'runs'}; {times:g} or more are suggested"]
        if runs < times
        else []
    )
    hooked = [*_unhooked(needs, view), *_calibrated(needs, view)] if needs.hooks else []
    return (*short, *few, *hooked)


def _watch(needs: Needs, watches: Mapping[str, float]) -> str:
    """Say what was watched, for how long, and through what."""
    senses = (("calls", needs.hooks), ("traffic", needs.traffic), ("screens", needs.screens))
    through = ", ".join(name for name, asked in senses if asked) or "what the device told"
    wanted = [_SITUATIONS[one.value] for one in (*needs.phases, *needs.app_states)]
    long = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in sorted(watches.items()))
    return (
        f"watched {' or '.join(wanted) or 'the app'} through {through} ({long}), and saw nothing that the clause names"
    )


def _reached(needs: Needs, view: View) -> tuple[str, ...]:
    """Say how long after its first start the app was started for the last time, where that is not long enough."""
    if needs.reach is None:
        return ()
    wanted = view.profile.value(needs.reach) if isinstance(needs.reach, str) else needs.reach
    first: dict[str, int] = {}
    longest = 0.0
    for fact in view.facts.marks:
        kind = fact.subject.mark.kind if isinstance(fact.subject, PlacedMark) else None
        if kind is MarkKind.APP_STARTED:
            first.setdefault(fact.recording, fact.told_us)
        if kind is MarkKind.RELAUNCHED:
            longest = max(longest, (fact.told_us - first.get(fact.recording, fact.told_us)) / SECOND)
    if longest >= wanted:
        return ()
    return (
        f"the app was started again within {longest:.0f} s only; --later tries the {wanted / 3600:g} hours as well",
    )


_PROVEN: Final = re.compile(r"proven(_[0-9]+)?")
"""The details of a mark that name proven hooks: one holds a few hundred."""


def _calibrated(needs: Needs, view: View) -> list[str]:
    """Cite what calibrations of the device proved of the hooks that the rule leans on."""
    found: dict[str, None] = {}
    for fact in view.facts.marks:
        if isinstance(fact.subject, PlacedMark) and fact.subject.mark.kind is MarkKind.DEVICE_CALIBRATED:
            details = fact.subject.mark.details
            names = [name for key in sorted(details) if _PROVEN.fullmatch(key) for name in details[key].split()]
            ours = [name for name in names if _relevant(view.hook_types.get(name, frozenset()), needs.hooks)]
            proven = f"proved {', '.join(ours)}" if ours else "proved none of the hooks for it"
            found[f"calibrating this device ({details.get('session')}, {details.get('day')}) {proven}"] = None
    return list(found)


def _unhooked(needs: Needs, view: View) -> list[str]:
    covered = frozenset().union(*view.hook_types.values()) if view.hook_types else frozenset[str]()
    missing = [pattern for pattern in needs.hooks if not _relevant(covered, (pattern,))]
    return [f"no hook exists for {', '.join(missing)}: only traffic could show these"] if missing else []
