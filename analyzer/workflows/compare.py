"""Compare two sessions by their newest results."""

from __future__ import annotations

from collections import defaultdict

from analyzer.analysis.compare import compare
from analyzer.model.comparison import Comparison, Judged, Side, Sighting
from analyzer.model.vocabulary import Channel, HookStatus, Owner, Phase, SessionKind, Source, Tier
from analyzer.packs.changes import UNPINNED
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import JudgedByEntry
from analyzer.report.document_results import ObservationEntry
from analyzer.report.summary import start_us
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import Home, UsageProblem


def compare_sessions(home: Home, before: str, after: str) -> Comparison:
    """Hold the newest results of two sessions against each other; analyses those that have none.

    Raises `UsageProblem` where both words name the same session.
    """
    first, second = stored(home, before), stored(home, after)
    if first.path == second.path:
        raise UsageProblem(f"both words name the session {first.path.name}: name two, see `analyzer sessions list`")
    return compare(side(first.document), side(second.document))


def side(document: ResultDocument) -> Side:
    """Take from a result document what can be compared; the values themselves are left behind."""
    session = document.session
    counted = [seen for seen in document.observations if seen.tier is not Tier.DECLARED]
    mine = [seen for seen in counted if seen.owner is not Owner.OTHER]
    positions = {seen.id: position for position, seen in enumerate(mine)}
    hooks, places = document.coverage.hooks, _places(document)
    return Side(
        session=session.id,
        package=session.app.package,
        version=session.app.version_name,
        run_id=session.run_id,
        tool=session.tool.analyzer,
        device=session.device.kind,
        imported=session.kind is SessionKind.IMPORTED,
        profile=session.profile,
        planted=frozenset(name for name, values in session.persona.values.items() if values),
        policy=document.policy.sha256 if document.policy and document.policy.ref is None else "",
        unpinned=session.kind is SessionKind.RECORDED and any(UNPINNED in one for one in session.interventions),
        judged_by=_judged_by(session.judged_by),
        watched=_watched(document),
        armed=frozenset(hook.hook for hook in hooks if hook.status is HookStatus.ARMED),
        fired=any(hook.proven for hook in hooks),
        gaps=tuple(dict.fromkeys((gap.kind, gap.subject) for gap in document.gaps)),
        judged=tuple(
            Judged(
                rule=verdict.rule,
                clause=verdict.clause,
                title=verdict.title,
                outcome=verdict.outcome,
                tier=verdict.tier,
                evidence=len(verdict.evidence),
                reasons=verdict.reasons,
                seen=tuple(positions[name] for name in verdict.evidence if name in positions),
                places=frozenset(places[name] for name in verdict.evidence if name in places),
            )
            for verdict in document.verdicts
        ),
        sightings=_sightings(document, mine),
    )


def _judged_by(by: JudgedByEntry | None) -> dict[str, str]:
    return {} if by is None else {"analyzer": by.analyzer, **by.libraries, **by.packs}


def _places(document: ResultDocument) -> dict[str, tuple[Phase, str]]:
    """Give phase and strategy of every mark and screen by its id."""
    ways = {recording.name: recording.strategy.value for recording in document.recordings}
    return {
        f"{item.ref.recording}/{item.ref.source.value}/{item.ref.line}": (item.phase, ways[item.recording])
        for item in document.timeline
        if item.ref is not None and item.ref.source in (Source.MARKS, Source.SCREENS) and item.recording in ways
    }


def _watched(document: ResultDocument) -> dict[tuple[Phase, str], int]:
    """Give the longest time that one recording of a strategy spent in a phase."""
    ways = {recording.name: recording.strategy.value for recording in document.recordings}
    times: defaultdict[tuple[Phase, str], int] = defaultdict(int)
    for span in document.phases:
        if span.end_us > span.start_us:
            times[span.phase, span.recording] += span.end_us - span.start_us
    longest: dict[tuple[Phase, str], int] = {}
    for (phase, recording), time in times.items():
        place = (phase, ways.get(recording, recording))
        longest[place] = max(time, longest.get(place, 0))
    return longest


def _sightings(document: ResultDocument, seen: list[ObservationEntry]) -> tuple[Sighting, ...]:
    ways = {recording.name: recording.strategy.value for recording in document.recordings}
    hooks = {event.id: event.hook for event in document.events}
    start = start_us(document)
    return tuple(
        Sighting(
            data_type=one.data_type,
            channel=one.channel,
            phase=one.phase,
            strategy=ways.get(one.ref.recording, one.ref.recording),
            tier=one.tier,
            at_us=one.at_us - start,
            sdk=one.sdk.id if one.sdk and one.channel is not Channel.NETWORK else "",
            recipient=_recipient(one),
            hook=hooks.get(one.event_id or "", ""),
        )
        for one in seen
    )


def _recipient(one: ObservationEntry) -> str:
    if one.channel is not Channel.NETWORK or one.recipient is None:
        return ""
    return one.recipient.registrable_domain or one.recipient.host
