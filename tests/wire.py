"""Hand-built evidence for the tests of detection: calls with stacks and flows of one recording, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import analyzer.packs
from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    AppFacts,
    Blob,
    Body,
    ClockSample,
    DeviceFacts,
    Event,
    EventRecord,
    FlowRecord,
    Line,
    MarkRecord,
    Message,
    Peer,
    Process,
    Recording,
    Refusal,
    Request,
    Response,
    Session,
    SessionInfo,
    Stack,
    Thread,
    Value,
)
from analyzer.model.vocabulary import Direction, Ending, HookKind, Owner, SessionKind, Strategy, ValueKind, Where
from analyzer.packs.catalog_entries import Catalog, Hook, Target
from analyzer.packs.endpoints import Endpoints, read_endpoints
from analyzer.packs.sdks import Sdks, read_sdks
from analyzer.packs.taxonomy import Taxonomy, read_taxonomy

DATA = Path(analyzer.packs.__file__).parent / "data"
EPOCH = 1_700_000_000_000_000
IMEI = "867431059238179"
AGENT = "agent:100"


def stamp(at: float, domain: str = "host") -> Stamp:
    return Stamp(int(at * 1e6), EPOCH + int(at * 1e6), domain)


def text(value: str) -> Value:
    return Value(ValueKind.STRING, "java.lang.String", text=value)


def number(value: str) -> Value:
    return Value(ValueKind.NUMBER, "int", text=value)


def raw(value: bytes) -> Value:
    return Value(ValueKind.BYTES, "byte[]", data=value)


def listed(*items: Value) -> Value:
    return Value(ValueKind.LIST, "java.util.ArrayList", items=items)


def thing(kind: str = "java.lang.Object", **fields: Value) -> Value:
    return Value(ValueKind.OBJECT, kind, fields=tuple(fields.items()))


NULL = Value(ValueKind.NULL)


def hook(name: str, kind: HookKind = HookKind.READ, data_type: str = "", where: Where | None = Where.RETURN) -> Hook:
    return Hook(
        name, name.partition(".")[0], kind, Target((name,), "get"), data_type, where=where, reasoning="documented"
    )


CATALOG = Catalog(
    {
        one.id: one
        for one in (
            hook("telephony.imei", data_type="id.imei"),
            hook("settings.android_id", data_type="id.android_id"),
            hook("wifi.info", data_type="loc.wifi_current"),
            hook("net.mac", data_type="id.mac_wifi"),
            hook("location.last", data_type="loc.precise"),
            hook("packages.installed", data_type="dev.installed_apps"),
            hook("accounts.list", data_type="dev.accounts"),
            hook("contacts.query", HookKind.REQUEST, "comm.contacts", None),
            hook("contacts.row", data_type="comm.contacts"),
            hook("permission.ask", HookKind.REQUEST, "loc.precise", Where.ARGUMENT),
            hook("prefs.put", HookKind.STORE, where=Where.ARGUMENT),
            hook("crypto.digest", HookKind.CRYPTO, where=None),
            hook("crypto.cipher", HookKind.CRYPTO, where=None),
            Hook("crypto.base64", "crypto", HookKind.CRYPTO, Target(("java.util.Base64$Encoder",), "encodeToString")),
            Hook("crypto.deflate", "crypto", HookKind.CRYPTO, Target(("java.util.zip.Deflater",), "deflate")),
            hook("net.connect", HookKind.NETWORK, where=None),
            hook("net.url", HookKind.NETWORK, where=None),
        )
    }
)


@cache
def taxonomy() -> Taxonomy:
    texts = [(DATA / name).read_text(encoding="utf-8") for name in ("taxonomy.yaml", "clues.yaml")]
    return read_taxonomy(texts[0], clues=texts[1])


@cache
def sdks() -> Sdks:
    return read_sdks({path.name: path.read_text(encoding="utf-8") for path in (DATA / "sdks").glob("*.yaml")})


@cache
def endpoints() -> Endpoints:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (DATA / "endpoints").glob("*.yaml")}
    return read_endpoints(texts, sdks())


def missing(_recording: str, _blob: Blob) -> bytes:
    raise KeyError


@dataclass
class Wire:
    """Collects the records of one recording; every method gives the line number (from 1) of its main record."""

    package: str = "com.example"
    persona: dict[str, tuple[str, ...]] = field(default_factory=dict)
    events: list[EventRecord] = field(default_factory=list)
    flows: list[FlowRecord] = field(default_factory=list)
    marks: list[MarkRecord] = field(default_factory=list)

    def call(
        self,
        name: str,
        at: float,
        result: Value | None = None,
        arguments: tuple[Value, ...] = (),
        this: Value | None = None,
        frames: tuple[str, ...] | None = None,
        threw: str = "",
        tid: int = 1,
    ) -> int:
        stack = None
        if frames is not None:
            stack = len(self.events)
            self.events.append(Stack(stack, AGENT, stamp(at), stack, frames))
        self.events.append(
            Event(
                len(self.events),
                AGENT,
                stamp(at),
                Process(100, self.package),
                Thread(tid),
                name,
                f"{name}()",
                arguments,
                Ending.THREW if threw else Ending.RETURNED,
                result,
                threw,
                this,
                stack,
            )
        )
        return len(self.events)

    def request(
        self,
        at: float,
        body: bytes = b"",
        host: str = "api.statflow.example",
        target: str = "/v1",
        headers: tuple[tuple[str, str], ...] = (),
        port: int = 0,
        blob: Blob | None = None,
        random: str = "",
        owner: Owner = Owner.APP,
    ) -> str:
        flow = f"f{len(self.flows)}"
        peer = Peer("127.0.0.1", port, client_random=random)
        seq, when = len(self.flows), stamp(at)
        whole = Body(len(body), body, blob)
        record = Request(
            seq, "proxy", when, when, flow, "POST", "https", host, 443, target, "HTTP/1.1", headers, whole, peer, owner
        )
        self.flows.append(record)
        return flow

    def response(self, flow: str, at: float, body: bytes) -> None:
        seq, when = len(self.flows), stamp(at)
        self.flows.append(Response(seq, "proxy", when, when, flow, 200, "OK", "HTTP/1.1", (), Body(len(body), body)))

    def message(self, flow: str, at: float, body: bytes, direction: Direction = Direction.SENT) -> None:
        seq = len(self.flows)
        self.flows.append(Message(seq, "proxy", stamp(at), flow, direction, text=True, body=Body(len(body), body)))

    def refusal(self, at: float, host: str, port: int) -> None:
        flow = f"f{len(self.flows)}"
        peer = Peer("127.0.0.1", port)
        self.flows.append(Refusal(len(self.flows), "proxy", stamp(at), flow, host, 443, peer, "no trust"))

    def sample(self, at: float, domain: str, offset_s: float, uncertainty_us: int = 500) -> None:
        seq = len(self.marks)
        self.marks.append(ClockSample(seq, "host", stamp(at), domain, int(offset_s * 1e6), uncertainty_us))

    def recording(self, name: str = "1-accept") -> Recording:
        return Recording(
            name,
            Strategy.ACCEPT,
            events=tuple(Line(at, record) for at, record in enumerate(self.events, 1)),
            flows=tuple(Line(at, record) for at, record in enumerate(self.flows, 1)),
            marks=tuple(Line(at, record) for at, record in enumerate(self.marks, 1)),
        )

    def session(self) -> Session:
        info = SessionInfo(
            "s",
            SessionKind.RECORDED,
            0,
            AppFacts(self.package),
            DeviceFacts("lab", "lab"),
            "0",
            persona=self.persona,
        )
        return Session(info, (self.recording(),), "d" * 64, sealed=True)
