"""Hand-built evidence for the tests of phases and verdicts: one recording, microseconds from 0."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    AppFacts,
    Blob,
    DeviceFacts,
    Event,
    EventRecord,
    Gap,
    HookState,
    Line,
    Mark,
    Process,
    Recording,
    Screen,
    Session,
    SessionInfo,
    Thread,
    Value,
)
from analyzer.model.vocabulary import Ending, GapKind, HookStatus, MarkKind, SessionKind, Strategy, ValueKind

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

    def call(self, hook: str, at: float, api: str = "", text: str = "") -> Tape:
        this = Value(ValueKind.OBJECT, "android.widget.Button", fields=(("text", Value(ValueKind.STRING, text=text)),))
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
            this=this,
        )
        self.events.append(event)
        return self

    def hook(self, hook: str, status: HookStatus = HookStatus.ARMED) -> Tape:
        self.events.append(HookState(len(self.events), "agent:100", _stamp(0), MAIN, hook, status))
        return self

    def session(self) -> Session:
        recording = Recording(
            self.name,
            self.strategy,
            events=tuple(Line(number, record) for number, record in enumerate(self.events, 1)),
            marks=tuple(Line(number, record) for number, record in enumerate(self.marks, 1)),
            screens=tuple(Line(number, record) for number, record in enumerate(self.screens, 1)),
            gaps=tuple(Line(number, record) for number, record in enumerate(self.gaps, 1)),
        )
        app = AppFacts("com.example")
        info = SessionInfo("s", SessionKind.RECORDED, 0, app, DeviceFacts("lab", "lab"), "0")
        return Session(info, (recording,), "d" * 64, sealed=True)

    def read_blob(self, _recording: str, blob: Blob) -> bytes:
        return self.blobs[blob.path]


def _stamp(at: float) -> Stamp:
    return Stamp(int(at * 1e6), int(at * 1e6))
