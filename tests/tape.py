"""Hand-built evidence for the tests of phases and verdicts: one recording, microseconds from 0."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    AppFacts,
    Blob,
    Body,
    Connection,
    DeviceFacts,
    Event,
    EventRecord,
    Gap,
    HookState,
    Line,
    Mark,
    Peer,
    Process,
    Recording,
    Refusal,
    Request,
    Screen,
    Session,
    SessionInfo,
    Thread,
    Value,
)
from analyzer.model.vocabulary import (
    TAP,
    Ending,
    FlowKind,
    GapKind,
    HookStatus,
    MarkKind,
    Owner,
    SessionKind,
    Strategy,
    ValueKind,
)

MAIN = Process(100, "com.example")


@dataclass
class Tape:
    """Collects records of one recording; `at` is seconds since its start."""

    name: str = "1-accept"
    strategy: Strategy = Strategy.ACCEPT
    marks: list[Mark] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)
    events: list[EventRecord] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    flows: list[Request | Refusal] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)

    def mark(self, kind: MarkKind, at: float, **details: str) -> Tape:
        self.marks.append(Mark(len(self.marks), "host", _stamp(at), kind, details))
        return self

    def screen(self, hierarchy: str, at: float) -> Tape:
        data = hierarchy.encode()
        blob = Blob(f"screens/{len(self.screens)}.xml", hashlib.sha256(data).hexdigest(), len(data))
        self.blobs[blob.path] = data
        self.screens.append(Screen(len(self.screens), "host", _stamp(at), "test", "com.example", "", bool(data), blob))
        return self

    def gap(self, kind: GapKind, at: float, subject: str = "") -> Tape:
        self.gaps.append(Gap(len(self.gaps), "host", _stamp(at), kind, subject, "because"))
        return self

    def call(self, hook: str, at: float, api: str = "", text: str = "", result: str = "") -> Tape:
        this = Value(ValueKind.OBJECT, "android.widget.Button", fields=(("text", Value(ValueKind.STRING, text=text)),))
        value = Value(ValueKind.STRING, "java.lang.String", text=result) if result else None
        event = Event(
            len(self.events),
            "agent:100",
            _stamp(at),
            MAIN,
            Thread(1),
            hook,
            api or hook,
            (),
            Ending.RETURNED,
            value,
            this=this,
        )
        self.events.append(event)
        return self

    def touch(self, at: float, x: int, y: int) -> Tape:
        """Touch a window at a place, as an app sees it itself."""
        self.call("ui.touch", at, "android.app.Activity.dispatchTouchEvent(android.view.MotionEvent)")
        place = tuple((name, Value(ValueKind.NUMBER, "int", text=str(to))) for name, to in (("x", x), ("y", y)))
        this = Value(ValueKind.OBJECT, "android.app.Activity", fields=place)
        self.events[-1] = replace(self.events[-1], this=this)
        return self

    def write(self, hook: str, at: float, key: str, value: str) -> Tape:
        """Store a text under a key, as `SharedPreferences.Editor.putString` does."""
        arguments = tuple(Value(ValueKind.STRING, "java.lang.String", text=text) for text in (key, value))
        stamp = _stamp(at)
        self.events.append(
            Event(len(self.events), "agent:100", stamp, MAIN, Thread(1), hook, hook, arguments, Ending.RETURNED)
        )
        return self

    def ask(self, at: float, *permissions: str) -> Tape:
        """Ask for permissions, as `Activity.requestPermissions` does."""
        items = tuple(Value(ValueKind.STRING, "java.lang.String", text=name) for name in permissions)
        arguments = (
            Value(ValueKind.LIST, "[Ljava.lang.String;", items=items),
            Value(ValueKind.NUMBER, "int", text="1"),
        )
        hook, stamp = "ui.request_permissions", _stamp(at)
        self.events.append(
            Event(len(self.events), "agent:100", stamp, MAIN, Thread(1), hook, hook, arguments, Ending.RETURNED)
        )
        return self

    def request(self, host: str, at: float, body: bytes, owner: Owner = Owner.APP, target: str = "/v1/collect") -> Tape:
        headers = (("Content-Type", "application/json"),)
        peer = Peer("127.0.0.1", 40_000 + len(self.flows))
        self.flows.append(
            Request(
                len(self.flows), "proxy", _stamp(at), _stamp(at + 0.01), f"f{len(self.flows)}", "POST", "https", host,
                443, target, "HTTP/1.1", headers, Body(len(body), body), peer, owner,
            )
        )  # fmt: skip
        return self

    def refuse(self, host: str, at: float, error: str = "certificate unknown") -> Tape:
        peer = Peer("127.0.0.1", 40_000 + len(self.flows), sni=host)
        number = len(self.flows)
        self.flows.append(Refusal(number, "proxy", _stamp(at), f"f{number}", host, 443, peer, error))
        return self

    def passed(self, host: str, at: float, random: str) -> Tape:
        """A connection that the proxy passed on unread."""
        peer, number = Peer("127.0.0.1", 40_000 + len(self.flows), host, random, tls=True), len(self.flows)
        self.flows.append(
            Connection(number, "proxy", _stamp(at), f"f{number}", FlowKind.TLS, host, 443, peer, Owner.APP)
        )
        return self

    def tapped(self, host: str, at: float, body: bytes, random: str) -> Tape:
        """A request that was read inside the app."""
        self.request(host, at, body)
        peer = Peer("127.0.0.1", 1, host, random, tls=True)
        self.flows[-1] = replace(self.flows[-1], source=TAP, tapped=True, peer=peer)
        return self

    def hook(self, hook: str, status: HookStatus = HookStatus.ARMED, at: float = 0) -> Tape:
        self.events.append(HookState(len(self.events), "agent:100", _stamp(at), MAIN, hook, status))
        return self

    def session(self, api_level: int = 0, device: str = "emulator") -> Session:
        recording = Recording(
            self.name,
            self.strategy,
            events=tuple(Line(number, record) for number, record in enumerate(self.events, 1)),
            flows=tuple(Line(number, record) for number, record in enumerate(self.flows, 1)),
            marks=tuple(Line(number, record) for number, record in enumerate(self.marks, 1)),
            screens=tuple(Line(number, record) for number, record in enumerate(self.screens, 1)),
            gaps=tuple(Line(number, record) for number, record in enumerate(self.gaps, 1)),
        )
        app = AppFacts("com.example")
        info = SessionInfo("s", SessionKind.RECORDED, 0, app, DeviceFacts("d", device, api_level=api_level), "0")
        return Session(info, (recording,), "d" * 64, sealed=True)

    def read_blob(self, _recording: str, blob: Blob) -> bytes:
        return self.blobs[blob.path]


def _stamp(at: float) -> Stamp:
    return Stamp(int(at * 1e6), int(at * 1e6))
