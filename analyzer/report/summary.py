"""Figures that several writers show: where evidence stands in time, who took what, what stayed unseen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from analyzer.model.vocabulary import Channel, FlowKind, HookStatus, Outcome, Owner, Party, Phase, Tier
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import DecisionEntry, ObservationEntry, VerdictEntry
from analyzer.report.instants import elapsed
from analyzer.report.labels import Language, joined, label

_SEVERITY: Final = (
    Outcome.VIOLATED,
    Outcome.SUSPECTED,
    Outcome.INCONCLUSIVE,
    Outcome.NOT_OBSERVED,
    Outcome.NOT_TESTED,
    Outcome.NOT_DECIDABLE,
)
_MET: Final = (Outcome.VIOLATED, Outcome.SUSPECTED)


def start_us(document: ResultDocument) -> int:
    """Give the first instant of the session; its creation where nothing was recorded."""
    starts = [recording.start_us for recording in document.recordings if recording.start_us is not None]
    return min(starts, default=document.session.created_us)


def since_start(document: ResultDocument, at_us: int, between: str = " of ") -> str:
    """Give an instant from the start of its recording, which is named where there are several."""
    several = len(document.recordings) > 1
    for one in document.recordings if several else ():
        if one.start_us is not None and one.end_us is not None and one.start_us <= at_us <= one.end_us:
            return f"{elapsed(at_us, one.start_us)}{between}{one.name}"
    return elapsed(at_us, start_us(document))


def instants(document: ResultDocument) -> dict[str, int]:
    """Give the instant of everything that verdicts name as evidence, by id."""
    named = {name for verdict in document.verdicts for name in verdict.evidence}
    found = {entry.id: entry.at_us for entry in document.observations if entry.id in named}
    for entries in (document.events, document.flows, document.marks, document.gaps):
        found.update((entry.id, entry.at_us) for entry in entries if entry.id in named)
    for item in document.timeline:
        name = f"{item.ref.recording}/{item.ref.source}/{item.ref.line}" if item.ref else ""
        if name in named:
            found.setdefault(name, item.at_us)
    return found


def first_us(evidence: Iterable[str], known: dict[str, int]) -> int | None:
    """Give the earliest instant of the named evidence; `None` when none of it has one."""
    return min((known[name] for name in evidence if name in known), default=None)


class Strongest:
    """The observations that carry verdicts; what decides is held of all, the observations are read when asked for."""

    def __init__(self, document: ResultDocument) -> None:
        named = {name for verdict in document.verdicts for name in verdict.evidence}
        self._observations = document.observations
        self._order = {
            seen.id: (-seen.tier.rank, seen.at_us, seen.id, position)
            for position, seen in enumerate(document.observations)
            if seen.id in named
        }

    def of(self, verdict: VerdictEntry) -> ObservationEntry | None:
        """Give the observation that carries a verdict: the highest tier, then the earliest."""
        first = min((self._order[name] for name in verdict.evidence if name in self._order), default=None)
        return None if first is None else self._observations[first[-1]]

    def first(self, verdict: VerdictEntry, most: int) -> tuple[ObservationEntry, ...]:
        """Give the first observations that a verdict names, so many at most."""
        named = islice((self._order[name] for name in verdict.evidence if name in self._order), most)
        return tuple(self._observations[order[-1]] for order in named)


@dataclass(frozen=True, slots=True)
class Share:
    """What one SDK read or one recipient received in one phase of consent; `party` is empty for an SDK."""

    name: str
    party: tuple[Party, ...]
    phase: Phase
    data_types: tuple[str, ...]
    count: int
    tier: Tier


def by_severity(document: ResultDocument) -> list[VerdictEntry]:
    """Order the verdicts as a reader wants them: what was met first, what was not looked at last."""
    return sorted(document.verdicts, key=lambda verdict: _SEVERITY.index(verdict.outcome))


def first_hooks(document: ResultDocument) -> list[str]:
    """Give each process with how long after its start its first hook was in place, where that was measured.

    Where there are several recordings, each names its own.
    """
    several = len(document.recordings) > 1
    return [
        f"{f'{one.recording} ' if several else ''}{one.process} {one.first_hook_us / 1_000_000:.3f} s"
        for one in document.coverage.processes
        if one.first_hook_us is not None
    ]


def tally(document: ResultDocument) -> list[tuple[str, int]]:
    """Count the verdicts by outcome, the gravest first; outcomes that no rule has are left out."""
    counts = Counter(verdict.outcome for verdict in document.verdicts)
    return [(outcome.value, counts[outcome]) for outcome in _SEVERITY if counts[outcome]]


@dataclass(frozen=True, slots=True)
class Instrument:
    """How one instrument (a rule pack) stands: rules by outcome; evidence, first instant and tier of what was met."""

    pack: str
    outcomes: tuple[tuple[str, int], ...]
    evidence: int
    first_us: int | None
    tier: Tier | None


def by_instrument(document: ResultDocument) -> list[Instrument]:
    """Sum the verdicts up for each rule pack, in the order in which they were judged."""
    known = instants(document)
    packs: dict[str, list[VerdictEntry]] = {}
    for verdict in document.verdicts:
        packs.setdefault(verdict.pack, []).append(verdict)
    found = []
    for pack, verdicts in packs.items():
        counts = Counter(verdict.outcome for verdict in verdicts)
        met = [verdict for verdict in verdicts if verdict.outcome in _MET]
        named = {name for verdict in met for name in verdict.evidence}
        tiers = [verdict.tier for verdict in met if verdict.tier is not None]
        found.append(
            Instrument(
                *(pack, tuple((outcome.value, counts[outcome]) for outcome in _SEVERITY if counts[outcome])),
                evidence=len(named),
                first_us=first_us(named, known),
                tier=max(tiers, key=lambda tier: tier.rank, default=None),
            )
        )
    return found


def by_sdk(document: ResultDocument) -> list[Share]:
    """Group what was read by the SDK that read it, most first, and by phase.

    Reads are counted; the tier says how far what was read got in that phase by the same SDK.
    """
    reads, sent = [], defaultdict(set)
    for seen in document.observations:
        if seen.channel is Channel.API:
            reads.append((_sdk_name(seen), seen))
        elif seen.sdk is not None and seen.owner is not Owner.OTHER:
            sent[_sdk_name(seen), seen.phase, seen.data_type].add(seen.tier)
    return [_reached(share, sent) for share in _shares(reads)]


def _reached(share: Share, sent: Mapping[tuple[str, Phase, str], set[Tier]]) -> Share:
    tiers = {tier for name in share.data_types for tier in sent.get((share.name, share.phase, name), ())}
    return replace(share, tier=max({share.tier, *tiers}, key=lambda tier: tier.rank))


def read_phases(document: ResultDocument) -> dict[tuple[str, str, str], tuple[Phase, ...]]:
    """Give the phases in which each data type was read in each recording by each SDK, in their order."""
    found: defaultdict[tuple[str, str, str], set[Phase]] = defaultdict(set)
    for seen in document.observations:
        if seen.channel is Channel.API:
            found[seen.ref.recording, seen.data_type, _sdk_name(seen)].add(seen.phase)
    return {read: tuple(phase for phase in Phase if phase in phases) for read, phases in found.items()}


def by_recipient(document: ResultDocument) -> list[Share]:
    """Group what the app sent by who received it, most first, and by phase; what another app sent is not among it."""
    return _shares(
        (seen.recipient.company or seen.recipient.host, seen)
        for seen in document.observations
        if seen.recipient is not None and seen.tier is not Tier.DECLARED and seen.owner is not Owner.OTHER
    )


def named(share: Share, language: Language) -> str:
    """Give the name of an SDK or recipient, with whose party it is beside a recipient."""
    parties = joined((label("party", party, language) for party in share.party), language)
    return f"{share.name} ({parties})" if parties else share.name


def _sdk_name(seen: ObservationEntry) -> str:
    return "unknown" if seen.sdk is None else seen.sdk.name or seen.sdk.id


class _Group:
    """What one name read or received in one phase."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.tiers: Counter[Tier] = Counter()

    def add(self, seen: ObservationEntry) -> None:
        self.types.add(seen.data_type)
        self.tiers[seen.tier] += 1


def _shares(named: Iterable[tuple[str, ObservationEntry]]) -> list[Share]:
    groups: defaultdict[str, defaultdict[Phase, _Group]] = defaultdict(lambda: defaultdict(_Group))
    parties: defaultdict[str, set[Party]] = defaultdict(set)
    for name, seen in named:
        groups[name][seen.phase].add(seen)
        parties[name] |= {seen.recipient.party} if seen.recipient else set()
    return [
        Share(
            name=name,
            party=tuple(party for party in Party if party in parties[name]),
            phase=phase,
            data_types=tuple(sorted(phases[phase].types)),
            count=phases[phase].tiers.total(),
            tier=max(phases[phase].tiers, key=lambda tier: tier.rank),
        )
        for name, phases in sorted(groups.items(), key=_most_first)
        for phase in Phase
        if phase in phases
    ]


def _most_first(group: tuple[str, Mapping[Phase, _Group]]) -> tuple[int, int, str]:
    name, phases = group
    types = {one for phase in phases.values() for one in phase.types}
    return -len(types), -sum(phase.tiers.total() for phase in phases.values()), name


@dataclass(frozen=True, slots=True)
class Watched:
    """How much of one recording was in view: its hooks armed, proven and asked for; its connections, by being read."""

    recording: str
    armed: int
    proven: int
    asked: int
    flows_read: int
    flows_opaque: int
    flows_tapped: int = 0


def watched(document: ResultDocument) -> list[Watched]:
    """Tell for each recording how much of it was in view; what several had is never added up."""
    found = []
    for recording in document.recordings:
        hooks = [hook for hook in document.coverage.hooks if hook.recording == recording.name]
        flows = [
            (flow.flow_index, flow.tunnel, flow.kind) for flow in document.flows if flow.ref.recording == recording.name
        ]
        opened = {tunnel for _, tunnel, _ in flows} - {None}
        read = [kind is not FlowKind.TLS for index, _, kind in flows if index not in opened]
        found.append(
            Watched(
                recording.name,
                armed=sum(hook.status is HookStatus.ARMED for hook in hooks),
                proven=sum(hook.proven > 0 for hook in hooks),
                asked=len(hooks),
                flows_read=sum(read),
                flows_opaque=len(read) - sum(read),
                flows_tapped=len(opened),
            )
        )
    return found


def decisions_by_rule(document: ResultDocument) -> dict[str, DecisionEntry]:
    """Give the analyst's newest decision on each rule that has one."""
    return {one.rule: one for one in document.decisions}
