"""A small session and its analysis, made by hand; every foreign text in the hostile one is an attack."""

from __future__ import annotations

import pytest

from analyzer.model.clock import Instant, Stamp
from analyzer.model.evidence import (
    AppFacts,
    Blob,
    Body,
    DeviceFacts,
    Event,
    EvidenceRef,
    FlowError,
    Line,
    Mark,
    Message,
    Peer,
    Process,
    Recording,
    Refusal,
    Request,
    Response,
    Session,
    SessionInfo,
    Thread,
    Value,
)
from analyzer.model.results import (
    Analysis,
    Call,
    Coverage,
    Explanation,
    Finding,
    Flow,
    HookCoverage,
    Link,
    Observation,
    PhaseSpan,
    Recipient,
    Sdk,
    SeenGap,
    TimelineEntry,
    Verdict,
)
from analyzer.model.vocabulary import (
    AppState,
    Channel,
    Direction,
    Ending,
    FlowKind,
    HookStatus,
    LinkMethod,
    MarkKind,
    Method,
    Outcome,
    Owner,
    Party,
    Phase,
    SessionKind,
    Source,
    Strategy,
    Tier,
    Truth,
    ValueKind,
    Where,
)
from analyzer.report.document import ResultDocument, build_document

START = 1_790_000_000_000_000
IMEI = "490154203237518"
RECORDING = "1-accept"

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\tTAB",
    "\rCR",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\x9b31m",
    "abc\u202egnp.exe\u2066",
    "nul\x00nul",
    "[bold red]markup[/bold red][link=http://evil.example]x[/link]",
    "{{ 7 * 7 }}{% raw %}",
    "lone \ud800 surrogate",
    "line\u2028separator\nnew\r\nline",
    "x" * 200_000,
    "javascript:alert(1)",
)


def stamp(offset_us: int) -> Stamp:
    return Stamp(mono_us=offset_us, wall_us=START + offset_us)


def instant(offset_us: int, source: str = "agent:1", seq: int = 0) -> Instant:
    return Instant(at_us=START + offset_us, source=source, seq=seq, uncertainty_us=50)


def ref(source: Source, line: int) -> EvidenceRef:
    return EvidenceRef(RECORDING, source, line)


def make_session(foreign: str = "Example") -> Session:
    info = SessionInfo(
        id="20261123-example-1",
        kind=SessionKind.RECORDED,
        created_us=START,
        app=AppFacts("com.example", "1.2.3", "123", foreign, "ab" * 32, 34, ("android.permission.READ_PHONE_STATE",)),
        device=DeviceFacts("lab", "lab", foreign, "14", 34, "x86_64"),
        tool_version="0.1.0",
        python_version="3.13.1",
        libraries={"mitmproxy": "12.2.3", "frida": "17.2"},
        packs={"cn.191": "cd" * 32},
        persona_name="lab-1",
        persona={"id.imei": (IMEI,)},
        case=foreign,
        operator=foreign,
        interventions=("unpinning",),
    )
    shown = Mark(1, "host", stamp(500_000), MarkKind.DIALOG_SHOWN, {"text": foreign})
    recording = Recording(RECORDING, Strategy.ACCEPT, marks=(Line(1, shown),))
    return Session(info, (recording,), "ef" * 32, sealed=True)


def make_call(foreign: str) -> Call:
    event = Event(
        seq=1,
        source="agent:1",
        stamp=stamp(100_000),
        process=Process(4242, foreign),
        thread=Thread(7, foreign),
        hook="telephony.imei",
        api=foreign,
        arguments=(Value(ValueKind.BYTES, "byte[]", data=b"\x00\xff" * 300), Value(ValueKind.STRING, text=foreign)),
        ending=Ending.RETURNED,
        result=Value(ValueKind.STRING, "java.lang.String", text=IMEI),
    )
    return Call(
        f"{RECORDING}/events/2", ref(Source.EVENTS, 2), instant(100_000), event, (foreign, "com.a.B.c(B.java:1)")
    )


def make_flows(foreign: str) -> tuple[Flow, Flow]:
    peer = Peer("127.0.0.1", 40000, sni="ads.example", tls=True)
    request = Request(
        seq=1,
        source="proxy",
        stamp=stamp(200_000),
        end=stamp(210_000),
        flow="a",
        method="POST",
        scheme="https",
        host="ads.example",
        port=443,
        target=f"/v1?d={foreign}",
        http_version="HTTP/2.0",
        headers=(("x", foreign),),
        body=Body(5, b"hello"),
        peer=peer,
    )
    blob = Blob("bodies/aa", "aa" * 32, 99)
    response = Response(2, "proxy", stamp(220_000), stamp(221_000), "a", 200, "OK", "HTTP/2.0", (), Body(99, blob=blob))
    message = Message(3, "proxy", stamp(230_000), "a", Direction.SENT, text=True, body=Body(2, b"hi"))
    error = FlowError(4, "proxy", stamp(240_000), "a", foreign)
    refusal = Refusal(5, "proxy", stamp(250_000), "b", "pinned.example", 443, peer, foreign)
    first = Flow(
        0,
        ref(Source.FLOWS, 1),
        instant(200_000, "proxy", 1),
        FlowKind.HTTP,
        "ads.example",
        443,
        Owner.APP,
        Line(1, request),
        Line(2, response),
        (Line(3, message),),
        (Line(4, error),),
    )
    second = Flow(
        1,
        ref(Source.FLOWS, 5),
        instant(250_000, "proxy", 5),
        FlowKind.TLS,
        "pinned.example",
        443,
        Owner.APP,
        Line(5, refusal),
    )
    return first, second


def make_observations(foreign: str) -> tuple[Observation, Observation]:
    sdk = Sdk("acme.ads", foreign, foreign, foreign)
    recipient = Recipient("ads.example", "ads.example", foreign, "CN", Party.THIRD, foreign)
    read = Observation(
        id="o1",
        ref=ref(Source.EVENTS, 2),
        instant=instant(100_000),
        data_type="id.imei",
        channel=Channel.API,
        where=Where.RETURN,
        path="return",
        encodings=(),
        value=IMEI,
        method=Method.HOOK,
        tier=Tier.ACCESSED,
        confidence=1.0,
        reasoning=foreign,
        event_id=f"{RECORDING}/events/2",
        phase=Phase.INITIAL,
        app_state=AppState.FOREGROUND,
        owner=Owner.APP,
        sdk=sdk,
    )
    sent = Observation(
        id="o2",
        ref=ref(Source.FLOWS, 1),
        instant=instant(200_000, "proxy", 1),
        data_type="id.imei",
        channel=Channel.NETWORK,
        where=Where.QUERY,
        path=foreign,
        encodings=("base64", "md5"),
        chain=("query", "query:d", "base64", "md5"),
        value=foreign,
        method=Method.INDICATOR,
        tier=Tier.TRANSMITTED_THIRD_PARTY,
        confidence=0.9,
        reasoning=foreign,
        flow_index=0,
        phase=Phase.INITIAL,
        app_state=AppState.FOREGROUND,
        owner=Owner.APP,
        sdk=sdk,
        recipient=recipient,
        origins=(f"{RECORDING}/events/2",),
    )
    return read, sent


def make_verdict(rule: str, outcome: Outcome, foreign: str) -> Verdict:
    met = outcome is Outcome.VIOLATED
    return Verdict(
        rule=rule,
        pack="cn.191",
        clause="三(一)",
        title={"zh": "征得用户同意前就开始收集个人信息", "en": "Collects personal data before consent"},
        outcome=outcome,
        tier=Tier.TRANSMITTED_THIRD_PARTY if met else None,
        evidence=("o1", "o2") if met else (),
        explanation=Explanation(
            "any of", Truth.YES if met else Truth.UNKNOWN, ("o1",), (foreign,), (Explanation(foreign, Truth.YES),)
        ),
        reasons=() if met else (f"traffic to {foreign} stayed unread",),
        confidence=0.9,
        text={"zh": f"征得用户同意前 {foreign}", "en": f"before consent {foreign}"},
        wording="verbatim public copy",
        source=("CAC-191",),
    )


def make_analysis(foreign: str = "Example") -> Analysis:
    timeline = (
        TimelineEntry(
            instant(100_000),
            ref(Source.EVENTS, 2),
            RECORDING,
            "event",
            foreign,
            Phase.INITIAL,
            AppState.FOREGROUND,
            ("id.imei",),
            foreign,
            "",
            ("o1",),
        ),
        TimelineEntry(
            instant(200_000, "proxy", 1),
            ref(Source.FLOWS, 1),
            RECORDING,
            "flow",
            foreign,
            Phase.INITIAL,
            AppState.FOREGROUND,
            ("id.imei",),
            "",
            foreign,
            ("o2",),
        ),
        TimelineEntry(
            instant(510_000, "host", 1),
            ref(Source.MARKS, 1),
            RECORDING,
            "mark",
            "dialog_shown",
            Phase.INITIAL,
            AppState.FOREGROUND,
        ),
    )
    evidence = (ref(Source.MARKS, 1),)
    return Analysis(
        run_id="12" * 32,
        calls=(make_call(foreign),),
        flows=make_flows(foreign),
        observations=make_observations(foreign),
        links=(Link("l1", f"{RECORDING}/events/2", 0, "o2", LinkMethod.VALUE, 100_000, 1.0),),
        phases=(
            PhaseSpan(RECORDING, Phase.INITIAL, AppState.FOREGROUND, START, START + 900_000, evidence, foreign),
            PhaseSpan(RECORDING, Phase.ACCEPTED, AppState.FOREGROUND, START + 900_000, START + 2_000_000, (), foreign),
        ),
        timeline=timeline,
        gaps=(SeenGap("g1", ref(Source.FLOWS, 5), RECORDING, "tls_refused", foreign, foreign, START + 250_000),),
        coverage=Coverage(
            hooks=(
                HookCoverage(RECORDING, "telephony.imei", HookStatus.ARMED, ("com.example",), 1),
                HookCoverage(RECORDING, "wifi.mac", HookStatus.CLASS_ABSENT, ("com.example",), 0, foreign),
            ),
            flows_read=1,
            flows_opaque=1,
            opaque_hosts=("pinned.example", foreign),
            screens_read=3,
            screens_unreadable=1,
        ),
        findings=(Finding("f1", "cn.191.3.1", Outcome.VIOLATED, Tier.ACCESSED, ("o1", "o2"), foreign),),
        verdicts=(
            make_verdict("cn.191.3.1", Outcome.VIOLATED, foreign),
            make_verdict("cn.191.3.2a", Outcome.INCONCLUSIVE, foreign),
            make_verdict("cn.191.3.3", Outcome.NOT_OBSERVED, foreign),
        ),
        profile={"name": "standard"},
    )


def make_document(foreign: str = "Example") -> ResultDocument:
    return build_document(make_session(foreign), make_analysis(foreign))


@pytest.fixture
def document() -> ResultDocument:
    return make_document()


@pytest.fixture(params=HOSTILE, ids=[repr(text[:16]) for text in HOSTILE])
def hostile(request: pytest.FixtureRequest) -> str:
    text: str = request.param
    return text


@pytest.fixture
def hostile_document(hostile: str) -> ResultDocument:
    return make_document(hostile)


@pytest.fixture
def session() -> Session:
    return make_session()


@pytest.fixture
def analysis() -> Analysis:
    return make_analysis()
