"""Compare two results: what is new, still there, fixed, and what the second could not have shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from analyzer.analysis.compare_losses import PHASES, Trace, losses, trace
from analyzer.model.comparison import Comparison, Difference, Judged, Side, Sighting, Standing
from analyzer.model.vocabulary import Change, Channel, Outcome, Phase, Subject

Key: TypeAlias = tuple[Subject, str, str, str, str]
"""Subject, then name, or data type, channel, who and phase."""

_Way: TypeAlias = tuple[str, Channel, str]
_Move: TypeAlias = tuple[_Way, Phase, Phase]
_MET: Final = (Outcome.VIOLATED, Outcome.SUSPECTED)
_TOLD: Final = (*_MET, Outcome.NOT_OBSERVED)
_SUBJECTS: Final = tuple(Subject)
_CHANGES: Final = tuple(Change)


def compare(before: Side, after: Side) -> Comparison:
    """Hold two results against each other; a pure function, ordered by subject, change and name."""
    things = list(_things(before, after))
    moves = _moves(things)
    found = [*_rules(before, after), *(_moved(one, moves) for one in things)]
    if before.package != after.package:
        found = [_of_another(one) for one in found]
    found.sort(key=lambda one: (_SUBJECTS.index(one.subject), _CHANGES.index(one.change), one.name))
    return Comparison(before, after, (*_warnings(before, after), *_tell_moves(moves)), tuple(found))


def _of_another(one: Difference) -> Difference:
    """Call nothing fixed by an app that never had it."""
    if one.change is not Change.FIXED:
        return one
    return replace(one, change=Change.INCONCLUSIVE, reasons=("the second is another app", *one.reasons))


def _warnings(before: Side, after: Side) -> Iterator[str]:
    if before.package != after.package:
        both = f"{before.package} and {after.package}"
        yield f"THESE ARE DIFFERENT APPS: {both}: what one does not show, the other has not fixed"
    elif before.version == after.version:
        yield f"both sessions name the same version ({before.version or 'none'})"
    if {one.rule for one in before.judged} != {one.rule for one in after.judged}:
        yield "they were judged by different rules: `analyzer replay` judges both by today's"
    yield from _warnings_of_results(before, after)
    if before.profile != after.profile:
        names = sorted({name for name, _ in before.profile.items() ^ after.profile.items()})
        yield f"they were judged by different settings ({', '.join(names)}): replay both with the same"
    if before.policy != after.policy:
        yield _policies(before, after)
    if before.unpinned != after.unpinned:
        yield _unpinned(before)
    yield from _warnings_of_devices(before, after)


def _warnings_of_results(before: Side, after: Side) -> Iterator[str]:
    names = sorted({name for name, _ in before.judged_by.items() ^ after.judged_by.items()})
    if names:
        more = f" and {len(names) - _MOST_MOVED} more" if len(names) > _MOST_MOVED else ""
        yield (
            f"their results were made by different packs or versions ({', '.join(names[:_MOST_MOVED])}{more}): "
            "`analyzer replay` judges both by today's"
        )


def _warnings_of_devices(before: Side, after: Side) -> Iterator[str]:
    if before.tool != after.tool:
        yield f"they were recorded by different versions: {before.tool} and {after.tool}"
    if before.device != after.device:
        yield f"they were recorded on different kinds of device: {before.device} and {after.device}"
    if before.planted != after.planted:
        names = sorted(before.planted ^ after.planted)
        yield f"the values of {', '.join(names)} were known in one of them only"
    if before.armed != after.armed:
        yield _hooks(before, after)


def _hooks(before: Side, after: Side) -> str:
    first, second = len(before.armed - after.armed), len(after.armed - before.armed)
    return (
        f"hooks armed: {len(before.armed)} in the first, {len(after.armed)} in the second ({first} only in the first, "
        f"{second} only in the second): of what those alone see, nothing is shown to be fixed, and new may be older"
    )


def _unpinned(before: Side) -> str:
    only, other = ("first", "second") if before.unpinned else ("second", "first")
    return (
        f"only the {only} was recorded with --unpin, which changes the app: hosts that pin are unread in the {other}, "
        "and an app that notices may do other things"
    )


def _policies(before: Side, after: Side) -> str:
    if before.policy and after.policy:
        return "they were held against different privacy policies (--policy): clauses may differ for that alone"
    only = "first" if before.policy else "second"
    return f"only the {only} was held against a privacy policy (--policy): clauses may differ for that alone"


_MOST_MOVED: Final = 10


def _moves(found: Sequence[Difference]) -> list[_Move]:
    """Give the flows that are gone from one phase and have come up in another."""
    gone, come = defaultdict[_Way, list[Phase]](list), defaultdict[_Way, list[Phase]](list)
    for one in found:
        if one.subject is Subject.FLOW and one.phase is not None and one.channel is not None:
            way = one.data_type, one.channel, one.who
            if one.before is not None and one.after is None:
                gone[way].append(one.phase)
            elif one.after is not None and one.before is None:
                come[way].append(one.phase)
    return [(way, old, new) for way in gone if way in come for old in gone[way] for new in come[way]]


def _moved(one: Difference, moves: Sequence[_Move]) -> Difference:
    """Call a flow moved that is neither fixed nor new; what comes up where nobody had accepted stays new."""
    if one.change not in {Change.FIXED, Change.NEW} or one.phase is None or one.channel is None:
        return one
    way, gone = (one.data_type, one.channel, one.who), one.after is None
    others = [
        new if gone else old for moving, old, new in moves if moving == way and one.phase is (old if gone else new)
    ]
    if not others:
        return one
    where = f"it is in {PHASES[others[0]]} of the {'second' if gone else 'first'}"
    change = Change.MOVED if gone or one.phase is Phase.ACCEPTED else one.change
    return replace(one, change=change, reasons=(where, *one.reasons))


def _tell_moves(moved: Sequence[_Move]) -> Iterator[str]:
    """Say which flows only changed their phase: a slow start moves them as well as a mended app does."""
    for (data_type, channel, who), old, new in moved[:_MOST_MOVED]:
        arrow = "→" if channel is Channel.NETWORK else "←"
        flow = f"{data_type} {arrow} {who}"
        asked = "was the app faster, or made worse?" if new is Phase.INITIAL else "was the app slower, or mended?"
        yield f"the same flow moved from {PHASES[old]} to {PHASES[new]}: {flow}; {asked}"
    if len(moved) > _MOST_MOVED:
        yield f"{len(moved) - _MOST_MOVED} more flows moved from one phase to another"


def _rules(before: Side, after: Side) -> Iterator[Difference]:
    old, new = ({one.rule: one for one in side.judged} for side in (before, after))
    for rule in sorted(old.keys() | new.keys()):
        first, second = old.get(rule), new.get(rule)
        change, reasons = _rule_change(first, second, before, after)
        told = second or first
        assert told is not None  # noqa: S101 - the rule is in one of them
        yield Difference(
            subject=Subject.RULE,
            name=rule,
            change=change,
            before=_standing(first, before),
            after=_standing(second, after),
            reasons=reasons,
            clause=told.clause,
            title=told.title,
        )


def _standing(one: Judged | None, side: Side) -> Standing | None:
    if one is None:
        return None
    first = min((side.sightings[position].at_us for position in one.seen), default=None)
    return Standing(one.outcome, one.tier, one.evidence, first)


def _rule_change(
    first: Judged | None, second: Judged | None, before: Side, after: Side
) -> tuple[Change, tuple[str, ...]]:
    if first is None or second is None:
        return Change.INCONCLUSIVE, (f"the {'first' if first is None else 'second'} was not judged by this rule",)
    was, now = first.outcome in _MET, second.outcome in _MET
    if was and now:
        moved = first.outcome is not second.outcome
        return Change.STILL_THERE, (f"{_words(first.outcome)} before, {_words(second.outcome)} now",) if moved else ()
    if now and first.outcome is Outcome.NOT_DECIDABLE and after.policy and not before.policy:
        return Change.NOW_TESTED, (
            "only the second was held against a privacy policy, which decides it: it may be older",
        )
    if now:
        blind = losses(trace([after.sightings[at] for at in second.seen]), after, before, "first")
        untold = () if first.outcome in _TOLD else (f"the first was {_words(first.outcome)}: it may be older",)
        return Change.NEW, (*untold, *(first.reasons if untold else ()), *blind)
    if was and second.outcome is Outcome.NOT_OBSERVED:
        seen = trace([before.sightings[at] for at in first.seen])
        blind = losses(replace(seen, places=seen.places | first.places), before, after, "second")
        return (Change.NO_LONGER_TESTABLE, blind) if blind else (Change.FIXED, ())
    return _unmet_change(first, second)


def _words(outcome: Outcome) -> str:
    return outcome.value.replace("_", " ")


def _unmet_change(first: Judged, second: Judged) -> tuple[Change, tuple[str, ...]]:
    if first.outcome in _TOLD and second.outcome not in _TOLD:
        return Change.NO_LONGER_TESTABLE, second.reasons
    if first.outcome not in _TOLD and second.outcome in _TOLD:
        return Change.NOW_TESTED, ()
    return Change.UNCHANGED, ()


def _things(before: Side, after: Side) -> Iterator[Difference]:
    old, new = _traces(before), _traces(after)
    for key in sorted(old.keys() | new.keys()):
        first, second = old.get(key), new.get(key)
        if first is not None and second is not None:
            yield _difference(key, Change.STILL_THERE, first, second)
            continue
        anywhere = key[0] is Subject.DATA_TYPE
        if second is not None:
            blind = losses(second, after, before, "first", anywhere=anywhere)
            yield _difference(key, Change.NEW, None, second, blind)
        elif first is not None:
            blind = losses(first, before, after, "second", anywhere=anywhere)
            yield _difference(key, Change.NO_LONGER_TESTABLE if blind else Change.FIXED, first, None, blind)


def _difference(
    key: Key, change: Change, first: Trace | None, second: Trace | None, reasons: tuple[str, ...] = ()
) -> Difference:
    subject, data_type, channel, who, phase = key
    before, after = _sum(first), _sum(second)
    if subject is not Subject.FLOW:
        return Difference(subject, data_type, change, before, after, reasons)
    return Difference(
        subject=subject,
        name=f"{data_type} {'→' if channel == Channel.NETWORK else '←'} {who} ({phase})",
        change=change,
        before=before,
        after=after,
        reasons=reasons,
        data_type=data_type,
        who=who,
        channel=Channel(channel),
        phase=Phase(phase),
    )


def _sum(one: Trace | None) -> Standing | None:
    return None if one is None else Standing(None, one.tier, one.count, one.first_us)


def _traces(side: Side) -> Mapping[Key, Trace]:
    groups: defaultdict[Key, list[Sighting]] = defaultdict(list)
    for one in side.sightings:
        for key in _keys(one):
            groups[key].append(one)
    return {key: trace(group) for key, group in groups.items()}


def _keys(one: Sighting) -> Iterator[Key]:
    sent = one.channel is Channel.NETWORK
    who = one.recipient if sent else one.sdk
    yield Subject.FLOW, one.data_type, one.channel.value, who, one.phase.value
    yield Subject.DATA_TYPE, one.data_type, "", "", ""
    if sent:
        yield Subject.RECIPIENT, one.recipient, "", "", ""
    elif one.sdk:
        yield Subject.SDK, one.sdk, "", "", ""
    if one.hook:
        yield Subject.API, one.hook, "", "", ""
