"""The result document: the one public JSON, from which every other export is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal

from pydantic import Field

from analyzer.model.evidence import Session
from analyzer.model.results import Analysis, Recipient
from analyzer.report.collection_entries import frequency_entry, permission_entry
from analyzer.report.document_evidence import (
    CoverageEntry,
    Entry,
    EventEntry,
    FlowEntry,
    GapEntry,
    MarkEntry,
    RecordingEntry,
    SessionEntry,
)
from analyzer.report.document_results import (
    ClaimEntry,
    ConsentEntry,
    DecisionEntry,
    FindingEntry,
    FrequencyEntry,
    LinkEntry,
    ObservationEntry,
    PermissionEntry,
    PhaseEntry,
    PolicyEntry,
    TimelineItem,
    VerdictEntry,
)
from analyzer.report.evidence_entries import coverage_entry, gap_entry, mark_entries, recording_entry, session_entry
from analyzer.report.exchange_entries import RecipientEntries, event_entry, flow_entry
from analyzer.report.json_pieces import entry_bytes, object_pieces
from analyzer.report.placement import Placement
from analyzer.report.result_entries import (
    ObservationEntries,
    claim_entry,
    consent_entry,
    finding_entry,
    link_entry,
    phase_entry,
    policy_entry,
    timeline_item,
    verdict_entry,
)

SCHEMA_NAME: Final = "analyzer.result/1"


class ResultDocument(Entry):
    """What one analysis found in one session, with the evidence for it."""

    schema_: Literal["analyzer.result/1"] = Field(
        default=SCHEMA_NAME, alias="schema", description="Name and version of this format."
    )
    session: SessionEntry = Field(description="What was examined, by whom, with what.")
    recordings: tuple[RecordingEntry, ...] = Field(description="The recordings of the session.")
    coverage: CoverageEntry = Field(description="How much of the app's doings was in view.")
    gaps: tuple[GapEntry, ...] = Field(description="What could not be seen, and why.")
    marks: tuple[MarkEntry, ...] = Field(description="Noted instants.")
    phases: tuple[PhaseEntry, ...] = Field(description="Phases of consent and app states.")
    consents: tuple[ConsentEntry, ...] = Field(default=(), description="What consent managers wrote, decoded.")
    frequencies: tuple[FrequencyEntry, ...] = Field(default=(), description="How often each party read what.")
    permissions: tuple[PermissionEntry, ...] = Field(default=(), description="Permissions against their use.")
    timeline: tuple[TimelineItem, ...] = Field(description="Everything that happened, in order.")
    events: tuple[EventEntry, ...] = Field(description="The API calls.")
    flows: tuple[FlowEntry, ...] = Field(description="The network traffic.")
    observations: tuple[ObservationEntry, ...] = Field(description="Personal data that was seen.")
    links: tuple[LinkEntry, ...] = Field(description="Which call's value left in which flow.")
    findings: tuple[FindingEntry, ...] = Field(description="Rules that were met.")
    verdicts: tuple[VerdictEntry, ...] = Field(description="The outcome of each rule.")
    policy: PolicyEntry | None = Field(default=None, description="The privacy policy compared with; null without one.")
    claims: tuple[ClaimEntry, ...] = Field(default=(), description="What the policy says of what was seen.")
    decisions: tuple[DecisionEntry, ...] = Field(description="Judgements of analysts, beside the tool's.")


def build_document(session: Session, analysis: Analysis, decisions: Sequence[DecisionEntry] = ()) -> ResultDocument:
    """Build the document of one analysis; a pure function, equal inputs give equal documents."""
    return ResultDocument.model_validate_json(b"".join(document_pieces(session, analysis, decisions)))


def document_pieces(session: Session, analysis: Analysis, decisions: Sequence[DecisionEntry] = ()) -> Iterator[bytes]:
    """Write the document of one analysis as `to_bytes` does, piece by piece: it is never held whole."""
    placement, received = Placement(analysis), RecipientEntries()
    by_flow, observations = _recipients(analysis), ObservationEntries(received)
    recordings = session.recordings
    marks = (mark for recording in recordings for mark in mark_entries(recording, placement))
    flows = (flow_entry(flow, received.entry(by_flow[flow.index]), placement) for flow in analysis.flows)
    events = (event_entry(call, placement) for call in analysis.calls)
    members: tuple[tuple[str, bytes | Iterable[bytes]], ...] = (
        ("schema", b'"%b"' % SCHEMA_NAME.encode()),
        ("session", _line(session_entry(session, analysis))),
        ("recordings", (_line(recording_entry(recording, placement)) for recording in recordings)),
        ("coverage", _line(coverage_entry(analysis.coverage))),
        ("gaps", map(_line, map(gap_entry, analysis.gaps))),
        ("marks", map(_line, marks)),
        ("phases", map(_line, map(phase_entry, analysis.phases))),
        ("consents", map(_line, map(consent_entry, analysis.consents))),
        ("frequencies", map(_line, map(frequency_entry, analysis.frequencies))),
        ("permissions", map(_line, map(permission_entry, analysis.permissions))),
        ("timeline", map(entry_bytes, map(timeline_item, analysis.timeline))),
        ("events", map(entry_bytes, events)),
        ("flows", map(entry_bytes, flows)),
        ("observations", map(entry_bytes, map(observations.entry, analysis.observations))),
        ("links", map(entry_bytes, map(link_entry, analysis.links))),
        ("findings", map(_line, map(finding_entry, analysis.findings))),
        ("verdicts", map(_line, map(verdict_entry, analysis.verdicts))),
        ("policy", _line(policy_entry(analysis.policy)) if analysis.policy else b"null"),
        ("claims", map(_line, map(claim_entry, analysis.claims))),
        ("decisions", map(_line, decisions)),
    )
    return object_pieces(members)


def to_bytes(document: ResultDocument) -> bytes:
    """Write the document as UTF-8 JSON in declared key order, ending in a newline; equal documents, equal bytes."""
    return b"".join(to_pieces(document))


def to_pieces(document: ResultDocument, changed: Callable[[str, Entry], Entry] | None = None) -> Iterator[bytes]:
    """Write the document as `to_bytes` does, piece by piece; of each entry what `changed` makes of it."""
    fields = ResultDocument.model_fields.items()
    change = changed or (lambda _, entry: entry)
    return object_pieces(
        (field.alias or name, _member(name, getattr(document, name), change)) for name, field in fields
    )


def _member(
    name: str, value: Entry | Iterable[Entry] | str | None, change: Callable[[str, Entry], Entry]
) -> bytes | Iterable[bytes]:
    if value is None:
        return b"null"
    if isinstance(value, str):
        return b'"%b"' % value.encode()
    return _line(change(name, value)) if isinstance(value, Entry) else (_line(change(name, one)) for one in value)


def _line(entry: Entry) -> bytes:
    return entry.__pydantic_serializer__.to_json(entry, by_alias=True)


def _recipients(analysis: Analysis) -> list[Recipient | None]:
    """Give who received each flow, of those that were seen to carry anything."""
    found: list[Recipient | None] = [None] * len(analysis.flows)
    known: dict[Recipient, Recipient] = {}
    for seen in analysis.observations:
        index, recipient = seen.flow_index, seen.recipient
        if index is not None and recipient is not None and index < len(found) and found[index] is None:
            found[index] = known.setdefault(recipient, recipient)
    return found
