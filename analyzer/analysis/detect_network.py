"""Observes personal data on the network: every part of every flow, by every way of knowing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from analyzer.analysis.decode import Leaf
from analyzer.analysis.decode_flow import decode_flow
from analyzer.analysis.detect_key import detect_places
from analyzer.analysis.detect_known import detect_known
from analyzer.analysis.detect_pattern import detect_patterns
from analyzer.analysis.indicators import Indicators
from analyzer.analysis.matching import Moment
from analyzer.analysis.placement import Placement
from analyzer.analysis.sighting import Sighting
from analyzer.model.clock import Instant
from analyzer.model.evidence import BlobReader, EvidenceRef
from analyzer.model.results import Flow, Observation, SeenGap
from analyzer.model.vocabulary import Channel, Tier, Where
from analyzer.packs.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Seen:
    """Observations on the network (without ids), and what could not be looked at."""

    observations: tuple[Observation, ...]
    gaps: tuple[SeenGap, ...]


def observe_flows(
    flows: Sequence[Flow],
    indicators: Indicators,
    taxonomy: Taxonomy,
    places: Mapping[str, Placement],
    read_blob: BlobReader,
) -> Seen:
    """Give one observation per data type and place of every flow."""
    observations: list[Observation] = []
    gaps: list[SeenGap] = []
    for flow in flows:
        decoded = decode_flow(flow, read_blob)
        observations += observe_leaves(flow, decoded.leaves, indicators, taxonomy, places[flow.ref.recording])
        gaps += decoded.gaps
    return Seen(tuple(observations), tuple(gaps))


def observe_leaves(
    flow: Flow, leaves: Sequence[Leaf], indicators: Indicators, taxonomy: Taxonomy, place: Placement
) -> Iterator[Observation]:
    """Give the observations of one flow from its decoded leaves."""
    instants = _instants(flow, place)
    for (ref, where), group in groupby(leaves, key=lambda leaf: (leaf.ref, leaf.where)):
        part = list(group)
        moment = Moment(ref.recording, instants[ref.line])
        known = detect_known(part, indicators, taxonomy, moment)
        unknown = [] if where is Where.RESPONSE else _by_shape(part, known, taxonomy)
        for sighting in _once_per_place([*known, *unknown]):
            yield _observation(flow, ref, where, moment, sighting)


def _by_shape(leaves: Sequence[Leaf], known: Iterable[Sighting], taxonomy: Taxonomy) -> list[Sighting]:
    explained = {leaf.path for sighting in known for leaf in sighting.leaves}
    rest = [leaf for leaf in leaves if leaf.path not in explained and not leaf.container]
    return [*detect_patterns(rest, taxonomy), *detect_places(rest)]


def _once_per_place(sightings: Iterable[Sighting]) -> list[Sighting]:
    best: dict[tuple[str, str], Sighting] = {}
    for sighting in sightings:
        key = (sighting.data_type, sighting.path)
        if key not in best or len(sighting.encodings) < len(best[key].encodings):
            best[key] = sighting
    return list(best.values())


def _instants(flow: Flow, place: Placement) -> dict[int, Instant]:
    """Give the instant of every record of the flow by its line; a request counts from its start."""
    instants = {number: place.instant(message) for number, message in flow.messages}
    if flow.response is not None:
        instants[flow.response.number] = place.instant(flow.response.record)
    instants[flow.ref.line] = flow.instant
    return instants


def _observation(flow: Flow, ref: EvidenceRef, where: Where, moment: Moment, sighting: Sighting) -> Observation:
    answered = where is Where.RESPONSE
    reasoning = f"{sighting.reasoning}{_ANSWER if answered else ''}"
    return Observation(
        id="",
        ref=ref,
        instant=moment.instant,
        data_type=sighting.data_type,
        channel=Channel.NETWORK,
        where=where,
        path=sighting.path,
        encodings=sighting.encodings,
        value=sighting.value,
        method=sighting.method,
        tier=Tier.DECLARED if answered else Tier.TRANSMITTED,
        confidence=sighting.confidence,
        reasoning=reasoning,
        flow_index=flow.index,
        owner=flow.owner,
        origins=(*sighting.origins, *sighting.via),
        chain=(where.value, *sighting.steps()),
    )


_ANSWER: Final = "; it came back in an answer, which is no transmission by the app"
