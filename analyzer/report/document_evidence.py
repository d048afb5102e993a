"""The evidence half of the result document: session, recordings, coverage, gaps, marks, events, flows."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from analyzer.model.vocabulary import (
    Direction,
    Ending,
    FlowKind,
    HookStatus,
    MarkKind,
    Owner,
    Party,
    Phase,
    SessionKind,
    Source,
    Strategy,
    ValueKind,
)
from analyzer.report.text import bounded

Text = Annotated[str, AfterValidator(bounded)]
"""Text of any origin: cut to a fixed length and free of what UTF-8 cannot carry."""


class Entry(BaseModel):
    """A part of the document: frozen, and closed to keys that the schema does not name."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_serialization_defaults_required=True)


class RefEntry(Entry):
    """The place of one record of the evidence."""

    recording: Text = Field(description="Name of the recording inside the session.")
    source: Source = Field(description="File of the recording that holds the record.")
    line: int = Field(ge=1, description="Line of that file, counted from 1.")


class AppEntry(Entry):
    """The app under test, as known without running it."""

    package: Text = Field(description="Package name (application id).")
    version_name: Text = Field(description="Version as its publisher writes it; empty when not known.")
    version_code: Text = Field(description="Version code; empty when not known.")
    label: Text = Field(description="Name that the launcher shows; empty when not known.")
    sha256: Text = Field(description="SHA-256 of the installed package, hex; empty when not known.")
    target_sdk: int = Field(description="Target API level; 0 when not known.")
    permissions: tuple[Text, ...] = Field(description="Permissions that the manifest declares.")
    min_sdk: int = Field(description="Lowest API level that the app runs on; 0 when not known.")
    signers: tuple[Text, ...] = Field(description="SHA-256 of each signing certificate, hex; not verified.")
    abis: tuple[Text, ...] = Field(description="Processor architectures that it brings native code for.")
    exported: tuple[Text, ...] = Field(description="Components that other apps may start.")
    files: dict[Text, Text] = Field(description="SHA-256 of each file of the package, hex, by name.")


class DeviceEntry(Entry):
    """The device that the app ran on."""

    serial: Text = Field(description="Serial of the device.")
    kind: Text = Field(description="lab, emulator, phone, or none for imported evidence.")
    model: Text = Field(description="Model name; empty when not known.")
    android_version: Text = Field(description="Android release; empty when not known.")
    api_level: int = Field(description="Android API level; 0 when not known.")
    abi: Text = Field(description="Processor architecture; empty when not known.")


class ToolEntry(Entry):
    """The programs that recorded the evidence."""

    analyzer: Text = Field(description="Version of analyzer that recorded the session.")
    python: Text = Field(description="Version of Python that recorded the session.")
    agent_sha256: Text = Field(description="SHA-256 of the Frida agent that was loaded, hex; empty when none was.")


class JudgedByEntry(Entry):
    """By what the evidence was judged; with the evidence, the app's type and the policy it decides the result."""

    analyzer: Text = Field(description="Version of analyzer that judged.")
    libraries: dict[Text, Text] = Field(description="Versions of the libraries that detection uses, by name.")
    packs: dict[Text, Text] = Field(
        description="SHA-256 (hex) of each pack: rule packs and those whose conditions they name, profile, catalog of "
        "hooks, taxonomy, SDKs, endpoints and other lists; over names and bytes of their files."
    )
    packs_digest: Text = Field(
        description="SHA-256 (hex) that stands for all packs: over a line `name digest` for each, sorted by name."
    )


class PersonaEntry(Entry):
    """The planted values of the test device."""

    name: Text = Field(description="Name of the persona; empty when there was none.")
    values: dict[Text, tuple[Text, ...]] = Field(description="Known values by data type.")


class SessionEntry(Entry):
    """What was examined, by whom, with what; and which analysis this is."""

    id: Text = Field(description="Identifier of the session.")
    kind: SessionKind = Field(description="Whether the evidence was recorded by analyzer or imported.")
    created_us: int = Field(description="When the session was opened: microseconds since the Unix epoch, UTC.")
    created: Text | None = Field(description="The same instant in RFC 3339; null when it is outside of the calendar.")
    digest: Text = Field(description="Digest of the sealed evidence (sha256, hex).")
    sealed: bool = Field(description="Whether the evidence was sealed when it was analysed.")
    run_id: Text = Field(description="Identifier of this analysis: equal for equal evidence, packs and versions.")
    case: Text = Field(description="Case text that the operator gave; empty when none.")
    operator: Text = Field(description="Who ran the session; empty when not given.")
    app: AppEntry = Field(description="The app under test.")
    device: DeviceEntry = Field(description="The device that it ran on.")
    tool: ToolEntry = Field(description="What recorded the evidence.")
    libraries: dict[Text, Text] = Field(description="Versions of the libraries that recorded, by name.")
    packs: dict[Text, Text] = Field(description="Digests (sha256, hex) of the packs at recording time, by name.")
    profile: dict[Text, Text] = Field(description="Settings of the judgement (detectors, thresholds), by name.")
    persona: PersonaEntry = Field(description="The planted values that were looked for.")
    keep_data: bool = Field(description="Whether the app kept its data from before; then phases start as unknown.")
    interventions: tuple[Text, ...] = Field(
        description="What the tool changed in the app or device (unpinning, …); what an importer brought and stated."
    )
    judged_by: JudgedByEntry | None = Field(
        default=None,
        description="By what this result was made (tool, libraries and packs tell of the recording); null in results "
        "of versions that did not say.",
    )
    redaction: Text = Field(
        default="", description="How personal values were replaced in this copy; empty where they are shown."
    )


class RecordingEntry(Entry):
    """One recording: one strategy in a fresh app state."""

    name: Text = Field(description="Name of the recording inside the session.")
    strategy: Strategy = Field(
        description="What the operator did when the app asked for consent; import: a foreign capture."
    )
    start_us: int | None = Field(description="First instant of its timeline, microseconds; null when it has none.")
    start: Text | None = Field(description="The same instant in RFC 3339.")
    end_us: int | None = Field(description="Last instant of its timeline, microseconds; null when it has none.")
    end: Text | None = Field(description="The same instant in RFC 3339.")
    events: int = Field(description="Number of records in its events file.")
    flows: int = Field(description="Number of records in its flows file.")
    marks: int = Field(description="Number of records in its marks file.")
    screens: int = Field(description="Number of records in its screens file.")
    gaps: int = Field(description="Number of records in its gaps file.")


class HookEntry(Entry):
    """What became of one hook in one recording."""

    recording: Text = Field(description="Name of the recording.")
    hook: Text = Field(description="Identifier of the hook in the catalog.")
    status: HookStatus = Field(description="What the agent answered when it installed the hook.")
    processes: tuple[Text, ...] = Field(description="Processes in which it answered so.")
    proven: int = Field(description="How often it fired; an armed hook that never fired is not proven.")
    detail: Text = Field(description="The agent's words; empty when there is nothing to add.")


class ProcessEntry(Entry):
    """How soon the hooks were in one process of the app."""

    recording: Text = Field(description="Name of the recording.")
    process: Text = Field(description="Name of the process.")
    pid: int = Field(description="Its number on the device.")
    first_hook_us: int | None = Field(
        description="From its start (on Android: its fork) to the first hook in place, during which it is held; "
        "microseconds; null where no hook was in place, or none after its start."
    )


class CoverageEntry(Entry):
    """What could be seen, and what not."""

    hooks: tuple[HookEntry, ...] = Field(description="Every hook of the catalog, per recording.")
    flows_read: int = Field(description="Connections whose content was read.")
    flows_opaque: int = Field(description="Connections whose content stayed unread.")
    opaque_hosts: tuple[Text, ...] = Field(description="Hosts of the unread connections.")
    flows_tapped: int = Field(
        default=0, description="Connections that the proxy passed on unread, and that were read inside the app."
    )
    screens_read: int = Field(description="Looks at the screen whose hierarchy was read.")
    screens_unreadable: int = Field(description="Looks at the screen that could not be read.")
    processes: tuple[ProcessEntry, ...] = Field(description="The app's processes, in the order of their starts.")


class GapEntry(Entry):
    """Something that could not be seen, and why."""

    id: Text = Field(description="Identifier of the gap inside this document.")
    ref: RefEntry | None = Field(description="The record that tells of it; null when it was derived from absence.")
    recording: Text = Field(description="Name of the recording.")
    kind: Text = Field(description="Kind of the gap (tls_refused, hook_not_armed, …).")
    subject: Text = Field(description="What is concerned: a hook, a host, a process, a file and line.")
    why: Text = Field(description="Why it could not be seen.")
    at_us: int = Field(description="When it began: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
    until_us: int | None = Field(description="When it ended; null for an instant or to the end of the recording.")
    until: Text | None = Field(description="The same instant in RFC 3339.")


class MarkEntry(Entry):
    """A noted instant of the recording."""

    id: Text = Field(description="Identifier: recording/marks/line.")
    ref: RefEntry = Field(description="The record of the mark.")
    kind: MarkKind = Field(description="What was noted.")
    at_us: int = Field(description="When: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
    details: dict[Text, Text] = Field(description="What belongs to it (coordinates, permission, …), by name.")


class ValueEntry(Entry):
    """One recorded argument or result, as a bounded preview."""

    kind: ValueKind = Field(description="Shape of the value.")
    type: Text = Field(description="Runtime class; empty when not known.")
    text: Text = Field(description="The value as text; lists and objects as bounded JSON-like text.")
    base64: Text | None = Field(description="First bytes in base64, for bytes; null otherwise.")
    size: int | None = Field(description="Number of recorded bytes, for bytes; null otherwise.")
    truncated: bool = Field(description="Whether the original was larger than this preview.")


class EventEntry(Entry):
    """One hook hit: an API that the app called."""

    id: Text = Field(description="Identifier: recording/events/line.")
    ref: RefEntry = Field(description="The record of the call.")
    at_us: int = Field(description="When: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
    uncertainty_us: int = Field(description="Uncertainty of the instant, microseconds.")
    hook: Text = Field(description="Identifier of the hook in the catalog.")
    api: Text = Field(description="Class, method and parameter types that fired.")
    arguments: tuple[ValueEntry, ...] = Field(description="Arguments of the call.")
    ending: Ending = Field(description="Whether the call returned or threw.")
    result: ValueEntry | None = Field(description="What it returned; null when it threw or returns nothing.")
    exception: Text = Field(description="What it threw; empty when it returned.")
    pid: int = Field(description="Process id on the device.")
    process: Text = Field(description="Process name.")
    tid: int = Field(description="Thread id on the device.")
    thread: Text = Field(description="Thread name; empty when not known.")
    stack: tuple[Text, ...] | None = Field(description="Call stack, innermost frame first; null when not taken.")
    phase: Phase = Field(description="Phase of consent at that instant.")


class RecipientEntry(Entry):
    """Who received a flow."""

    host: Text = Field(description="Host name.")
    registrable_domain: Text = Field(description="Registrable domain of the host; empty when there is none.")
    company: Text = Field(description="Company behind the host; empty when not known.")
    country: Text = Field(description="Country of the company; empty when not known.")
    party: Party = Field(description="First or third party, seen from the app.")
    reasoning: Text = Field(description="Why we say so.")


class BodyEntry(Entry):
    """The bytes of a message, by digest; the bytes themselves stay in the evidence."""

    size: int = Field(description="Number of bytes that were seen.")
    sha256: Text = Field(description="SHA-256 of the bytes that are kept, hex.")
    truncated: bool = Field(description="Whether fewer bytes are kept than were seen.")


class MessageEntry(Entry):
    """One WebSocket message, raw segment, datagram or DNS question."""

    ref: RefEntry = Field(description="The record of the message.")
    direction: Direction = Field(description="Which way it travelled, seen from the device.")
    text: bool = Field(description="Whether it was sent as text.")
    body: BodyEntry = Field(description="Its bytes, by digest.")


class FlowEntry(Entry):
    """One HTTP exchange, WebSocket or raw connection."""

    flow_index: int = Field(description="Position among the flows of the session, from 0.")
    id: Text = Field(description="Identifier: recording/flows/line of the record that began it.")
    ref: RefEntry = Field(description="The record that began it.")
    kind: FlowKind = Field(description="Protocol.")
    at_us: int = Field(description="When it began: microseconds since the Unix epoch, UTC.")
    at: Text | None = Field(description="The same instant in RFC 3339.")
    request_line: Text = Field(description="Method, URL and version; host and port where it is no HTTP.")
    host: Text = Field(description="Host name.")
    port: int = Field(description="Port.")
    owner: Owner = Field(description="Whose traffic it is; only the app's supports violated.")
    phase: Phase = Field(description="Phase of consent when it began.")
    recipient: RecipientEntry | None = Field(description="Who received it; null when nothing was observed in it.")
    request: BodyEntry | None = Field(description="Body of the request; null where it is no HTTP.")
    status: int | None = Field(description="Status of the response; null when it was never answered.")
    response: BodyEntry | None = Field(description="Body of the response; null when it was never answered.")
    messages: tuple[MessageEntry, ...] = Field(description="Messages after the start, in order.")
    error: Text = Field(description="Errors in the words of the proxy; empty when there were none.")
    read: bool = Field(description="Whether its content could be read, by the proxy or inside the app.")
    tapped: bool = Field(default=False, description="Whether it was read inside the app instead of by the proxy.")
    tunnel: int | None = Field(
        default=None, description="The flow_index of the unread connection whose plaintext it is; null for all else."
    )
