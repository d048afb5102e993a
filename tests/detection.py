"""Runs the whole detection over hand-built evidence, in the order in which the pipeline does."""

from __future__ import annotations

from dataclasses import dataclass

from wire import CATALOG, Wire, endpoints, missing, sdks, taxonomy

from analyzer.analysis.attribute import attribute_calls
from analyzer.analysis.attribute_sent import Attribution, gather_sending
from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.correlate import link_observations
from analyzer.analysis.detect_hook import observe_calls, observe_stored
from analyzer.analysis.detect_network import observe_flows
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.indicators_crypto import tell_cut
from analyzer.analysis.indicators_gather import gather_indicators, tell_left_out
from analyzer.analysis.numbering import number_observations
from analyzer.analysis.placement import place_session
from analyzer.analysis.recipients import RecipientNames
from analyzer.analysis.senders import match_senders
from analyzer.model.results import Link, Observation, SeenGap
from analyzer.model.vocabulary import Channel


@dataclass(frozen=True)
class Detected:
    observations: tuple[Observation, ...]
    links: tuple[Link, ...]
    gaps: tuple[SeenGap, ...]

    @property
    def sent(self) -> list[Observation]:
        return [one for one in self.observations if one.channel is Channel.NETWORK]

    def seen(self) -> list[tuple[str, str, str, tuple[str, ...]]]:
        return [(one.data_type, one.where, one.path, one.encodings) for one in self.sent]


def detect(wire: Wire) -> Detected:
    session = wire.session()
    terms, makers = taxonomy(), sdks()
    places = place_session(session)
    assembled = assemble_flows(session, places)
    calls = resolve_calls(session, places)
    callers = attribute_calls(calls, wire.package, makers)
    indicators = gather_indicators(wire.package, session.info.persona, calls, CATALOG, terms)
    seen = observe_flows(assembled.flows, indicators, terms, places, missing, wire.package)
    senders = match_senders(assembled.flows, calls, CATALOG)
    hosts = [flow.host for flow in assembled.flows]
    sending = gather_sending(seen.observations, hosts, senders, calls, callers, CATALOG, wire.package, makers)
    names = RecipientNames(wire.package, makers, endpoints())
    read = observe_calls(calls, CATALOG, callers)
    stored = observe_stored(calls, CATALOG, callers, indicators, terms)
    attribution = Attribution(hosts, sending, names)
    observations = number_observations([*read, *stored, *seen.observations], {}, attribution.of)
    links = link_observations(observations, calls, assembled.flows, senders, callers, CATALOG)
    beyond = (*tell_left_out(indicators.left_out, assembled.flows), *tell_cut(calls, CATALOG, assembled.flows))
    return Detected(observations, links, (*assembled.gaps, *seen.gaps, *beyond))
