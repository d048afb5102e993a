"""Write the timeline for Timesketch: one event per entry and per observation, as JSON lines or as CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any, Final, TypeAlias

from analyzer.model.vocabulary import Tier
from analyzer.report.csv import table_pieces
from analyzer.report.document import ResultDocument
from analyzer.report.document_results import ObservationEntry, TimelineItem
from analyzer.report.text import json_visible

Event: TypeAlias = dict[str, Any]

MANDATORY: Final = ("message", "datetime", "timestamp_desc")
"""What Timesketch asks of every event; it sorts by `timestamp`, microseconds since the epoch."""

COLUMNS: Final = (
    *MANDATORY,
    "timestamp",
    "tag",
    "session",
    "app",
    "recording",
    "evidence",
    "kind",
    "phase",
    "app_state",
    "data_type",
    "value",
    "tier",
    "sdk",
    "recipient",
    "company",
    "party",
    "where",
    "path",
    "encodings",
    "method",
    "confidence",
    "reasoning",
    "observation",
)
_NO_TIME: Final = "1970-01-01T00:00:00+00:00"
_DONE: Final = {
    Tier.DECLARED: "Declared",
    Tier.REQUESTED: "Requested",
    Tier.ATTEMPTED: "Attempted",
    Tier.ACCESSED: "Accessed",
    Tier.STORED: "Stored",
    Tier.TRANSMITTED: "Sent",
    Tier.TRANSMITTED_THIRD_PARTY: "Sent to a third party",
}
_HAPPENED: Final = {"event": "API called", "flow": "Traffic began", "screen": "Screen seen", "gap": "Gap began"}


def timesketch_events(document: ResultDocument) -> Iterator[Event]:
    """Give the events: the timeline first, then what was seen in it; keys without a value are left out."""
    known = {"session": document.session.id, "app": document.session.app.package}
    replaced = ["values_replaced"] if document.session.redaction else []
    for event in chain(map(_entry, document.timeline), map(_observation, document.observations)):
        yield _filled(known | event | {"tag": [*event["tag"], *replaced]})


def timesketch_jsonl(document: ResultDocument) -> Iterator[bytes]:
    """Write one JSON object per line, UTF-8."""
    for event in timesketch_events(document):
        line = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
        yield f"{json_visible(line)}\n".encode("utf-8", "backslashreplace")


def timesketch_csv(document: ResultDocument) -> Iterator[bytes]:
    """Write one row per event, UTF-8 without a byte order mark; no cell computes in a spreadsheet program."""
    events = timesketch_events(document)
    return table_pieces(COLUMNS, ({name: _text(value) for name, value in event.items()} for event in events))


def _text(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _filled(event: Event) -> Event:
    return {name: event[name] for name in COLUMNS if event.get(name) not in ("", [], None)}


def _when(at_us: int, at: str | None) -> Event:
    """Give the instant in both ways; what no calendar has is shown at its beginning, and tagged."""
    if at is None:
        return {"datetime": _NO_TIME, "timestamp": 0, "tag": ["time_unknown"]}
    return {"datetime": at.replace("Z", "+00:00"), "timestamp": at_us, "tag": []}


def _entry(item: TimelineItem) -> Event:
    when = _when(item.at_us, item.at)
    ref = item.ref
    return when | {
        "message": item.title or item.kind,
        "timestamp_desc": _HAPPENED.get(item.kind, "Noted"),
        "tag": [*when["tag"], *(["personal_data"] if item.data_types else [])],
        "recording": item.recording,
        "evidence": f"{ref.recording}/{ref.source}/{ref.line}" if ref else "",
        "kind": item.kind,
        "phase": item.phase.value,
        "app_state": item.app_state.value,
        "data_type": " ".join(item.data_types),
        "sdk": item.sdk,
        "recipient": item.recipient,
        "observation": " ".join(item.observations),
    }


def _observation(seen: ObservationEntry) -> Event:
    when = _when(seen.at_us, seen.at)
    to = seen.recipient
    done = _DONE[seen.tier]
    whereto = f" in traffic to {to.host}" if to else ""
    return when | {
        "message": f"{seen.data_type}: {seen.value}{whereto} ({seen.where.value} {seen.path})",
        "timestamp_desc": f"{done}: personal data",
        "tag": [*when["tag"], "personal_data", seen.tier.value],
        "recording": seen.ref.recording,
        "evidence": f"{seen.ref.recording}/{seen.ref.source}/{seen.ref.line}",
        "kind": "observation",
        "phase": seen.phase.value,
        "app_state": seen.app_state.value,
        "data_type": seen.data_type,
        "value": seen.value,
        "tier": seen.tier.value,
        "sdk": seen.sdk.id if seen.sdk else "",
        "recipient": to.host if to else "",
        "company": to.company if to else "",
        "party": to.party.value if to else "",
        "where": seen.where.value,
        "path": seen.path,
        "encodings": " ".join(seen.encodings),
        "method": seen.method.value,
        "confidence": f"{seen.confidence:.3f}",
        "reasoning": seen.reasoning,
        "observation": seen.id,
    }
