"""What the page's script works on: the document and its exhibits as compact JSON, every text bounded and visible."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from analyzer.model.exhibits import Exhibits
from analyzer.model.vocabulary import Tier
from analyzer.report.document import ResultDocument
from analyzer.report.document_evidence import FlowEntry, GapEntry, HookEntry, RecipientEntry, RecordingEntry
from analyzer.report.document_results import LinkEntry, ObservationEntry, PhaseEntry, TimelineItem
from analyzer.report.page_exhibits import event_details, excerpt_details
from analyzer.report.page_script import Row, Rows
from analyzer.report.sentences import chinese
from analyzer.report.summary import start_us
from analyzer.report.text import shown

ENTRIES: Final = 50_000
"""How many entries of one kind the page holds; it says when there are more."""

_T = TypeVar("_T")


def page_data(document: ResultDocument, exhibits: Exhibits) -> Row:
    """Give what the script needs for its first picture; times are microseconds since the session's start."""
    clock = Clock([recording.name for recording in document.recordings], start_us(document))
    tiers = {one.id: one.tier for one in document.observations}
    hosts = {flow.id: flow.host for flow in document.flows}
    lists: dict[str, Iterable[Row]] = {
        "timeline": Rows(_bounded(document.timeline), lambda one: clock.item(one, hosts, tiers)),
        "observations": Rows(_bounded(document.observations), clock.observation),
        "links": Rows(_bounded(document.links), _link),
        "flows": Rows(_bounded(document.flows), clock.flow),
        "gaps": Rows(_bounded(document.gaps), clock.gap),
        "hooks": Rows(_bounded(document.coverage.hooks), clock.hook),
    }
    return {
        "start": clock.start,
        "types": _type_names(document, exhibits),
        "recordings": [clock.recording(one) for one in document.recordings],
        "phases": [clock.phase(one) for one in _bounded(document.phases)],
        **lists,
        "totals": {
            name: len(getattr(document.coverage if name == "hooks" else document, name)) for name in (*lists, "events")
        },
        "withheld": exhibits.withheld,
        "chinese": _chinese(document),
    }


def page_details(document: ResultDocument, exhibits: Exhibits) -> Row:
    """Give what the script needs when something is opened: calls with arguments and stack, requests, pictures."""
    start = start_us(document)
    names = [recording.name for recording in document.recordings]
    return {
        **event_details(_bounded(document.events), names, start),
        "excerpts": {index: excerpt_details(one) for index, one in sorted(exhibits.excerpts.items())},
        "screens": {f"{ref.recording}/{ref.source}/{ref.line}": key for ref, key in exhibits.screens.items()},
        "pictures": {
            key: {
                "width": one.width,
                "height": one.height,
                "data": f"data:{one.media_type};base64,{base64.b64encode(one.data).decode('ascii')}",
            }
            for key, one in exhibits.pictures.items()
        },
    }


def _chinese(document: ResultDocument) -> dict[str, str]:
    """Give the Chinese of every sentence of ours that the page holds, where there is any."""
    found = {shown(one): shown(chinese(one)) for one in dict.fromkeys(_sentences(document))}
    return {english: words for english, words in found.items() if english != words}


def _sentences(document: ResultDocument) -> Iterator[str]:
    yield from (one.title for one in _bounded(document.timeline))
    yield from (one.reasoning for one in _bounded(document.phases))
    yield from (one.reasoning for one in _bounded(document.observations))
    yield from (one.recipient.reasoning for one in _bounded(document.flows) if one.recipient)
    for gap in _bounded(document.gaps):
        yield from (gap.why, gap.kind.replace("_", " "))


def _bounded(entries: Sequence[_T]) -> Sequence[_T]:
    return entries[:ENTRIES]


def _type_names(document: ResultDocument, exhibits: Exhibits) -> dict[str, list[str]]:
    used = {one.data_type for one in document.observations} | {
        name for item in document.timeline for name in item.data_types
    }
    return {shown(name): both(exhibits.data_types.get(name, {}), name) for name in sorted(used)}


def both(words: Mapping[str, str], otherwise: str) -> list[str]:
    """Give a name in English and in Chinese, each in the other where it has none."""
    some = next(iter(words.values()), otherwise)
    return [shown(words.get("en", some)), shown(words.get("zh", some))]


def _tier(ids: Iterable[str], tiers: Mapping[str, Tier]) -> str:
    known = [tiers[one] for one in ids if one in tiers]
    return max(known, key=lambda tier: tier.rank).value if known else ""


def _recipient(one: RecipientEntry | None) -> Row:
    if one is None:
        return {"to": "", "country": "", "party": "", "whose": ""}
    return {
        "to": shown(one.company or one.host),
        "country": shown(one.country),
        "party": one.party.value,
        "whose": shown(one.reasoning),
    }


def _link(one: LinkEntry) -> Row:
    return {
        "id": one.id,
        "event": shown(one.event),
        "flow": one.flow_index,
        "obs": one.observation or "",
        "method": one.method.value,
        "distance": one.distance_us,
        "confidence": one.confidence,
    }


class Clock:
    """Writes entries with their instants as distances from the session's start, and recordings by number."""

    def __init__(self, names: Sequence[str], start: int) -> None:
        self._names = {name: number for number, name in enumerate(names)}
        self.start = start

    def since(self, at_us: int | None) -> int | None:
        """Give the distance of an instant."""
        return None if at_us is None else at_us - self.start

    def at(self, at_us: int, recording: str) -> Row:
        """Say when and in which recording; -1 for one that the document does not have."""
        return {"t": at_us - self.start, "r": self._names.get(recording, -1)}

    def recording(self, one: RecordingEntry) -> Row:
        """Write a recording."""
        return {
            "name": shown(one.name),
            "strategy": one.strategy.value,
            "from": self.since(one.start_us),
            "to": self.since(one.end_us),
        }

    def phase(self, one: PhaseEntry) -> Row:
        """Write a phase of consent."""
        return {
            "r": self._names.get(one.recording, -1),
            "phase": one.phase.value,
            "state": one.app_state.value,
            "from": self.since(one.start_us),
            "to": self.since(one.end_us),
            "why": shown(one.reasoning),
        }

    def item(self, one: TimelineItem, hosts: Mapping[str, str], tiers: Mapping[str, Tier]) -> Row:
        """Write an entry of the timeline."""
        name = f"{one.ref.recording}/{one.ref.source.value}/{one.ref.line}" if one.ref else ""
        return {
            **self.at(one.at_us, one.recording),
            "id": shown(name),
            "kind": shown(one.kind),
            "title": shown(one.title),
            "phase": one.phase.value,
            "state": one.app_state.value,
            "types": [shown(name) for name in one.data_types],
            "sdk": shown(one.sdk),
            "to": shown(one.recipient),
            "host": shown(hosts.get(name, "")),
            "tier": _tier(one.observations, tiers),
            "obs": list(one.observations),
        }

    def observation(self, one: ObservationEntry) -> Row:
        """Write an observation."""
        return {
            **self.at(one.at_us, one.ref.recording),
            "id": one.id,
            "type": shown(one.data_type),
            "where": one.where.value,
            "path": shown(one.path),
            "chain": [shown(step) for step in one.chain],
            "value": shown(one.value),
            "method": one.method.value,
            "tier": one.tier.value,
            "phase": one.phase.value,
            "state": one.app_state.value,
            "sdk": shown(one.sdk.name or one.sdk.id) if one.sdk else "",
            "maker": shown(one.sdk.company) if one.sdk else "",
            "frame": shown(one.sdk.frame) if one.sdk else "",
            "to": shown(one.recipient.company or one.recipient.host) if one.recipient else "",
            "event": shown(one.event_id or ""),
            "flow": one.flow_index,
            "origins": [shown(name) for name in one.origins],
            "owner": one.owner.value,
            "confidence": one.confidence,
            "why": shown(one.reasoning),
        }

    def flow(self, one: FlowEntry) -> Row:
        """Write a flow."""
        return {
            **self.at(one.at_us, one.ref.recording),
            "i": one.flow_index,
            "id": shown(one.id),
            "kind": one.kind.value,
            "line": shown(one.request_line),
            "host": shown(one.host),
            "port": one.port,
            "owner": one.owner.value,
            "phase": one.phase.value,
            "status": one.status,
            "sent": one.request.size if one.request else None,
            "got": one.response.size if one.response else None,
            "messages": len(one.messages),
            "error": shown(one.error),
            "read": one.read,
            "tapped": one.tapped,
            "tunnel": one.tunnel,
            **_recipient(one.recipient),
        }

    def gap(self, one: GapEntry) -> Row:
        """Write a gap."""
        return {
            **self.at(one.at_us, one.recording),
            "id": one.id,
            "until": self.since(one.until_us),
            "kind": shown(one.kind).replace("_", " "),
            "subject": shown(one.subject),
            "why": shown(one.why),
        }

    def hook(self, one: HookEntry) -> Row:
        """Write what became of a hook."""
        return {
            "r": self._names.get(one.recording, -1),
            "hook": shown(one.hook),
            "status": one.status.value,
            "proven": one.proven,
            "detail": shown(one.detail),
        }
