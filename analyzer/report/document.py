"""The result document: the one public JSON, from which every other export is written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import Field

from analyzer.model.evidence import Session
from analyzer.model.results import Analysis, Recipient
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
    DecisionEntry,
    FindingEntry,
    LinkEntry,
    ObservationEntry,
    PhaseEntry,
    TimelineItem,
    VerdictEntry,
)
from analyzer.report.evidence_entries import coverage_entry, gap_entry, mark_entries, recording_entry, session_entry
from analyzer.report.exchange_entries import event_entry, flow_entry
from analyzer.report.placement import Placement
from analyzer.report.result_entries import (
    finding_entry,
    link_entry,
    observation_entry,
    phase_entry,
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
    timeline: tuple[TimelineItem, ...] = Field(description="Everything that happened, in order.")
    events: tuple[EventEntry, ...] = Field(description="The API calls.")
    flows: tuple[FlowEntry, ...] = Field(description="The network traffic.")
    observations: tuple[ObservationEntry, ...] = Field(description="Personal data that was seen.")
    links: tuple[LinkEntry, ...] = Field(description="Which call's value left in which flow.")
    findings: tuple[FindingEntry, ...] = Field(description="Rules that were met.")
    verdicts: tuple[VerdictEntry, ...] = Field(description="The outcome of each rule.")
    decisions: tuple[DecisionEntry, ...] = Field(description="Judgements of analysts, beside the tool's.")


def build_document(session: Session, analysis: Analysis, decisions: Sequence[DecisionEntry] = ()) -> ResultDocument:
    """Build the document of one analysis; a pure function, equal inputs give equal documents."""
    placement = Placement(analysis)
    recipients = _recipients(analysis)
    return ResultDocument(
        session=session_entry(session, analysis),
        recordings=tuple(recording_entry(recording, placement) for recording in session.recordings),
        coverage=coverage_entry(analysis.coverage),
        gaps=tuple(map(gap_entry, analysis.gaps)),
        marks=tuple(mark for recording in session.recordings for mark in mark_entries(recording, placement)),
        phases=tuple(map(phase_entry, analysis.phases)),
        timeline=tuple(map(timeline_item, analysis.timeline)),
        events=tuple(event_entry(call, placement) for call in analysis.calls),
        flows=tuple(flow_entry(flow, recipients, placement) for flow in analysis.flows),
        observations=tuple(map(observation_entry, analysis.observations)),
        links=tuple(map(link_entry, analysis.links)),
        findings=tuple(map(finding_entry, analysis.findings)),
        verdicts=tuple(map(verdict_entry, analysis.verdicts)),
        decisions=tuple(decisions),
    )


def to_bytes(document: ResultDocument) -> bytes:
    """Write the document as UTF-8 JSON in declared key order, ending in a newline; equal documents, equal bytes."""
    return document.__pydantic_serializer__.to_json(document, by_alias=True, indent=1) + b"\n"


def _recipients(analysis: Analysis) -> dict[int, Recipient]:
    found: dict[int, Recipient] = {}
    for seen in analysis.observations:
        if seen.flow_index is not None and seen.recipient is not None:
            found.setdefault(seen.flow_index, seen.recipient)
    return found
