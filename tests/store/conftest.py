from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    AppFacts,
    Body,
    DeviceFacts,
    Mark,
    Peer,
    Request,
    Screen,
    SessionInfo,
)
from analyzer.model.vocabulary import MarkKind, SessionKind, Strategy
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


@pytest.fixture
def session(make: Make, workspace: Workspace) -> Path:
    return make.session(workspace)
