"""Results: what the analysis makes of the evidence; a pure function of evidence and packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from analyzer.model.carried import carried
from analyzer.model.clock import Instant, Micros
from analyzer.model.coverage import Coverage as Coverage  # noqa: PLC0414 - part of the result, so found here too
from analyzer.model.coverage import HookCoverage as HookCoverage  # noqa: PLC0414
from analyzer.model.coverage import ProcessCoverage as ProcessCoverage  # noqa: PLC0414
from analyzer.model.evidence import (
    Connection,
    Event,
    EvidenceRef,
    FlowError,
    Line,
    Message,
    Refusal,
    Request,
    Response,
)
from analyzer.model.vocabulary import (
    TAP,
    AppState,
    Channel,
    ClaimStatus,
    FlowKind,
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


@dataclass(frozen=True, slots=True)
class Flow:
    """One assembled exchange or connection, in session order (`index` from 0).

    `opening` is the record that began it; its line is the flow's EvidenceRef. `tunnel` is the index of the connection
    that the proxy passed on unread and whose plaintext it is; of such a connection `opened` says that there is some.
    """

    index: int
    ref: EvidenceRef
    instant: Instant
    kind: FlowKind
    host: str
    port: int
    owner: Owner
    opening: Line[Request | Connection | Refusal]
    response: Line[Response] | None = None
    messages: tuple[Line[Message], ...] = ()
    errors: tuple[Line[FlowError], ...] = ()
    tunnel: int | None = None
    opened: bool = False

    @property
    def tapped(self) -> bool:
        """Say whether it was read inside the app instead of by the proxy."""
        record = self.opening.record
        return record.source == TAP or (isinstance(record, Request) and record.tapped)


@dataclass(frozen=True, slots=True)
class Call:
    """One hook hit on the common timeline, with its stack resolved; `id` is `<recording>/<line>`."""

    id: str
    ref: EvidenceRef
    instant: Instant
    event: Event
    frames: tuple[str, ...] | None


@carried
@dataclass(frozen=True, slots=True)
class Sdk:
    """Who made a call: `id` of the SDK pack entry, or `app`, `obfuscated`, `unknown`; `frame` decided it."""

    id: str
    name: str
    company: str
    frame: str = ""


@carried
@dataclass(frozen=True, slots=True)
class Recipient:
    """Who received a flow, and why we say so."""

    host: str
    registrable_domain: str
    company: str
    country: str
    party: Party
    reasoning: str


@carried
@dataclass(frozen=True, slots=True)
class Observation:
    """The claim that one record contains personal data of one type at one place.

    `path` leads to the value inside the record (`json:$.device.imei`, `query:d`), `encodings` lists the layers from
    the outside in (`gzip`, `base64`, `sha256`). `chain` is every step from the record to the value, outside in, the
    part of the record first: `("body", "gzip", "json:$.d", "base64", "md5")`. `origins` are the ids of the calls
    whose value was recognised; it is empty for persona values and shapes. `confidence` is 0…1. `until` is when the last
    byte of what carries it was sent, where it took time.
    """

    id: str
    ref: EvidenceRef
    instant: Instant
    data_type: str
    channel: Channel
    where: Where
    path: str
    encodings: tuple[str, ...]
    value: str
    method: Method
    tier: Tier
    confidence: float
    reasoning: str
    flow_index: int | None = None
    event_id: str | None = None
    phase: Phase = Phase.UNKNOWN
    app_state: AppState = AppState.UNKNOWN
    owner: Owner = Owner.UNKNOWN
    sdk: Sdk | None = None
    recipient: Recipient | None = None
    origins: tuple[str, ...] = ()
    chain: tuple[str, ...] = ()
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The claim that the value of an event left in a flow; `distance_us` is flow start minus event."""

    id: str
    event: str
    flow_index: int
    observation: str | None
    method: LinkMethod
    distance_us: Micros
    confidence: float


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A stretch of one recording in one phase and app state; half-open, in common time."""

    recording: str
    phase: Phase
    app_state: AppState
    start_us: Micros
    end_us: Micros
    evidence: tuple[EvidenceRef, ...]
    reasoning: str


@carried
@dataclass(frozen=True, slots=True)
class SeenGap:
    """A gap on the common timeline: recorded by capture, or derived from evidence (`ref` says from which)."""

    id: str
    ref: EvidenceRef | None
    recording: str
    kind: str
    subject: str
    why: str
    at_us: Micros
    until_us: Micros | None = None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of the joint timeline: an event, flow, mark, screen or gap, in words."""

    instant: Instant
    ref: EvidenceRef | None
    recording: str
    kind: str
    title: str
    phase: Phase
    app_state: AppState
    data_types: tuple[str, ...] = ()
    sdk: str = ""
    recipient: str = ""
    observations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node of a rule's condition tree: what was asked, the answer, and by which evidence or gap.

    `evidence` are ids of what answers it or may be meant, `gaps` ids of the gaps that leave it unknown.
    """

    condition: str
    truth: Truth
    evidence: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    children: tuple[Explanation, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What a consent manager wrote down, or a request carried, as the user's choice, decoded: a claim, not the choice.

    `ref` is the call of `call` that wrote it under `key`, or the request of `flow_index` that carried it (and `call`
    the observation of it); `framework` whose form it has (`tcf`, `us_privacy`; `cmp`: a call of the
    consent manager's own). Purposes and vendors are numbers of the
    framework, each once and in order; `interests` are claims of a legitimate interest, `parts` which of the four it
    holds. `says` is the state of consent that it stands for, `None` where it names none; `first_untold`, that nobody
    was asked about purpose 1. `until` is as in `Observation`.
    """

    ref: EvidenceRef
    instant: Instant
    call: str
    key: str
    framework: str
    says: Phase | None
    parts: tuple[str, ...] = ()
    purposes: tuple[int, ...] = ()
    interests: tuple[int, ...] = ()
    vendors: tuple[int, ...] = ()
    vendor_interests: tuple[int, ...] = ()
    cmp: int | None = None
    policy_version: int | None = None
    sale_refused: bool | None = None
    first_untold: bool = False
    flow_index: int | None = None
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often one party read one type of data in one recording; `curve` counts the reads of each step from its start.

    `most` is the most reads in any window of the profile, `over` that they reach its `limit`, which no law sets.
    `background` and `silent` count the reads in those states. Without `complete` calls are missing from all figures.
    """

    recording: str
    data_type: str
    sdk: str
    reads: int
    background: int
    silent: int
    most: int
    limit: float
    window_us: Micros
    over: bool
    complete: bool
    start_us: Micros
    step_us: Micros
    curve: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PermissionUse:
    """A permission that opens personal data: whether it was declared, asked for, granted, and what was taken by it.

    `opens` are the types of data that need it, `types` those that were read. `seen` is `None` where not all of them
    were watched throughout, `granted` where something was granted that nothing names, and the device did not tell.
    """

    permission: str
    declared: bool
    asked: bool
    granted: bool | None
    opens: tuple[str, ...]
    types: tuple[str, ...]
    reads: int
    seen: bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that was met, with the evidence that met it; `evidence` holds ids of observations, calls and marks."""

    id: str
    rule: str
    outcome: Outcome
    tier: Tier
    evidence: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one rule over the whole session.

    `text` holds the clause (`zh` or `original`) and a paraphrase, `wording` says how faithful it is to the original and
    `source` where it was read. `confidence` is the rule's own, lowered to that of the evidence.
    """

    rule: str
    pack: str
    clause: str
    title: Mapping[str, str]
    outcome: Outcome
    tier: Tier | None
    evidence: tuple[str, ...]
    explanation: Explanation
    reasons: tuple[str, ...]
    confidence: float
    text: Mapping[str, str] = field(default_factory=dict)
    wording: str = ""
    source: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyText:
    """The text of a privacy policy, one line per paragraph or table row; `name` and `sha256` (hex) are the file's.

    One that a walk found has the screen that held it as `ref`, the digest of its text, and may go on beyond the screen.
    """

    name: str
    sha256: str
    lines: tuple[str, ...]
    ref: EvidenceRef | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the policy says of a data type that `recipient` (empty: the app itself) was seen to get.

    `sentence` is the policy's own, empty where it says nothing; `observations` are ids; `confidence` is 0…1.
    """

    id: str
    data_type: str
    recipient: str
    party: Party
    status: ClaimStatus
    sentence: str
    confidence: float
    why: str
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """By what a result was made: versions of the analyzer and of the libraries of detection, sha256 of each pack."""

    analyzer: str = ""
    libraries: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[str, str] = field(default_factory=dict)

    @property
    def packs_digest(self) -> str:
        """Give one sha256 (hex) for all packs: over a line `name digest` for each, in the order of their names."""
        lines = (f"{name} {digest}\n" for name, digest in sorted(self.packs.items()))
        return sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything that `analyze()` gives; equal inputs give equal bytes. What there is very much of may be packed."""

    run_id: str
    judged_by: JudgedBy = field(default_factory=JudgedBy)
    calls: tuple[Call, ...] = ()
    flows: Sequence[Flow] = ()
    observations: Sequence[Observation] = ()
    links: Sequence[Link] = ()
    consents: tuple[ConsentState, ...] = ()
    frequencies: tuple[Frequency, ...] = ()
    permissions: tuple[PermissionUse, ...] = ()
    phases: tuple[PhaseSpan, ...] = ()
    timeline: Sequence[TimelineEntry] = ()
    gaps: Sequence[SeenGap] = ()
    coverage: Coverage = field(default_factory=Coverage)
    findings: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    claims: tuple[Claim, ...] = ()
    policy: PolicyText | None = None
    profile: Mapping[str, str] = field(default_factory=dict)
