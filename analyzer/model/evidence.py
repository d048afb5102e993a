"""Evidence: what happened, as it was recorded; never changed after the seal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from analyzer.model.carried import carried
from analyzer.model.clock import ClockSample, Stamp
from analyzer.model.subject import AppFacts as AppFacts  # noqa: PLC0414 - part of the manifest, so found here too
from analyzer.model.subject import DeviceFacts as DeviceFacts  # noqa: PLC0414
from analyzer.model.vocabulary import (
    Direction,
    Ending,
    FlowKind,
    GapKind,
    HookStatus,
    MarkKind,
    Owner,
    SessionKind,
    Source,
    Strategy,
    ValueKind,
)


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """The place of one record: recording name, file of the recording, line from 1."""

    recording: str
    source: Source
    line: int


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes kept beside the records, named by their content; `path` is relative to the recording's folder.

    In a record whose body was let go after it was read (see `FlowChunk`), an empty `path` says that the bytes lie in
    the record itself.
    """

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of a message as received: inline (`data`) or beside the record (`blob`).

    `size` counts the bytes that were seen; with `truncated` it is larger than what is kept.
    """

    size: int
    data: bytes = b""
    blob: Blob | None = None
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the app: its id on the device and its name (`com.example`, `com.example:remote`)."""

    pid: int
    name: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread of a process, as the device numbers and names it."""

    tid: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One recorded argument or result, bounded and typed.

    `type` is the runtime class. `text` holds strings, numbers and booleans; `data` holds bytes; lists use `items`,
    objects use `fields` (extracted properties by name). `truncated` says that the original was larger.
    """

    kind: ValueKind
    type: str = ""
    text: str = ""
    data: bytes = b""
    items: tuple[Value, ...] = ()
    fields: tuple[tuple[str, Value], ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One hook hit.

    `hook` is the catalog id, `api` the class, method and parameter types that fired. `this` describes the receiver
    where the catalog asks for it. `stack` is the id of a `Stack` of the same source, `None` when it was not taken.
    """

    seq: int
    source: str
    stamp: Stamp
    process: Process
    thread: Thread
    hook: str
    api: str
    arguments: tuple[Value, ...]
    ending: Ending
    result: Value | None = None
    exception: str = ""
    this: Value | None = None
    stack: int | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """The text of one interned call stack, innermost frame first (`com.a.B.c(B.java:12)`)."""

    seq: int
    source: str
    stamp: Stamp
    id: int
    frames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HookState:
    """The agent's answer for one hook of the catalog in one process; `armed` is not yet proven."""

    seq: int
    source: str
    stamp: Stamp
    process: Process
    hook: str
    status: HookStatus
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Peer:
    """The two ends of a device's connection as the proxy sees them, and its TLS ClientHello random in hex."""

    client_host: str
    client_port: int
    sni: str = ""
    client_random: str = ""
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, written as soon as its body has ended; `stamp` is its start, `end` its last byte.

    `target` is the path with the query. Header names and values are Latin-1 text, so that every byte survives.
    `tapped` marks plaintext that was read inside the app instead of by the proxy.
    """

    seq: int
    source: str
    stamp: Stamp
    end: Stamp
    flow: str
    method: str
    scheme: str
    host: str
    port: int
    target: str
    http_version: str
    headers: tuple[tuple[str, str], ...]
    body: Body
    peer: Peer
    owner: Owner = Owner.APP
    tapped: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """The HTTP response to the request of the same flow."""

    seq: int
    source: str
    stamp: Stamp
    end: Stamp
    flow: str
    status: int
    reason: str
    http_version: str
    headers: tuple[tuple[str, str], ...]
    body: Body


@dataclass(frozen=True, slots=True)
class Connection:
    """The start of a flow that is no HTTP exchange: raw TCP, UDP or DNS."""

    seq: int
    source: str
    stamp: Stamp
    flow: str
    kind: FlowKind
    host: str
    port: int
    peer: Peer
    owner: Owner = Owner.APP


@dataclass(frozen=True, slots=True)
class Message:
    """One WebSocket message, raw TCP segment, datagram or DNS question of a flow."""

    seq: int
    source: str
    stamp: Stamp
    flow: str
    direction: Direction
    text: bool
    body: Body


@dataclass(frozen=True, slots=True)
class Refusal:
    """A TLS handshake that the app broke off: it does not trust the proxy, its traffic stays unread."""

    seq: int
    source: str
    stamp: Stamp
    flow: str
    host: str
    port: int
    peer: Peer
    error: str
    owner: Owner = Owner.APP


@dataclass(frozen=True, slots=True)
class FlowError:
    """A flow that ended in an error, in the proxy's words."""

    seq: int
    source: str
    stamp: Stamp
    flow: str
    error: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A noted instant; `details` are plain texts by name (`x`, `y`, `strategy`, `permission`, …)."""

    seq: int
    source: str
    stamp: Stamp
    kind: MarkKind
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Screen:
    """One look at the device: the UI hierarchy and a picture of the same moment.

    `readable` is false when the hierarchy was empty or could not be read (games, Flutter, FLAG_SECURE).
    """

    seq: int
    source: str
    stamp: Stamp
    trigger: str
    package: str
    activity: str
    readable: bool
    hierarchy: Blob | None = None
    screenshot: Blob | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that we could not see and why; `subject` names it (a hook id, a host, a process, `file:line`).

    `until` is absent for an instant and for a gap that lasts to the end of the recording.
    """

    seq: int
    source: str
    stamp: Stamp
    kind: GapKind
    subject: str
    why: str
    until: Stamp | None = None


for _kind in (EvidenceRef, Blob, Body, Peer, Request, Response, Connection, Message, Refusal, FlowError):
    carried(_kind)

EventRecord: TypeAlias = Event | Stack | HookState
FlowRecord: TypeAlias = Request | Response | Connection | Message | Refusal | FlowError
MarkRecord: TypeAlias = Mark | ClockSample
Record: TypeAlias = EventRecord | FlowRecord | MarkRecord | Screen | Gap

T_co = TypeVar("T_co", covariant=True)


class Line(NamedTuple, Generic[T_co]):
    """A record and its line (from 1) in the file that it was read from."""

    number: int
    record: T_co


FlowChunk: TypeAlias = Callable[[], Iterable[Line[FlowRecord | Gap]]]
"""Reads a stretch of a file of flows when it is called, again at every call; can be sent to another process.

A line that cannot be read is a `Gap` with line 0, whose stamp the caller sets to that of the record before.
"""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a session: one strategy in a fresh app state, its records in file order.

    The flows are either held in `flows` or, so that no more than one chunk is in memory, read through `chunks`; then
    `firsts` are the first stamps of each clock in them. `ends` are the earliest and the latest stamp on the timeline,
    where that was noted.
    """

    name: str
    strategy: Strategy
    events: Sequence[Line[EventRecord]] = ()
    flows: Sequence[Line[FlowRecord]] = ()
    marks: Sequence[Line[MarkRecord]] = ()
    screens: Sequence[Line[Screen]] = ()
    gaps: Sequence[Line[Gap]] = ()
    chunks: Sequence[FlowChunk] = ()
    firsts: tuple[Stamp, ...] = ()
    ends: tuple[Stamp, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """The manifest of a session, written once when it is opened.

    `libraries` are name → version, `packs` name → sha256, `persona` data type → known values (text, or JSON text for
    places), `agent_sha256` the digest of the agent that was loaded. Times are UTC microseconds.
    `interventions` are sentences: what was changed in the app or device; of an import, its files and what was stated.
    """

    id: str
    kind: SessionKind
    created_us: int
    app: AppFacts
    device: DeviceFacts
    tool_version: str
    python_version: str = ""
    agent_sha256: str = ""
    libraries: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[str, str] = field(default_factory=dict)
    persona_name: str = ""
    persona: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    case: str = ""
    operator: str = ""
    keep_data: bool = False
    interventions: tuple[str, ...] = ()


BlobReader: TypeAlias = Callable[[str, Blob], bytes]
"""Reads the bytes of a blob of a named recording; raises `KeyError` when they are missing or altered."""


@dataclass(frozen=True, slots=True)
class Session:
    """All evidence of one investigation; `digest` identifies the sealed bytes (sha256, hex)."""

    info: SessionInfo
    recordings: tuple[Recording, ...]
    digest: str
    sealed: bool
