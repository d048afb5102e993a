"""The comparison document: what became of each rule, data type, SDK, recipient and API, as JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import Final, Literal

from pydantic import Field

from analyzer.model.comparison import Comparison, Difference, Side, Standing
from analyzer.model.vocabulary import Change, Channel, Outcome, Phase, Subject, Tier
from analyzer.report.document_evidence import Entry, Text
from analyzer.report.text import json_visible_bytes

SCHEMA_NAME: Final = "analyzer.comparison/1"


class SideEntry(Entry):
    """One of the two sessions."""

    session: Text = Field(description="Identifier of the session.")
    package: Text = Field(description="Package name of the app.")
    version: Text = Field(description="Version of the app; empty when not known.")
    run_id: Text = Field(description="Identifier of the analysis that was compared.")
    imported: bool = Field(description="Whether the evidence is a foreign capture, which proves no absence.")
    phases: tuple[Text, ...] = Field(description="Phases of consent that were exercised.")


class StandingEntry(Entry):
    """How a thing stands in one session."""

    outcome: Outcome | None = Field(description="Outcome of the rule; null for what is no rule.")
    tier: Tier | None = Field(description="Strongest evidence; null without evidence.")
    count: int = Field(description="Pieces of evidence.")
    first_us: int | None = Field(description="First instant, microseconds after the start of its session; or null.")


class DifferenceEntry(Entry):
    """What became of one thing."""

    subject: Subject = Field(description="What is compared: rule, flow (data type with who got it), data_type, …")
    name: Text = Field(description="Rule id, data type, SDK, recipient or hook; for a flow all of it in words.")
    change: Change = Field(description="What became of it; fixed only where the second session could have shown it.")
    before: StandingEntry | None = Field(description="In the first session; null where it was not seen or judged.")
    after: StandingEntry | None = Field(description="In the second session; null where it was not seen or judged.")
    reasons: tuple[Text, ...] = Field(description="Why nothing better can be said, or what moved.")
    clause: Text = Field(description="Clause of the law; empty for what is no rule.")
    title: dict[Text, Text] = Field(description="Title of the rule by language.")
    data_type: Text = Field(description="Data type of a flow; empty otherwise.")
    who: Text = Field(description="Recipient of what was sent, SDK of what was read; empty otherwise.")
    channel: Channel | None = Field(description="Where a flow was seen; null otherwise.")
    phase: Phase | None = Field(description="State of consent of a flow; null otherwise.")


class ComparisonDocument(Entry):
    """Two sessions side by side; no word of it says that an app is in order."""

    schema_: Literal["analyzer.comparison/1"] = Field(
        default=SCHEMA_NAME, alias="schema", description="Name and version of this format."
    )
    before: SideEntry = Field(description="The first session.")
    after: SideEntry = Field(description="The second session.")
    warnings: tuple[Text, ...] = Field(description="What makes the two hard to compare.")
    tally: dict[Subject, dict[Change, int]] = Field(description="Number of differences by subject and change.")
    differences: tuple[DifferenceEntry, ...] = Field(description="What became of each thing.")


def comparison_document(comparison: Comparison) -> ComparisonDocument:
    """Build the document of a comparison; equal comparisons give equal documents."""
    return ComparisonDocument(
        before=_side(comparison.before),
        after=_side(comparison.after),
        warnings=comparison.warnings,
        tally={subject: counted for subject in Subject if (counted := changes(comparison, subject))},
        differences=tuple(map(_difference, comparison.differences)),
    )


def comparison_bytes(comparison: Comparison) -> bytes:
    """Write a comparison as UTF-8 JSON, ending in a newline."""
    document = comparison_document(comparison)
    return json_visible_bytes(document.__pydantic_serializer__.to_json(document, by_alias=True, indent=1)) + b"\n"


def comparison_schema_bytes() -> bytes:
    """Give the JSON Schema (2020-12) of the comparison as UTF-8, ending in a newline."""
    schema = ComparisonDocument.model_json_schema(by_alias=True, mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True).encode("utf-8") + b"\n"


def changes(comparison: Comparison, subject: Subject) -> dict[Change, int]:
    """Count what became of the things of one kind; changes that there are none of are left out."""
    counts = Counter(one.change for one in comparison.differences if one.subject is subject)
    return {change: counts[change] for change in Change if counts[change]}


def _side(side: Side) -> SideEntry:
    return SideEntry(
        session=side.session,
        package=side.package,
        version=side.version,
        run_id=side.run_id,
        imported=side.imported,
        phases=tuple(phase for phase in Phase if any(place is phase for place, _ in side.watched)),
    )


def _difference(one: Difference) -> DifferenceEntry:
    return DifferenceEntry(
        subject=one.subject,
        name=one.name,
        change=one.change,
        before=_standing(one.before),
        after=_standing(one.after),
        reasons=one.reasons,
        clause=one.clause,
        title=dict(sorted(one.title.items())),
        data_type=one.data_type,
        who=one.who,
        channel=one.channel,
        phase=one.phase,
    )


def _standing(one: Standing | None) -> StandingEntry | None:
    if one is None:
        return None
    return StandingEntry(outcome=one.outcome, tier=one.tier, count=one.count, first_us=one.first_us)
