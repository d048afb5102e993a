"""An analysis as rows of the tables; what no database could hold is made harmless here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, Final, TypeAlias

from sqlalchemy import Table

from analyzer.model.evidence import Connection, EvidenceRef, Refusal, Request, SessionInfo
from analyzer.model.results import (
    Analysis,
    Finding,
    Flow,
    Frequency,
    Link,
    Observation,
    PermissionUse,
    Recipient,
    SeenGap,
    TimelineEntry,
    Verdict,
)
from analyzer.model.vocabulary import Direction
from analyzer.store.schema import (
    FINDINGS,
    FLOWS,
    FREQUENCIES,
    GAPS,
    LINKS,
    OBSERVATIONS,
    PERMISSIONS,
    RECORDINGS,
    TIMELINE,
    VERDICTS,
)

Row: TypeAlias = dict[str, Any]
"""The values of a row by column: texts and whole numbers that any database holds, words as their enums, lists."""

BATCH: Final = 2_000
"""So many rows are held at once."""

_LARGEST: Final = 2**63 - 1


def session_row(info: SessionInfo, run_id: str) -> Row:
    """Give the row of a session."""
    row = {
        "id": info.id,
        "run_id": run_id,
        "kind": info.kind,
        "created_us": info.created_us,
        "package": info.app.package,
        "version_name": info.app.version_name,
        "version_code": info.app.version_code,
        "label": info.app.label,
        "app_sha256": info.app.sha256,
        "device_serial": info.device.serial,
        "device_kind": info.device.kind,
        "tool_version": info.tool_version,
        "case_name": info.case,
        "operator": info.operator,
    }
    return {name: storable(value) for name, value in row.items()}


def result_rows(session_id: str, analysis: Analysis) -> Iterator[tuple[Table, list[tuple[Any, ...]]]]:
    """Give the rows of every result table in the order of its columns, tables in that of writing, a batch at a time."""
    tables: tuple[tuple[Table, Iterable[Row]], ...] = (
        (RECORDINGS, _recordings(analysis)),
        (FLOWS, map(_flow, analysis.flows)),
        (OBSERVATIONS, map(_observation, analysis.observations)),
        (LINKS, map(_link, analysis.links)),
        (TIMELINE, map(_entry, analysis.timeline)),
        (GAPS, map(_gap, analysis.gaps)),
        (FINDINGS, map(_finding, analysis.findings)),
        (VERDICTS, map(_verdict, analysis.verdicts)),
        (FREQUENCIES, map(_frequency, analysis.frequencies)),
        (PERMISSIONS, map(_permission, analysis.permissions)),
    )
    for table, rows in tables:
        in_order = itemgetter(*table.columns.keys())
        numbered = _numbered(session_id, rows)
        while part := list(islice(map(in_order, numbered), BATCH)):
            yield table, part


def storable(value: Any) -> Any:
    """Make a value safe for any database: no lone surrogates, no NUL, whole numbers of 64 bits."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, (tuple, list)):
        return [storable(item) for item in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return {storable(key): storable(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def _text(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")


def _whole(number: int) -> int:
    return number if -_LARGEST <= number <= _LARGEST else max(-_LARGEST - 1, min(_LARGEST, number))


@lru_cache(maxsize=4096)
def _texts(texts: tuple[str, ...]) -> list[str]:
    return [_text(text) for text in texts]


def _numbered(session_id: str, rows: Iterable[Row]) -> Iterator[Row]:
    for index, row in enumerate(rows):
        row["session_id"] = session_id
        row["position"] = index
        yield row


def _place(ref: EvidenceRef | None, recording: str, at_us: int) -> Row:
    return {
        "recording": _text(recording),
        "ref_source": ref.source if ref else None,
        "ref_line": _whole(ref.line) if ref else None,
        "at_us": _whole(at_us),
    }


def _recordings(analysis: Analysis) -> Iterator[Row]:
    spans: dict[str, list[int]] = {}
    for span in analysis.phases:
        spans.setdefault(span.recording, []).extend((span.start_us, span.end_us))
    names = {entry.recording for entry in analysis.timeline} | {flow.ref.recording for flow in analysis.flows}
    for name in sorted(names | spans.keys(), key=_recording_order):
        instants = spans.get(name)
        yield {
            "name": _text(name),
            "strategy": _text(name.partition("-")[2]),
            "start_us": _whole(min(instants)) if instants else None,
            "end_us": _whole(max(instants)) if instants else None,
        }


def _recording_order(name: str) -> tuple[int, str]:
    number = name.partition("-")[0]
    return (int(number) if number.isdecimal() else 0, name)


def _flow(flow: Flow) -> Row:
    opening = flow.opening.record
    response = flow.response.record if flow.response else None
    sizes = {Direction.SENT: 0, Direction.RECEIVED: response.body.size if response else 0}
    if isinstance(opening, Request):
        sizes[Direction.SENT] = opening.body.size
    for _, message in flow.messages:
        sizes[message.direction] += message.body.size
    return {
        **_place(flow.ref, flow.ref.recording, flow.instant.at_us),
        **_http(opening),
        "kind": flow.kind,
        "host": _text(flow.host),
        "port": _whole(flow.port),
        "owner": flow.owner,
        "status": _whole(response.status) if response else None,
        "sent_bytes": _whole(sizes[Direction.SENT]),
        "received_bytes": _whole(sizes[Direction.RECEIVED]),
        "tapped": int(flow.tapped),
    }


def _http(opening: Request | Connection | Refusal) -> Row:
    if isinstance(opening, Request):
        return {"method": _text(opening.method), "target": _text(opening.target)}
    return {"method": "", "target": ""}


def _observation(seen: Observation) -> Row:
    return {
        **_place(seen.ref, seen.ref.recording, seen.instant.at_us),
        **_receiver(seen.recipient),
        "id": seen.id,
        "data_type": _text(seen.data_type),
        "channel": seen.channel,
        "place": seen.where,
        "path": _text(seen.path),
        "encodings": _texts(seen.encodings),
        "value": _text(seen.value),
        "method": seen.method,
        "tier": seen.tier,
        "confidence": seen.confidence,
        "reasoning": _text(seen.reasoning),
        "flow_index": seen.flow_index,
        "event_id": seen.event_id,
        "phase": seen.phase,
        "app_state": seen.app_state,
        "owner": seen.owner,
        "sdk": _text(seen.sdk.id) if seen.sdk else "",
        "sdk_company": _text(seen.sdk.company) if seen.sdk else "",
        "origins": _texts(seen.origins),
    }


@lru_cache(maxsize=1024)
def _receiver(to: Recipient | None) -> Row:
    return {
        "host": _text(to.host) if to else "",
        "registrable_domain": _text(to.registrable_domain) if to else "",
        "company": _text(to.company) if to else "",
        "country": _text(to.country) if to else "",
        "party": to.party if to else None,
    }


def _link(link: Link) -> Row:
    return {
        "id": link.id,
        "event_id": link.event,
        "flow_index": link.flow_index,
        "observation_id": link.observation,
        "method": link.method,
        "distance_us": _whole(link.distance_us),
        "confidence": link.confidence,
    }


def _entry(entry: TimelineEntry) -> Row:
    return {
        **_place(entry.ref, entry.recording, entry.instant.at_us),
        "uncertainty_us": _whole(entry.instant.uncertainty_us),
        "kind": entry.kind,
        "title": _text(entry.title),
        "phase": entry.phase,
        "app_state": entry.app_state,
        "data_types": _texts(entry.data_types),
        "sdk": _text(entry.sdk),
        "recipient": _text(entry.recipient),
        "observations": list(entry.observations),
    }


def _gap(gap: SeenGap) -> Row:
    return {
        **_place(gap.ref, gap.recording, gap.at_us),
        "id": gap.id,
        "until_us": None if gap.until_us is None else _whole(gap.until_us),
        "kind": storable(gap.kind),
        "subject": _text(gap.subject),
        "why": _text(gap.why),
    }


def _finding(finding: Finding) -> Row:
    return {
        "id": finding.id,
        "rule": finding.rule,
        "outcome": finding.outcome,
        "tier": finding.tier,
        "evidence": _texts(finding.evidence),
        "summary": _text(finding.summary),
    }


def _verdict(verdict: Verdict) -> Row:
    return {
        "rule": verdict.rule,
        "pack": verdict.pack,
        "clause": _text(verdict.clause),
        "title": storable(verdict.title),
        "outcome": verdict.outcome,
        "tier": verdict.tier,
        "evidence": _texts(verdict.evidence),
        "explanation": storable(verdict.explanation),
        "reasons": _texts(verdict.reasons),
        "confidence": verdict.confidence,
        "wording": _text(verdict.wording),
    }


def _frequency(one: Frequency) -> Row:
    return {
        "recording": _text(one.recording),
        "data_type": one.data_type,
        "sdk": _text(one.sdk),
        "reads": one.reads,
        "background": one.background,
        "silent": one.silent,
        "most": one.most,
        "most_allowed": one.limit,
        "window_us": one.window_us,
        "over": int(one.over),
        "complete": int(one.complete),
        "start_us": _whole(one.start_us),
        "step_us": _whole(one.step_us),
        "curve": list(one.curve),
    }


def _permission(one: PermissionUse) -> Row:
    return {
        "permission": _text(one.permission),
        "declared": int(one.declared),
        "asked": int(one.asked),
        "granted": None if one.granted is None else int(one.granted),
        "opens": _texts(one.opens),
        "types": _texts(one.types),
        "reads": one.reads,
        "seen": None if one.seen is None else int(one.seen),
    }
