"""An analysis as rows of the tables; what no database could hold is made harmless here."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from itertools import islice
from typing import Any, Final, TypeAlias

from sqlalchemy import Table

from analyzer.model.evidence import Connection, EvidenceRef, Refusal, Request, SessionInfo
from analyzer.model.results import Analysis, Flow, Observation, SeenGap, TimelineEntry, Verdict
from analyzer.model.vocabulary import Direction
from analyzer.store.schema import (
    FINDINGS,
    FLOWS,
    GAPS,
    LINKS,
    OBSERVATIONS,
    RECORDINGS,
    TIMELINE,
    VERDICTS,
)

Row: TypeAlias = dict[str, Any]

BATCH: Final = 2_000
"""So many rows are held at once."""

_LARGEST: Final = 2**63 - 1


def session_row(info: SessionInfo, run_id: str) -> Row:
    """Give the row of a session."""
    return storable(
        {
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
    )


def result_rows(session_id: str, analysis: Analysis) -> Iterator[tuple[Table, list[Row]]]:
    """Give the rows of every result table, in the order of writing, a batch at a time."""
    tables: tuple[tuple[Table, Iterable[Row]], ...] = (
        (RECORDINGS, _recordings(analysis)),
        (FLOWS, map(_flow, analysis.flows)),
        (OBSERVATIONS, map(_observation, analysis.observations)),
        (LINKS, ({**_plain(link, "event", "observation"), **_ends(link)} for link in analysis.links)),
        (TIMELINE, map(_entry, analysis.timeline)),
        (GAPS, map(_gap, analysis.gaps)),
        (FINDINGS, map(_plain, analysis.findings)),
        (VERDICTS, map(_verdict, analysis.verdicts)),
    )
    for table, rows in tables:
        columns = table.columns.keys()
        numbered = iter(enumerate(rows))
        while part := list(islice(numbered, BATCH)):
            yield (
                table,
                [storable({"session_id": session_id, "position": index, **row}, columns) for index, row in part],
            )


def storable(row: Row, columns: Iterable[str] | None = None) -> Row:
    """Make the values of a row safe for any database: no lone surrogates, no NUL, whole numbers of 64 bits."""
    return {name: _safe(row[name]) for name in (row if columns is None else columns) if name in row}


def _safe(value: Any) -> Any:
    if value is None or type(value) is float:
        return value
    if type(value) is str and value.isascii() and "\0" not in value:
        return value
    return _made_safe(value)


def _made_safe(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        text = value.encode("utf-8", "backslashreplace").decode()
        return text.replace("\0", "\\0")
    if isinstance(value, int):
        return max(-_LARGEST - 1, min(_LARGEST, value))
    if isinstance(value, Mapping):
        return {_safe(key): _safe(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_safe(item) for item in value]
    return value


def _plain(record: Any, *without: str) -> Row:
    """Take the fields of a dataclass as they are, nested ones as mappings."""
    names: Iterable[str] = record.__dataclass_fields__  # dataclasses.fields() makes a new tuple for every record
    return {name: _tree(getattr(record, name)) for name in names if name not in without}


def _tree(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value


def _place(ref: EvidenceRef | None, recording: str, at_us: int) -> Row:
    return {
        "recording": recording,
        "ref_source": ref.source if ref else None,
        "ref_line": ref.line if ref else None,
        "at_us": at_us,
    }


def _ends(link: Any) -> Row:
    return {"event_id": link.event, "observation_id": link.observation}


def _recordings(analysis: Analysis) -> Iterator[Row]:
    spans: dict[str, list[int]] = {}
    for span in analysis.phases:
        spans.setdefault(span.recording, []).extend((span.start_us, span.end_us))
    names = {entry.recording for entry in analysis.timeline} | {flow.ref.recording for flow in analysis.flows}
    for name in sorted(names | spans.keys(), key=_recording_order):
        instants = spans.get(name)
        yield {
            "name": name,
            "strategy": name.partition("-")[2],
            "start_us": min(instants) if instants else None,
            "end_us": max(instants) if instants else None,
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
        **_plain(flow, "ref", "instant", "opening", "response", "messages", "errors", "index"),
        **_http(opening),
        "status": response.status if response else None,
        "sent_bytes": sizes[Direction.SENT],
        "received_bytes": sizes[Direction.RECEIVED],
    }


def _http(opening: Request | Connection | Refusal) -> Row:
    if isinstance(opening, Request):
        return {"method": opening.method, "target": opening.target}
    return {"method": "", "target": ""}


def _observation(seen: Observation) -> Row:
    to = seen.recipient
    return {
        **_plain(seen, "ref", "instant", "sdk", "recipient", "where"),
        **_place(seen.ref, seen.ref.recording, seen.instant.at_us),
        "place": seen.where,
        "sdk": seen.sdk.id if seen.sdk else "",
        "sdk_company": seen.sdk.company if seen.sdk else "",
        "host": to.host if to else "",
        "registrable_domain": to.registrable_domain if to else "",
        "company": to.company if to else "",
        "country": to.country if to else "",
        "party": to.party if to else None,
    }


def _entry(entry: TimelineEntry) -> Row:
    return {
        **_plain(entry, "instant", "ref"),
        **_place(entry.ref, entry.recording, entry.instant.at_us),
        "uncertainty_us": entry.instant.uncertainty_us,
    }


def _gap(gap: SeenGap) -> Row:
    return {**_plain(gap, "ref"), **_place(gap.ref, gap.recording, gap.at_us)}


def _verdict(verdict: Verdict) -> Row:
    return {**_plain(verdict, "title"), "title": dict(verdict.title)}
