"""Observes personal data on the network: every part of every flow, by every way of knowing."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from sys import intern
from typing import Final

from analyzer.analysis.answers import Answers, Doubts, Given, given_in, trust_less
from analyzer.analysis.constancy import Constancy
from analyzer.analysis.copies import copier
from analyzer.analysis.decode import Leaf
from analyzer.analysis.decode_flow import decode_record, lines_of, told_of
from analyzer.analysis.detect_known import tell_hits
from analyzer.analysis.detect_unknown import detect_unknown
from analyzer.analysis.hosts import is_this_device
from analyzer.analysis.indicator import Hit
from analyzer.analysis.indicators import Indicators
from analyzer.analysis.matching import Moment
from analyzer.analysis.packed import is_near, packed
from analyzer.analysis.placement import Placement
from analyzer.analysis.same_value import Names, by_same_value
from analyzer.analysis.shape_checks import Context
from analyzer.analysis.sighting import Sighting
from analyzer.model.carried import carried
from analyzer.model.evidence import BlobReader, EvidenceRef, FlowRecord, Request
from analyzer.model.results import Flow, Observation, SeenGap
from analyzer.model.vocabulary import Channel, GapKind, Source, Tier, Where
from analyzer.packs.taxonomy import Taxonomy

MOST_PLACES: Final = 1000
"""At so many places of one record a data type is told."""
_OTHER: Final = 0.7
"""At most so sure is a value where another of its type is known of the device."""
_OWN: Final = ("id.", "person.", "loc.wifi_current", "fin.")
"""Types that a device or a person has few of."""

_LARGEST: Final = 2**62

_UNRECEIVED: Final = 0.5
"""The confidence in a sending that no one received; it is an indication at most."""
_ITSELF: Final = "the device itself is named as the host, so that nobody may have received it"


@carried
@dataclass(frozen=True, slots=True)
class Seen:
    """Observations on the network (without ids), what could not be looked at, and what an answer gave."""

    observations: Sequence[Observation]
    gaps: tuple[SeenGap, ...]
    given: Given | None = None


def observe_flows(
    flows: Sequence[Flow],
    indicators: Indicators,
    taxonomy: Taxonomy,
    places: Mapping[str, Placement],
    read_blob: BlobReader,
    package: str = "",
) -> Seen:
    """Give one observation per data type and place of every flow of an app, whose records are all at hand."""
    watcher = Watcher(indicators, taxonomy, places, read_blob, package)
    seen = ((flow, [watcher.look(_ref(flow, number), record) for number, record in lines_of(flow)]) for flow in flows)
    return settle(seen)[0]


@dataclass(frozen=True, slots=True)
class Watcher:
    """Looks at one record after the other; knows nothing of the flows that they belong to. `package` is the app's."""

    indicators: Indicators
    taxonomy: Taxonomy
    places: Mapping[str, Placement]
    read_blob: BlobReader
    package: str = ""
    known: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Note once of which types values are known."""
        object.__setattr__(self, "known", self.indicators.types())

    def look(self, ref: EvidenceRef, record: FlowRecord) -> Seen:
        """Give what one record carries; `settle` says of it later to which flow it belongs."""
        decoded = decode_record(ref, record, self.read_blob, self.indicators.sought(self.taxonomy))
        place = self.places[ref.recording]
        moment = Moment(ref.recording, place.instant(record))
        until = place.end(record) if isinstance(record, Request) else moment.instant
        given = given_in(record, moment.instant.at_us)
        times = moment.instant.at_us, until.at_us if until > moment.instant else None
        gaps = tuple(_timed(gap, *times) for gap in decoded.gaps)
        if not decoded.leaves:
            return Seen((), gaps, given)
        over: set[str] = set()
        found = _bounded(self._observe(decoded.leaves, ref, moment, self._context(record), over), over)
        if until > moment.instant:
            found = [_until(one, until) if one.where is Where.BODY else one for one in found]
        limits = (SeenGap("", ref, ref.recording, GapKind.DECODE_LIMIT, "", why, *times) for why in sorted(over))
        return Seen(tuple(found), (*gaps, *limits), given)

    def _observe(
        self, leaves: Sequence[Leaf], ref: EvidenceRef, moment: Moment, context: Context, over: set[str]
    ) -> Iterator[Observation]:
        parts = [(where, list(group)) for where, group in groupby(leaves, key=_where)]
        hits = _by_part(parts, self.indicators.search(leaves, self.taxonomy))
        for at, (where, part) in enumerate(parts):
            known = tell_hits(hits[at], self.taxonomy, moment) if at in hits else []
            unknown = [] if where is Where.RESPONSE else _by_shape(part, known, self.taxonomy, context, over)
            unknown = [self._held_against_known(one) for one in unknown]
            for sighting in _once_per_place([*known, *unknown]):
                yield _observation(ref, where, moment, sighting)

    def _context(self, record: FlowRecord) -> Context:
        if not isinstance(record, Request):
            return Context(package=self.package)
        return Context(record.host, record.target, record.method, self.package)

    def _held_against_known(self, sighting: Sighting) -> Sighting:
        """Make a find less sure where the device's own value of that type is known, and is another one."""
        own = sighting.data_type.startswith(_OWN) and sighting.data_type in self.known
        if not own or sighting.confidence <= _OTHER:
            return sighting
        why = f"{sighting.reasoning}; the value of this type that is known of the device is another one"
        return replace(sighting, confidence=_OTHER, reasoning=why)


def settle(
    seen: Iterable[tuple[Flow, Sequence[Seen]]], answers: Mapping[str, Answers] | None = None
) -> tuple[Seen, bool]:
    """Give what was seen in the records of flows, in the order of the flows, each told to which one it belongs.

    Beside it is said whether the observations are near the order of their times (see `in_order`).

    Only all of them together show which identifiers change all the time and are left out, and which an answer had
    given before; `answers` are those that were set apart already.
    """
    told = _Told(dict(answers or {}))
    observations = packed(told.observations(seen))
    lasting = told.constancy.without_changing(observations, told.hosts)
    named = told.names.told(lasting) if lasting is observations else by_same_value(lasting)
    trusted = told.doubts.told if named is observations else trust_less
    return Seen(trusted(named, told.answers), tuple(told.gaps)), is_near(told.times)


class _Told:
    """What is noted while the observations are told."""

    def __init__(self, answers: dict[str, Answers]) -> None:
        self.answers = answers
        self.gaps: list[SeenGap] = []
        self.hosts: list[str] = []
        self.times = array("q")
        self.constancy, self.names, self.doubts = Constancy(), Names(), Doubts()

    def observations(self, seen: Iterable[tuple[Flow, Sequence[Seen]]]) -> Iterator[Observation]:
        """Give the observations of each flow."""
        for flow, found in seen:
            at_home, host = is_this_device(flow.host), intern(flow.host)
            for one in found:
                for observation in one.observations:
                    told = _in_flow(observation, flow.index, flow.owner)
                    yield self._noted(_to_itself(told) if at_home else told, host)
                self.gaps.extend(told_of(gap, flow) for gap in one.gaps)
                if one.given is not None:
                    self.answers.setdefault(flow.ref.recording, Answers()).note(one.given)

    def _noted(self, one: Observation, host: str) -> Observation:
        self.hosts.append(host)
        self.times.append(max(-_LARGEST, min(one.instant.at_us, _LARGEST)))
        self.constancy.note(one, host)
        self.names.note(one)
        self.doubts.note(one)
        return one


def _ref(flow: Flow, number: int) -> EvidenceRef:
    return EvidenceRef(flow.ref.recording, Source.FLOWS, number)


def _to_itself(one: Observation) -> Observation:
    """Trust less what was sent to the device itself: nobody receives it, if the name that the app gave is true."""
    return replace(one, confidence=min(one.confidence, _UNRECEIVED), reasoning=f"{one.reasoning}; {_ITSELF}")


def _by_part(parts: Sequence[tuple[Where, Sequence[Leaf]]], hits: Sequence[Hit]) -> dict[int, list[Hit]]:
    """Give the finds of each part, in their order."""
    found: dict[int, list[Hit]] = defaultdict(list)
    if not hits:
        return found
    alone = {where: at for at, (where, _) in enumerate(parts)}
    if len(alone) == len(parts):
        for hit in hits:
            found[alone[hit.leaf.where]].append(hit)
        return found
    number = {id(leaf): at for at, (_, part) in enumerate(parts) for leaf in part}
    for hit in hits:
        found[number[id(hit.leaf)]].append(hit)
    return found


def _by_shape(
    leaves: Sequence[Leaf], known: Iterable[Sighting], taxonomy: Taxonomy, context: Context, over: set[str]
) -> list[Sighting]:
    explained = {leaf.path for sighting in known for leaf in sighting.leaves}
    rest = [leaf for leaf in leaves if leaf.path not in explained and not leaf.container]
    return detect_unknown(rest, taxonomy, context, over)


def _bounded(observations: Iterable[Observation], over: set[str]) -> list[Observation]:
    """Tell each data type at so many places of a record at most; that there are more is added to `over`."""
    told: Counter[str] = Counter()
    kept = []
    for one in observations:
        told[one.data_type] += 1
        if told[one.data_type] <= MOST_PLACES:
            kept.append(one)
    for data_type, count in told.items():
        if count > MOST_PLACES:
            over.add(f"{data_type} is at {count} places of this record, of which the first {MOST_PLACES} are told")
    return kept


def _once_per_place(sightings: Iterable[Sighting]) -> list[Sighting]:
    best: dict[tuple[str, str], Sighting] = {}
    for sighting in sightings:
        key = (sighting.data_type, sighting.path)
        if key not in best or len(sighting.encodings) < len(best[key].encodings):
            best[key] = sighting
    return list(best.values())


def _observation(ref: EvidenceRef, where: Where, moment: Moment, sighting: Sighting) -> Observation:
    answered = where is Where.RESPONSE
    reasoning = f"{sighting.reasoning}{_ANSWER if answered else ''}"
    return Observation(
        id="",
        ref=ref,
        instant=moment.instant,
        data_type=sighting.data_type,
        channel=Channel.NETWORK,
        where=where,
        path=intern(sighting.path),
        encodings=sighting.encodings,
        value=intern(sighting.value),
        method=sighting.method,
        tier=Tier.DECLARED if answered else Tier.TRANSMITTED,
        confidence=sighting.confidence,
        reasoning=intern(reasoning),
        origins=(*sighting.origins, *sighting.via),
        chain=(where.value, *sighting.steps()),
    )


_where: Final[Callable[[Leaf], Where]] = attrgetter("where")
_until: Final = copier(Observation, "until")
_timed: Final = copier(SeenGap, "at_us", "until_us")
_in_flow: Final = copier(Observation, "flow_index", "owner")
_ANSWER: Final = "; it came back in an answer, which is no transmission by the app"
