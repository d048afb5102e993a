from __future__ import annotations

import json

import pytest
from adb_double import adb_server

from analyzer import __version__
from analyzer.capture.device import EnvironmentProblem
from analyzer.capture.interruption import Interrupted, Stop
from analyzer.capture.lab import lab_files
from analyzer.model.evidence import Connection, Refusal
from analyzer.model.vocabulary import FlowKind, GapKind, LinkMethod, Owner, Strategy
from analyzer.report.live import LiveView
from analyzer.store.reader import read_session
from analyzer.store.seal import read_seal
from analyzer.workflows.analyze import Lens, analyze
from analyzer.workflows.home import Home, UsageProblem
from analyzer.workflows.record import RunOrder, record


def test_the_manifest_says_what_was_recorded_where_and_by_what(recorded_example):
    info = read_session(recorded_example.session).info
    assert (info.app.package, info.device.kind, info.tool_version) == ("com.example", "lab", __version__)
    assert len(info.app.sha256) == len(info.agent_sha256) == 64
    assert {"frida", "mitmproxy", "google-re2"} <= set(info.libraries)
    assert "missing" not in info.libraries.values()
    assert info.packs
    assert not info.keep_data


def test_the_recording_has_every_kind_of_evidence(recorded_example):
    (recording,) = read_session(recorded_example.session).recordings
    assert recording.strategy is Strategy.ACCEPT
    assert all((recording.events, recording.flows, recording.marks, recording.screens))


def test_the_apps_own_account_is_kept_out_of_the_evidence(recorded_example):
    assert not [path for path in recorded_example.session.rglob("*") if "truth" in path.name]
    (truth,) = recorded_example.workspace.glob("lab*/truth/*/1-accept.jsonl")
    assert {json.loads(line)["what"] for line in truth.read_text().splitlines()} == {"read", "send"}


def test_nothing_is_written_for_a_device_that_is_not_there(tmp_path, monkeypatch):
    order = RunOrder("com.example", (Strategy.ACCEPT,), device="emulator-5554")
    with LiveView() as view, adb_server(b"OKAY0000") as (host, port):
        monkeypatch.setenv("ANDROID_ADB_SERVER_HOST", host)
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
        with pytest.raises(EnvironmentProblem, match="adb shows no device"):
            record(Home(tmp_path), order, view, Stop())
    assert not list(tmp_path.iterdir())


def test_who_is_to_choose_is_told_how_and_until_when(tmp_path):
    stop, told = Stop(), []

    class Hasty(LiveView):
        def message(self, text: str) -> None:
            told.append(text)
            if "will be chosen" in text:
                stop.set()

    order = RunOrder("com.example", (Strategy.MANUAL,), device="lab", dwell=1.0, duration=2.0)
    with Hasty() as view, pytest.raises(Interrupted):
        record(Home(tmp_path), order, view, stop)
    assert told[-1] == (
        "Nobody can touch the lab device's screen, so nothing will be chosen; the recording ends some 3 s after the "
        "app's start (--duration), or at Ctrl-C."
    )


def test_a_file_of_another_package_is_a_wrong_word_and_no_session(tmp_path):
    jar = lab_files() / "apps" / "stubborn.jar"
    order = RunOrder("com.example", (Strategy.ACCEPT,), files=(jar,), device="lab")
    with LiveView() as view, pytest.raises(UsageProblem, match=r"com\.example\.stubborn"):
        record(Home(tmp_path), order, view, Stop())
    assert not list(tmp_path.glob("sessions/*"))


@pytest.mark.long
@pytest.mark.lab
def test_hosts_that_refused_the_proxy_are_passed_through_and_read_inside_the_app(recorded_example, pinned, tmp_path):
    home = Home(recorded_example.warm(tmp_path))
    order = RunOrder(
        "com.pinned",
        (Strategy.IGNORE,),
        files=(pinned,),
        device="lab",
        dwell=12.0,
        duration=1.0,
        pass_refused=True,
        tls_keys=True,
    )
    with LiveView() as view:
        session = home.workspace.sessions_folder / record(home, order, view, Stop())
    first, second = read_session(session).recordings
    refused = {one.host for _, one in first.flows if isinstance(one, Refusal)}
    assert refused == {one.host for _, one in second.flows if isinstance(one, Connection)} == {"pin.example"}
    assert {(gap.kind, gap.subject) for _, gap in second.gaps} <= {
        (GapKind.TRAFFIC_OPAQUE, "pin.example"),
        (GapKind.SCREEN_UNREADABLE, "com.pinned.PinnedActivity"),
    }
    assert {file.parent.name for file in session.rglob("tls_keys.log")} == {"1-ignore", "2-ignore"}
    assert "recordings/1-ignore/tls_keys.log" in read_seal(session).files
    document = analyze(home, session.name, Lens()).document
    (tapped,) = [flow for flow in document.flows if flow.tapped]
    tunnel = document.flows[tapped.tunnel]
    assert tapped.request_line == "POST https://pin.example:443/token HTTP/1.1"
    assert (tapped.ref.recording, tunnel.ref.recording, tunnel.kind) == ("2-ignore", "2-ignore", FlowKind.TLS)
    sent = [one for one in document.observations if one.flow_index == tapped.flow_index]
    assert {(one.data_type, one.owner) for one in sent} >= {("id.imei", Owner.APP)}
    links = {link.method for link in document.links if link.flow_index == tapped.flow_index}
    assert links >= {LinkMethod.VALUE, LinkMethod.SOCKET}
    assert {gap.recording for gap in document.gaps if gap.subject == "pin.example"} == {"1-ignore"}
    assert (document.coverage.flows_tapped, document.coverage.opaque_hosts) == (1, ("pin.example",))
    (verdict,) = [one for one in document.verdicts if one.rule == "cn.191.3.1"]
    assert "read inside the app" in verdict.reasons[-1]
