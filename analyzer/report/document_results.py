"""The result half of the result document: phases, timeline, observations, links, findings, verdicts, decisions."""

from __future__ import annotations

from pydantic import Field

from analyzer.model.vocabulary import (
    AppState,
    Channel,
    ClaimStatus,
    LinkMethod,
    Method,
    Outcome,
    Owner,
    Party,
    Phase,
    Tier,
    Truth,
    Where,
)
from analyzer.report.document_evidence import Entry, RecipientEntry, RefEntry, Text


class PhaseEntry(Entry):
    """A stretch of one recording in one phase and app state; half-open."""

    recording: Text = Field(description="Name of the recording.")
    phase: Phase = Field(description="State of consent.")
    app_state: AppState = Field(description="What the app was doing.")
    start_us: int = Field(description="First instant: microseconds since the Unix epoch, UTC.")
    start: Text | None = Field(description="The same instant in RFC 3339.")
    end_us: int = Field(description="First instant after it, microseconds.")
    end: Text | None = Field(description="The same instant in RFC 3339.")
    evidence: tuple[RefEntry, ...] = Field(description="The records that say so.")
    reasoning: Text = Field(description="Why we say so.")


class ConsentEntry(Entry):
    """What a consent manager wrote down as the user's choice, decoded; a claim of the app's, not the choice itself."""

    ref: RefEntry = Field(description="The record of the call that wrote it, or of the request that carried it.")
    event_id: Text = Field(description="The call that wrote it, or the observation of it in a request.")
    at_us: int = Field(description="When: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
    key: Text = Field(description="Key that it was written under (IABTCF_TCString), or the hook of the call.")
    framework: Text = Field(description="Form of the text: tcf, us_privacy; cmp: a call of the consent manager.")
    says: Phase | None = Field(description="State of consent that it stands for; null where it names none.")
    purposes: tuple[int, ...] | None = Field(description="Purposes consented to, by number; null where it has none.")
    interests: tuple[int, ...] | None = Field(description="Purposes for which a legitimate interest is claimed.")
    vendors: Text | None = Field(description="Vendors consented to, as numbers and ranges; null where it has none.")
    vendor_interests: Text | None = Field(description="Vendors that claim a legitimate interest, alike.")
    cmp: int | None = Field(description="Number of the consent manager; null where it is not told.")
    policy_version: int | None = Field(description="Version of the framework's policies; null where it is not told.")
    sale_refused: bool | None = Field(description="Whether the sale was refused (US); null where it does not say.")
    flow_index: int | None = Field(description="The request that carried it; null where the app wrote it down.")


class FrequencyEntry(Entry):
    """How often one party read one type of data in one recording, held against the figures of the profile."""

    recording: Text = Field(description="Name of the recording.")
    data_type: Text = Field(description="Taxonomy id.")
    sdk: Text = Field(description="Who read it: an SDK, the app, or unknown.")
    reads: int = Field(ge=0, description="Calls that gave a value.")
    background: int = Field(ge=0, description="Of these in the background.")
    silent: int = Field(ge=0, description="Of these after the app was closed, or with the screen off.")
    most: int = Field(ge=0, description="The most reads in any window of the profile.")
    limit: float = Field(ge=0, description="Reads in one window from which on the profile calls them many.")
    window_us: int = Field(ge=0, description="Length of that window, microseconds.")
    over: bool = Field(description="Whether the limit of the profile is reached; no law sets it.")
    complete: bool = Field(description="False where calls may be missing: then the figures are the least.")
    start_us: int = Field(description="Begin of the curve: microseconds since the Unix epoch, UTC.")
    step_us: int = Field(gt=0, description="Length of one step of the curve, microseconds.")
    curve: tuple[int, ...] = Field(description="Reads in each step, up to the last that has any.")


class PermissionEntry(Entry):
    """A permission that opens personal data, held against what was seen to be taken by it."""

    permission: Text = Field(description="Name without its package.")
    declared: bool = Field(description="Whether the manifest declares it.")
    asked: bool = Field(description="Whether the app was seen to ask for it.")
    granted: bool | None = Field(description="Whether a grant was seen or told by the device; null where it is open.")
    opens: tuple[Text, ...] = Field(description="Data types that need it, by taxonomy id.")
    types: tuple[Text, ...] = Field(description="Those of them that were read.")
    reads: int = Field(ge=0, description="Observations of such reads.")
    seen: bool | None = Field(description="Whether a use was seen; null where not all of it was watched.")


class TimelineItem(Entry):
    """One line of the joint timeline."""

    at_us: int = Field(description="When: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
    uncertainty_us: int = Field(description="Uncertainty of the instant, microseconds.")
    ref: RefEntry | None = Field(description="The record; null for what was derived.")
    recording: Text = Field(description="Name of the recording.")
    kind: Text = Field(description="Kind of the entry: event, flow, mark, screen, gap.")
    title: Text = Field(description="The entry in words.")
    phase: Phase = Field(description="State of consent.")
    app_state: AppState = Field(description="What the app was doing.")
    data_types: tuple[Text, ...] = Field(description="Personal data seen in it, by taxonomy id.")
    sdk: Text = Field(description="SDK that made the call; empty when there is none.")
    recipient: Text = Field(description="Who received it; empty when nobody did.")
    observations: tuple[Text, ...] = Field(description="Ids of the observations made in it.")


class SdkEntry(Entry):
    """Who made a call."""

    id: Text = Field(description="SDK identifier, or app, obfuscated, unknown.")
    name: Text = Field(description="Name of the SDK.")
    company: Text = Field(description="Company behind it; empty when not known.")
    frame: Text = Field(description="The stack frame that decided it; empty when there is none.")


class ObservationEntry(Entry):
    """The claim that one record contains personal data of one type at one place."""

    id: Text = Field(description="Identifier of the observation.")
    ref: RefEntry = Field(description="The record that contains it.")
    flow_index: int | None = Field(description="The flow that carried it; null for an API call.")
    event_id: Text | None = Field(description="The call that gave it; null for a flow.")
    at_us: int = Field(description="When: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
    data_type: Text = Field(description="Taxonomy id (id.imei, loc.precise, …).")
    channel: Channel = Field(description="API call, network or storage.")
    where: Where = Field(description="Part of the record that carries the value.")
    path: Text = Field(description="Way to the value inside the record (json:$.device.imei, query:d).")
    encodings: tuple[Text, ...] = Field(description="Layers around the value, from the outside in.")
    chain: tuple[Text, ...] = Field(
        description="Every step from the record to the value, from the outside in; the part of the record comes first."
    )
    value: Text = Field(description="The value as it was recognised.")
    method: Method = Field(description="Way of knowing.")
    tier: Tier = Field(description="Strength of the evidence.")
    phase: Phase = Field(description="State of consent at that instant.")
    app_state: AppState = Field(description="What the app was doing.")
    recipient: RecipientEntry | None = Field(description="Who received it; null for an API call.")
    owner: Owner = Field(description="Whose traffic it is.")
    sdk: SdkEntry | None = Field(description="Who made the call; null when not known.")
    origins: tuple[Text, ...] = Field(description="Ids of the calls whose value was recognised.")
    confidence: float = Field(ge=0, le=1, description="0 to 1.")
    reasoning: Text = Field(description="Why we say so.")


class LinkEntry(Entry):
    """The claim that the value of an event left in a flow."""

    id: Text = Field(description="Identifier of the link.")
    event: Text = Field(description="Id of the call.")
    flow_index: int = Field(description="The flow that carried the value.")
    observation: Text | None = Field(description="Id of the observation in that flow; null without one.")
    method: LinkMethod = Field(description="What joins them; value is the strongest.")
    distance_us: int = Field(description="Start of the flow minus the instant of the event, microseconds.")
    confidence: float = Field(ge=0, le=1, description="0 to 1.")


class FindingEntry(Entry):
    """A rule that was met."""

    id: Text = Field(description="Identifier of the finding.")
    rule: Text = Field(description="Rule id.")
    outcome: Outcome = Field(description="Outcome that it supports.")
    tier: Tier = Field(description="Strength of the evidence.")
    evidence: tuple[Text, ...] = Field(description="Ids of observations, calls, flows and marks that met the rule.")
    summary: Text = Field(description="The finding in one sentence.")


class ExplanationEntry(Entry):
    """One node of a rule's condition: what was asked, the answer, and why."""

    condition: Text = Field(description="What was asked.")
    truth: Truth = Field(description="The answer.")
    evidence: tuple[Text, ...] = Field(description="Ids of what answered it.")
    reasons: tuple[Text, ...] = Field(description="Why it could not be answered.")
    gaps: tuple[Text, ...] = Field(description="Ids of the gaps for which it could not be answered.")
    children: tuple[ExplanationEntry, ...] = Field(description="The parts of the condition.")


class VerdictEntry(Entry):
    """The outcome of one rule over the whole session; absence of a violation is never compliance."""

    rule: Text = Field(description="Rule id (cn.191.3.1).")
    pack: Text = Field(description="Rule pack that it belongs to.")
    clause: Text = Field(description="Clause of the law.")
    title: dict[Text, Text] = Field(description="Title by language.")
    outcome: Outcome = Field(description="The outcome.")
    tier: Tier | None = Field(description="Strongest evidence; null without evidence.")
    evidence: tuple[Text, ...] = Field(description="Ids of observations, calls, flows, marks and gaps.")
    explanation: ExplanationEntry = Field(description="How the condition was answered.")
    reasons: tuple[Text, ...] = Field(description="Why nothing better could be said.")
    confidence: float = Field(
        ge=0,
        le=1,
        description="0 to 1; without evidence it is that of the rule's own text, and says nothing of the app.",
    )
    text: dict[Text, Text] = Field(description="The clause: `zh` or `original`, and a paraphrase in `en` or `plain`.")
    wording: Text = Field(description="How faithful `text` is to the original, in the words of the rule pack.")
    source: tuple[Text, ...] = Field(description="Where the clause was read, as codes of the rule pack.")


class PolicyEntry(Entry):
    """The privacy policy that was compared with what was seen."""

    name: Text = Field(description="Name of its file.")
    sha256: Text = Field(description="Digest of the file, or of the text that was found, hex.")
    lines: int = Field(ge=0, description="Paragraphs and rows of tables that were read.")
    ref: RefEntry | None = Field(default=None, description="The screen that held it; null for a file (--policy).")


class ClaimEntry(Entry):
    """What the policy says of one data type at one recipient that was seen to get it; no verdict by itself."""

    id: Text = Field(description="Identifier (p1).")
    data_type: Text = Field(description="Taxonomy id.")
    recipient: Text = Field(description="Company or host; empty for the app itself.")
    party: Party = Field(description="First or third party, relative to the app.")
    status: ClaimStatus = Field(description="declared, broadly (by an umbrella term only), undeclared, denied.")
    sentence: Text = Field(description="The policy's own sentence; empty where it says nothing.")
    confidence: float = Field(ge=0, le=1, description="0 to 1.")
    why: Text = Field(description="Why we say so.")
    observations: tuple[Text, ...] = Field(description="Ids of the observations.")


class DecisionEntry(Entry):
    """An analyst's own judgement, kept beside the tool's, never over it."""

    rule: Text = Field(description="Rule id.")
    outcome: Outcome = Field(description="The analyst's outcome.")
    why: Text = Field(description="The analyst's reason.")
    operator: Text = Field(description="Who decided; empty when not given.")
    at_us: int = Field(description="When: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
