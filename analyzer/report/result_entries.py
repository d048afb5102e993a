"""Turn results into the entries of the document."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Raw

from analyzer.model.results import (
    Claim,
    ConsentState,
    Explanation,
    Finding,
    Link,
    Observation,
    PhaseSpan,
    PolicyText,
    Sdk,
    TimelineEntry,
    Verdict,
)
from analyzer.report.document_results import (
    ClaimEntry,
    ConsentEntry,
    ExplanationEntry,
    FindingEntry,
    PhaseEntry,
    PolicyEntry,
    VerdictEntry,
)
from analyzer.report.evidence_entries import ref_entry, ref_fields
from analyzer.report.exchange_entries import RecipientEntries
from analyzer.report.instants import rfc3339
from analyzer.report.json_pieces import Fields, raw


def phase_entry(span: PhaseSpan) -> PhaseEntry:
    """Write one stretch of a phase."""
    return PhaseEntry(
        recording=span.recording,
        phase=span.phase,
        app_state=span.app_state,
        start_us=span.start_us,
        start=rfc3339(span.start_us),
        end_us=span.end_us,
        end=rfc3339(span.end_us),
        evidence=tuple(map(ref_entry, span.evidence)),
        reasoning=span.reasoning,
    )


def consent_entry(state: ConsentState) -> ConsentEntry:
    """Write one decoded state of consent; what its text does not hold is null."""
    holds = state.parts
    return ConsentEntry(
        ref=ref_entry(state.ref),
        event_id=state.call,
        at_us=state.instant.at_us,
        at=rfc3339(state.instant.at_us),
        key=state.key,
        framework=state.framework,
        says=state.says,
        purposes=state.purposes if "purposes" in holds else None,
        interests=state.interests if "interests" in holds else None,
        vendors=_ranges(state.vendors) if "vendors" in holds else None,
        vendor_interests=_ranges(state.vendor_interests) if "vendor_interests" in holds else None,
        cmp=state.cmp,
        policy_version=state.policy_version,
        sale_refused=state.sale_refused,
        flow_index=state.flow_index,
    )


_MOST_RANGES: Final = 500


@lru_cache(maxsize=128)
def _ranges(numbers: tuple[int, ...]) -> str:
    """Write sorted numbers as `1-3, 7`, once for each text that is written often; a hostile text's are cut."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    told = [str(first) if first == last else f"{first}-{last}" for first, last in found[:_MOST_RANGES]]
    return ", ".join(told + ["…"] * (len(found) > _MOST_RANGES))


def timeline_item(entry: TimelineEntry) -> Fields:
    """Write one line of the timeline, a `TimelineItem`."""
    return {
        "at_us": entry.instant.at_us,
        "at": rfc3339(entry.instant.at_us),
        "uncertainty_us": entry.instant.uncertainty_us,
        "ref": None if entry.ref is None else ref_fields(entry.ref),
        "recording": entry.recording,
        "kind": entry.kind,
        "title": entry.title,
        "phase": entry.phase,
        "app_state": entry.app_state,
        "data_types": entry.data_types,
        "sdk": entry.sdk,
        "recipient": entry.recipient,
        "observations": entry.observations,
    }


class ObservationEntries:
    """Writes observations; who sent and who received, which many have in common, is written once."""

    def __init__(self, recipients: RecipientEntries) -> None:
        self._recipients = recipients
        self._sdks: dict[Sdk, Raw] = {}

    def entry(self, seen: Observation) -> Fields:
        """Write one observation, an `ObservationEntry`."""
        return {
            "id": seen.id,
            "ref": ref_fields(seen.ref),
            "flow_index": seen.flow_index,
            "event_id": seen.event_id,
            "at_us": seen.instant.at_us,
            "at": rfc3339(seen.instant.at_us),
            "data_type": seen.data_type,
            "channel": seen.channel,
            "where": seen.where,
            "path": seen.path,
            "encodings": seen.encodings,
            "chain": seen.chain,
            "value": seen.value,
            "method": seen.method,
            "tier": seen.tier,
            "phase": seen.phase,
            "app_state": seen.app_state,
            "recipient": self._recipients.entry(seen.recipient),
            "owner": seen.owner,
            "sdk": None if seen.sdk is None else self._sdk(seen.sdk),
            "origins": seen.origins,
            "confidence": seen.confidence,
            "reasoning": seen.reasoning,
        }

    def _sdk(self, sdk: Sdk) -> Raw:
        found = self._sdks.get(sdk)
        if found is None:
            fields = {"id": sdk.id, "name": sdk.name, "company": sdk.company, "frame": sdk.frame}
            found = self._sdks[sdk] = raw(fields)
        return found


def link_entry(link: Link) -> Fields:
    """Write one link, a `LinkEntry`."""
    return {
        "id": link.id,
        "event": link.event,
        "flow_index": link.flow_index,
        "observation": link.observation,
        "method": link.method,
        "distance_us": link.distance_us,
        "confidence": link.confidence,
    }


def finding_entry(finding: Finding) -> FindingEntry:
    """Write one finding."""
    return FindingEntry(
        id=finding.id,
        rule=finding.rule,
        outcome=finding.outcome,
        tier=finding.tier,
        evidence=finding.evidence,
        summary=finding.summary,
    )


def _explanation_entry(node: Explanation) -> ExplanationEntry:
    return ExplanationEntry(
        condition=node.condition,
        truth=node.truth,
        evidence=node.evidence,
        reasons=node.reasons,
        gaps=node.gaps,
        children=tuple(map(_explanation_entry, node.children)),
    )


def policy_entry(policy: PolicyText) -> PolicyEntry:
    """Write what is kept of the policy: its name and digest, not its text."""
    return PolicyEntry(
        name=policy.name,
        sha256=policy.sha256,
        lines=len(policy.lines),
        ref=ref_entry(policy.ref) if policy.ref else None,
    )


def claim_entry(claim: Claim) -> ClaimEntry:
    """Write what the policy says of one pair."""
    return ClaimEntry(
        id=claim.id,
        data_type=claim.data_type,
        recipient=claim.recipient,
        party=claim.party,
        status=claim.status,
        sentence=claim.sentence,
        confidence=claim.confidence,
        why=claim.why,
        observations=claim.observations,
    )


def verdict_entry(verdict: Verdict) -> VerdictEntry:
    """Write one verdict."""
    return VerdictEntry(
        rule=verdict.rule,
        pack=verdict.pack,
        clause=verdict.clause,
        title=dict(sorted(verdict.title.items())),
        outcome=verdict.outcome,
        tier=verdict.tier,
        evidence=verdict.evidence,
        explanation=_explanation_entry(verdict.explanation),
        reasons=verdict.reasons,
        confidence=verdict.confidence,
        text=dict(verdict.text),
        wording=verdict.wording,
        source=verdict.source,
    )
