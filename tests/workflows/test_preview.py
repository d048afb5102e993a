from __future__ import annotations

import time
from pathlib import Path

import pytest

from analyzer.model.clock import Stamp
from analyzer.model.evidence import (
    AppFacts,
    Body,
    DeviceFacts,
    Event,
    Mark,
    Peer,
    Process,
    Request,
    SessionInfo,
    Stack,
    Thread,
    Value,
)
from analyzer.model.vocabulary import Ending, MarkKind, SessionKind, Strategy, ValueKind
from analyzer.packs.loader import load_packs
from analyzer.store.session import SessionWriter
from analyzer.store.workspace import Workspace
from analyzer.workflows.preview import ChoicePreview, EventPreview, RequestPreview

NOW = Stamp(1, 1)
IMEI = "490154203237518"


def _request(body: bytes, target: str = "/") -> Request:
    peer = Peer("127.0.0.1", 1)
    headers = (("Content-Type", "application/octet-stream"),)
    body_ = Body(len(body), body)
    return Request(1, "proxy", NOW, NOW, "f", "POST", "https", "a.test", 443, target, "HTTP/1.1", headers, body_, peer)


@pytest.fixture
def preview(tmp_path: Path) -> RequestPreview:
    workspace = Workspace(tmp_path)
    app, device = AppFacts("its.name"), DeviceFacts("lab", "lab")
    identity = workspace.new_id("its.name", 1)
    info = SessionInfo(identity, SessionKind.RECORDED, 1, app, device, "0", persona={"id.imei": (IMEI,)})
    with SessionWriter.create(workspace, info) as session:
        return RequestPreview(session.add_recording(Strategy.ACCEPT).path)


def test_a_request_shows_the_personas_values_while_the_recording_runs(preview: RequestPreview) -> None:
    assert preview(_request(b'{"d": "490154203237518"}')) == ["id.imei"]
    assert preview(_request(b"", f"/q?x={IMEI}")) == ["id.imei"]
    assert preview(_request(b'{"d": "nothing"}')) == []


def test_a_large_body_is_left_to_the_analysis(preview: RequestPreview) -> None:
    started = time.process_time()
    assert preview(_request(IMEI.encode() * 100_000, f"/q?x={IMEI}")) == ["id.imei"]
    assert time.process_time() - started < 1
    assert preview(_request(IMEI.encode() * 100_000)) == []


def test_a_call_shows_its_data_type_and_the_sdk_that_made_it() -> None:
    preview = EventPreview("its.name", load_packs())
    read = next(hook for hook in load_packs().catalog.hooks.values() if hook.data_type == "id.imei")
    result = Value(ValueKind.STRING, "java.lang.String", IMEI)
    event = Event(2, "agent:1", NOW, Process(1, "p"), Thread(1), read.id, "x", (), Ending.RETURNED, result, stack=7)
    assert preview.name(event) == ("id.imei", "")
    preview.learn(Stack(1, "agent:1", NOW, 7, ("org.tracker.sdk.Core.read(Core.java:1)",)))
    assert preview.name(event) == ("id.imei", "org.tracker")


def test_only_the_touch_that_answers_a_consent_dialog_is_a_choice() -> None:
    def mark(kind: MarkKind, control: str = "") -> Mark:
        return Mark(1, "host", NOW, kind, {"control": control})

    choice, accept = ChoicePreview(), mark(MarkKind.TAPPED, "accept")
    assert not choice.answered_by(accept)
    choice.see(mark(MarkKind.DIALOG_SHOWN))
    choice.see(mark(MarkKind.FOREGROUNDED))
    assert not choice.answered_by(mark(MarkKind.TAPPED, "policy"))
    assert choice.answered_by(accept)
    assert not choice.answered_by(accept)
    choice.see(mark(MarkKind.DIALOG_SHOWN))
    choice.see(mark(MarkKind.PERMISSION_ASKED))
    assert not choice.answered_by(accept)
