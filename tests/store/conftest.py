from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import missing
from postgres import binaries, serving
from sqlalchemy import Engine, create_engine, text

from analyzer.model.clock import Instant, Stamp
from analyzer.model.evidence import (
    AppFacts,
    Body,
    DeviceFacts,
    EvidenceRef,
    Line,
    Mark,
    Peer,
    Request,
    Screen,
    SessionInfo,
)
from analyzer.model.results import (
    Analysis,
    Explanation,
    Finding,
    Flow,
    Frequency,
    Link,
    Observation,
    PermissionUse,
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
    FlowKind,
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
    Where,
)
from analyzer.store.database import open_database, sqlite_url
from analyzer.store.recording import RecordingWriter
from analyzer.store.session import SessionWriter
from analyzer.store.workspace import Workspace

CREATED_US = 1_795_457_700_000_000


class Make:
    """Makes small records; equal arguments give equal records."""

    @staticmethod
    def stamp(at: int) -> Stamp:
        return Stamp(at, CREATED_US + at)

    def mark(self, seq: int, **details: str) -> Mark:
        return Mark(seq, "operator", self.stamp(seq), MarkKind.TAPPED, details)

    def request(self, seq: int, body: Body) -> Request:
        return Request(
            seq=seq,
            source="proxy",
            stamp=self.stamp(seq),
            end=self.stamp(seq + 5),
            flow=f"f{seq}",
            method="POST",
            scheme="https",
            host="api.tracker.example",
            port=443,
            target="/collect?d=1",
            http_version="HTTP/2.0",
            headers=(("Content-Type", "application/json"),),
            body=body,
            peer=Peer("127.0.0.1", 40000 + seq, "api.tracker.example", "ab" * 32, tls=True),
        )

    @staticmethod
    def info(workspace: Workspace, package: str = "com.example") -> SessionInfo:
        return SessionInfo(
            id=workspace.new_id(package, CREATED_US),
            kind=SessionKind.RECORDED,
            created_us=CREATED_US,
            app=AppFacts(package),
            device=DeviceFacts("lab", "lab"),
            tool_version="0.1.0",
            persona={"id.imei": ("490154203237518",)},
        )

    def analysis(self, size: int = 1, run_id: str = "r1") -> Analysis:
        """An analysis with `size` of everything."""
        return Analysis(
            run_id=run_id,
            flows=tuple(self.flow(index) for index in range(size)),
            observations=tuple(self.observation(index) for index in range(size)),
            links=tuple(
                Link(f"l{index}", "1-accept/events/1", index, f"o{index}", LinkMethod.VALUE, -5, 1.0)
                for index in range(size)
            ),
            phases=(PhaseSpan("1-accept", Phase.INITIAL, AppState.STARTING, 10, 90, (), "nobody has chosen"),),
            timeline=tuple(self.entry(index) for index in range(size)),
            gaps=tuple(
                SeenGap(f"g{index}", None, "1-accept", "tls_refused", "pin.example", "pinned", 7)
                for index in range(size)
            ),
            findings=(Finding("f1", "cn.191.3.1", Outcome.VIOLATED, Tier.TRANSMITTED, ("o0",), "IMEI before consent"),),
            verdicts=(self.verdict("cn.191.3.1", Outcome.VIOLATED), self.verdict("cn.191.5.1", Outcome.NOT_OBSERVED)),
            frequencies=(
                Frequency(
                    "1-accept", "id.imei", "Tracker", 5, 2, 1, 4, 4.0, 60_000_000, True, False, 10, 1_000_000, (4, 1)
                ),
            ),
            permissions=(PermissionUse("CAMERA", True, False, None, ("sens.camera",), (), 0, False),),
        )

    def flow(self, index: int) -> Flow:
        ref = EvidenceRef("1-accept", Source.FLOWS, index + 1)
        opening = self.request(index, Body(4, b"body"))
        instant = Instant(CREATED_US + index, "proxy", index)
        return Flow(index, ref, instant, FlowKind.HTTP, opening.host, 443, Owner.APP, Line(index + 1, opening))

    @staticmethod
    def observation(index: int) -> Observation:
        return Observation(
            id=f"o{index}",
            ref=EvidenceRef("1-accept", Source.FLOWS, index + 1),
            instant=Instant(CREATED_US + index, "proxy", index),
            data_type="id.imei",
            channel=Channel.NETWORK,
            where=Where.BODY,
            path="json:$.imei",
            encodings=("gzip", "base64"),
            value="490154203237518",
            method=Method.INDICATOR,
            tier=Tier.TRANSMITTED_THIRD_PARTY,
            confidence=1.0,
            reasoning="the value of the persona",
            flow_index=index,
            phase=Phase.INITIAL,
            sdk=Sdk("tracker", "Tracker", "Tracker Ltd", "com.tracker.A.b(A.java:1)"),
            recipient=Recipient("api.tracker.example", "tracker.example", "Tracker Ltd", "CN", Party.THIRD, "list"),
        )

    @staticmethod
    def entry(index: int) -> TimelineEntry:
        return TimelineEntry(
            instant=Instant(CREATED_US + index, "proxy", index, 3),
            ref=EvidenceRef("1-accept", Source.FLOWS, index + 1) if index % 2 == 0 else None,
            recording="1-accept",
            kind="flow",
            title=f"POST {index}",
            phase=Phase.INITIAL if index < 3 else Phase.ACCEPTED,
            app_state=AppState.FOREGROUND,
            data_types=("id.imei",),
            observations=(f"o{index}",),
        )

    @staticmethod
    def verdict(rule: str, outcome: Outcome) -> Verdict:
        why = Explanation("any", Truth.YES, ("o0",), (), (Explanation("phase is initial", Truth.YES),))
        title = {"zh": "未公开收集使用规则", "en": "no notice"}
        return Verdict(rule, "cn.191", "§3(1)", title, outcome, Tier.TRANSMITTED, ("o0",), why, (), 0.9)

    def session(self, workspace: Workspace) -> Path:
        """A small closed session: two recordings, bodies, a screen, a line in most files."""
        with SessionWriter.create(workspace, self.info(workspace)) as writer:
            for strategy in (Strategy.ACCEPT, Strategy.REFUSE):
                recording = writer.add_recording(strategy)
                for seq in range(3):
                    recording.append(self.mark(seq, x="540", y="1200"))
                picture = recording.keep(b"\x89PNG", ".png")
                tree = recording.keep(b"<hierarchy/>", ".xml")
                look = Screen(4, "device", self.stamp(4), "poll", "com.example", ".Main", True, tree, picture)
                recording.append(look)
                with RecordingWriter.open_existing(recording.path) as flows:
                    flows.append(self.request(1, Body(4, b"body")))
                    flows.append(self.request(2, Body(9, blob=flows.keep(b"large one"))))
        return writer.path


@pytest.fixture
def make() -> Make:
    return Make()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The URL of databases of a real PostgreSQL server, with a place for their names."""
    programs = binaries()
    if programs is None:
        missing("PostgreSQL", "postgresql")
    with serving(programs) as url:
        yield url


@pytest.fixture
def postgresql(server: str) -> Iterator[str]:
    """The URL of an empty database on it."""
    name = f"t{secrets.token_hex(6)}"
    admin = create_engine(server.format(name="postgres").replace("://", "+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.format(name=name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database, of each kind that results are kept in."""
    url = sqlite_url(tmp_path / "analyzer.db") if request.param == "sqlite" else request.getfixturevalue("postgresql")
    opened = open_database(url)
    yield opened
    opened.dispose()


@pytest.fixture
def session(make: Make, workspace: Workspace) -> Path:
    return make.session(workspace)
