"""Workspaces that a test may change: a copy of the recorded one, and a small one that needs no lab device."""

from __future__ import annotations

from pathlib import Path

import pytest
from recorded import Recorded

from analyzer.model.clock import Stamp
from analyzer.model.evidence import AppFacts, DeviceFacts, Gap, Mark, SessionInfo
from analyzer.model.vocabulary import GapKind, MarkKind, Outcome, SessionKind, Strategy
from analyzer.store.session import SessionWriter
from analyzer.workflows.analyze import stored
from analyzer.workflows.bundle import write_bundle
from analyzer.workflows.decisions import decide
from analyzer.workflows.home import Home


@pytest.fixture
def recorded(recorded_example: Recorded, tmp_path) -> Recorded:
    return recorded_example.copy(tmp_path / "workspace")


@pytest.fixture
def small(tmp_path) -> Home:
    """A workspace with one unsealed session: a mark, a gap, and a body of 100 KB kept beside the records."""
    home = Home(tmp_path / "small")
    home.workspace.prepare()
    created = 1_795_457_700_000_000
    info = SessionInfo(
        home.workspace.new_id("com.example", created),
        SessionKind.RECORDED,
        created,
        AppFacts("com.example", version_name="1.2"),
        DeviceFacts("lab", "lab"),
        "0",
    )
    with SessionWriter.create(home.workspace, info) as writer:
        recording = writer.add_recording(Strategy.ACCEPT)
        recording.append(Mark(1, "operator", Stamp(1, created), MarkKind.RECORDING_STARTED, {}))
        recording.append(Gap(1, "recorder", Stamp(2, created), GapKind.INTERRUPTED, "recording", "it was stopped"))
        recording.keep(b"x" * 100_000)
    return home


@pytest.fixture(scope="session")
def origin(tmp_path_factory) -> Home:
    return Home(tmp_path_factory.mktemp("origin"))


@pytest.fixture(scope="session")
def bundle(origin, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "b.zip"
    decide(origin, stored(origin, "shipped").document, "cn.191.4.1", Outcome.VIOLATED, "no function needs it", "Li")
    with path.open("wb") as out:
        write_bundle(origin, "shipped", out)
    return path
