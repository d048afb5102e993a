"""Write the result as CASE/UCO, the ontology in which forensic tools exchange cases: JSON-LD."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from itertools import starmap
from typing import Any, Final, TypeAlias

from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import EventEntry, FlowEntry
from analyzer.report.document_results import DecisionEntry, LinkEntry, ObservationEntry, VerdictEntry
from analyzer.report.json_pieces import object_pieces
from analyzer.report.labels import title
from analyzer.report.seen import place_of
from analyzer.report.text import shown

Node: TypeAlias = dict[str, Any]

_CASE: Final = "https://ontology.caseontology.org/case/investigation/"
_UCO: Final = "https://ontology.unifiedcyberontology.org/uco/"
CONTEXT: Final[Node] = {
    "case-investigation": _CASE,
    **{f"uco-{part}": f"{_UCO}{part}/" for part in ("action", "core", "identity", "observable", "tool", "types")},
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "analyzer": "urn:analyzer:result:1:",
    "kb": "urn:analyzer:session:",
}
_SPACE: Final = uuid.UUID("6f0b6d0c-2f1e-5c56-9d0f-6a3d1c0a7f10")
"""Names of nodes are made from this and from what they stand for: equal documents give equal files."""
_TEXT: Final = 1000
_LARGEST_PORT: Final = 65535


def case_pieces(document: ResultDocument) -> Iterator[bytes]:
    """Write the graph: investigation, tool, device, app, calls and traffic with personal data, links, verdicts."""
    members = (("@context", _line(CONTEXT)), ("@graph", map(_line, _Graph(document).nodes())))
    return object_pieces(members)


def _line(node: Node) -> bytes:
    return json.dumps(node, ensure_ascii=False).encode("utf-8", "backslashreplace")


class _Graph:
    """Makes the nodes of one document."""

    def __init__(self, document: ResultDocument) -> None:
        self._document = document
        self._carrying = {place_of(one.ref) for one in document.observations}
        sent = {one.flow_index for one in document.observations}
        self._flow_ids: dict[int | None, str] = {
            one.flow_index: one.id for one in document.flows if one.flow_index in sent
        }

    def nodes(self) -> Iterator[Node]:
        document = self._document
        yield from self._frame()
        yield from map(self._event, self._events())
        yield from (self._flow(one) for one in document.flows if one.flow_index in self._flow_ids)
        yield from map(self._observation, document.observations)
        events = {event.id for event in self._events()}
        for link in document.links:
            if link.event in events and link.flow_index in self._flow_ids:
                yield self._link(link, self._flow_ids[link.flow_index])
        yield from map(self._verdict, document.verdicts)
        yield from starmap(self._decision, enumerate(document.decisions))

    def _events(self) -> Iterator[EventEntry]:
        return (one for one in self._document.events if place_of(one.ref) in self._carrying)

    def _id(self, kind: str, name: str) -> str:
        made = uuid.uuid5(_SPACE, f"{self._document.session.id}\0{kind}\0{name}")
        return f"kb:{kind}-{made}"

    def _ref(self, kind: str, name: str) -> Node:
        return {"@id": self._id(kind, name)}

    def _node(self, kind: str, name: str, type_: str, **keys: Any) -> Node:
        filled = {key.replace("__", ":"): value for key, value in keys.items() if value not in ("", [], None)}
        renamed = {_key(key): value for key, value in filled.items()}
        return {"@id": self._id(kind, name), "@type": type_, **renamed}

    def _facet(self, owner: str, type_: str, **keys: Any) -> Node:
        return self._node("facet", f"{owner} {type_}", f"uco-observable:{type_}", **keys)

    def _frame(self) -> Iterator[Node]:
        session = self._document.session
        app, device = session.app, session.device
        yield self._node(
            "investigation", "", "case-investigation:Investigation",
            core__name=_short(session.case or session.id),
            core__description=". ".join(
                filter(None, (f"What {_short(app.package)} does with personal data, and when", session.redaction))
            ),
            core__object=[self._ref("app", ""), self._ref("device", ""), self._ref("evidence", "")],
        )  # fmt: skip
        yield self._node(
            "tool", "", "uco-tool:Tool", core__name="analyzer", tool__version=_short(session.tool.analyzer)
        )
        if session.operator:
            yield self._node("operator", "", "uco-identity:Person", core__name=_short(session.operator))
        yield self._node(
            "device", "", "uco-observable:MobileDevice",
            core__hasFacet=[self._facet(
                "device", "DeviceFacet",
                observable__model=_short(device.model), observable__serialNumber=_short(device.serial),
            )],
        )  # fmt: skip
        yield self._node(
            "app", "", "uco-observable:Application",
            core__name=_short(app.label or app.package),
            core__hasFacet=[self._facet(
                "app", "ApplicationFacet",
                observable__applicationIdentifier=_short(app.package), observable__version=_short(app.version_name),
            )],
        )  # fmt: skip
        yield self._evidence()
        yield self._action()

    def _evidence(self) -> Node:
        digest = self._document.session.digest
        value = {"@type": "xsd:hexBinary", "@value": digest}
        method = "SHA256"
        hash_ = self._node("hash", digest, "uco-types:Hash", types__hashMethod=method, types__hashValue=value)
        sealed = "sealed" if self._document.session.sealed else "not sealed"
        return self._node(
            "evidence", "", "uco-observable:ObservableObject",
            core__name=_short(self._document.session.id),
            core__description=f"The recordings of the session, {sealed}; the hash stands for every file of it",
            core__hasFacet=[self._facet("evidence", "ContentDataFacet", observable__hash=[hash_])],
        )  # fmt: skip

    def _action(self) -> Node:
        session = self._document.session
        results = [self._ref("event", one.id) for one in self._events()]
        results += [self._ref("flow", name) for name in self._flow_ids.values()]
        results += [self._ref("observation", one.id) for one in self._document.observations]
        return self._node(
            "action", "", "case-investigation:InvestigativeAction",
            core__name=f"analysis {_short(session.run_id)}",
            action__instrument=[self._ref("tool", "")],
            action__performer=self._ref("operator", "") if session.operator else None,
            action__object=[self._ref("evidence", ""), self._ref("app", ""), self._ref("device", "")],
            action__result=results,
            action__startTime=_time(session.created),
        )  # fmt: skip

    def _event(self, event: EventEntry) -> Node:
        return self._node(
            "event", event.id, "uco-observable:ObservableAction",
            core__name=_short(event.api),
            core__description=f"called in {_short(event.process)}, evidence {event.id}",
            action__startTime=_time(event.at),
            analyzer__phase=event.phase.value,
        )  # fmt: skip

    def _flow(self, flow: FlowEntry) -> Node:
        port = flow.port if 0 <= flow.port <= _LARGEST_PORT else 0
        host = self._node(
            "host", flow.id, "uco-observable:DomainName",
            core__hasFacet=[self._facet(flow.id, "DomainNameFacet", observable__value=_short(flow.host))],
        )  # fmt: skip
        return self._node(
            "flow", flow.id, "uco-observable:NetworkConnection",
            core__name=_short(flow.request_line),
            core__description=f"flow {flow.flow_index}, evidence {flow.id}",
            core__hasFacet=[self._facet(
                flow.id, "NetworkConnectionFacet",
                observable__dst=[host], observable__destinationPort=port, observable__startTime=_time(flow.at),
            )],
            analyzer__phase=flow.phase.value,
        )  # fmt: skip

    def _observation(self, seen: ObservationEntry) -> Node:
        carrier = self._ref("event", seen.event_id) if seen.event_id else None
        if carrier is None and seen.flow_index in self._flow_ids:
            carrier = self._ref("flow", self._flow_ids[seen.flow_index])
        return self._node(
            "observation", seen.id, "uco-core:Assertion",
            core__name=f"{_short(seen.data_type)} {seen.tier.value}",
            core__statement=[f"{_short(seen.where.value)} {_short(seen.path)} contains {_short(seen.value)}"],
            core__description=_short(seen.reasoning),
            analyzer__dataType=_short(seen.data_type),
            analyzer__tier=seen.tier.value,
            analyzer__phase=seen.phase.value,
            analyzer__chain=[_short(step) for step in seen.chain],
            analyzer__confidence=seen.confidence,
            analyzer__seenIn=carrier,
        )  # fmt: skip

    def _link(self, link: LinkEntry, flow: str) -> Node:
        return self._node(
            "link", link.id, "uco-observable:ObservableRelationship",
            core__source=self._ref("event", link.event),
            core__target=self._ref("flow", flow),
            core__kindOfRelationship="Sent_In",
            core__isDirectional={"@type": "xsd:boolean", "@value": "true"},
            core__description=f"known by {link.method.value}, {link.distance_us} microseconds later",
            analyzer__confidence=link.confidence,
        )  # fmt: skip

    def _verdict(self, verdict: VerdictEntry) -> Node:
        return self._node(
            "verdict", verdict.rule, "uco-core:Assertion",
            core__name=_short(f"{verdict.rule} {verdict.clause} {title(verdict.title)}"),
            core__statement=[f"{_short(verdict.rule)}: {verdict.outcome.value}"],
            core__description=_short("; ".join(verdict.reasons)),
            analyzer__outcome=verdict.outcome.value,
            analyzer__evidence=[_short(name) for name in verdict.evidence],
            analyzer__confidence=verdict.confidence if verdict.evidence else None,
        )  # fmt: skip

    def _decision(self, number: int, one: DecisionEntry) -> Node:
        return self._node(
            "decision", str(number), "uco-core:Assertion",
            core__name=_short(f"an analyst's decision on {one.rule}"),
            core__statement=[f"{_short(one.rule)}: {one.outcome.value}"],
            core__description=_short(one.why),
            analyzer__outcome=one.outcome.value,
            analyzer__analyst=_short(one.operator),
            analyzer__decidedAt=_time(one.at),
            analyzer__on=self._ref("verdict", one.rule),
        )  # fmt: skip


def _key(name: str) -> str:
    room, _, key = name.partition(":")
    return name if room == "analyzer" else f"uco-{room}:{key}"


def _short(foreign: str) -> str:
    return shown(foreign, _TEXT)


def _time(at: str | None) -> Node | None:
    return {"@type": "xsd:dateTime", "@value": at} if at else None
