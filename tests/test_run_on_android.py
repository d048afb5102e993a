"""`analyzer run --device SERIAL` on the double: the lab's app as an Android app gives the lab's own verdicts."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from android_double.fixtures import demand
from recording_on_android import BOOTED_EARLIER_S, PLANTED, ROOT, Bench, lasting, outcomes
from wireguard_device import TunnelClient, lacking

from analyzer.analysis.placement import place_recording
from analyzer.capture.android_packets import FILE
from analyzer.capture.changes import noted_serials
from analyzer.model.clock import HOST_CLOCK, ClockSample
from analyzer.model.evidence import Connection, Event, Mark, Refusal, Request
from analyzer.model.vocabulary import FlowKind
from analyzer.store.reader import read_session
from analyzer.store.seal import read_seal
from analyzer.store.verify import verify
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import Home

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("android")]


@pytest.fixture
def bench(android, tmp_path):
    tmp_path.chmod(0o755)
    bench = Bench(android, tmp_path)
    yield bench
    bench.close()


def packets_are_kept(session: Path, document: dict) -> None:
    """The packets of the connections that the proxy read are in a sealed file, with the secrets of their TLS beside."""
    (name,) = [name for name in read_seal(session).files if name.endswith(FILE)]
    data = (session / name).read_bytes()
    keys = (session / name).with_name("tls_keys.log").read_text()
    randoms = set(re.findall("^CLIENT_[A-Z_]+ ([0-9a-f]{64}) ", keys, re.MULTILINE))
    (recording,) = read_session(session).recordings
    told = [one.peer.client_random for _, one in recording.flows if isinstance(one, Request) and one.peer.client_random]
    assert told
    assert [one for one in told if bytes.fromhex(one) not in data] == []
    assert set(told) <= randoms
    assert (session / name).with_name("video-1.mp4").read_bytes().endswith(b"moov")
    assert [gap for gap in document["gaps"] if gap["kind"] == "file_incomplete" and "between" not in gap["why"]] == []
    begun, ended = ([one for one in document["marks"] if one["kind"] == kind] for kind in ("file_begun", "file_ended"))
    assert [one["details"]["what"] for one in begun][:2] == ["packets", "video"]
    assert {one["details"]["file"] for one in begun} == {one["details"]["file"] for one in ended}


def clocks_are_apart_and_known(session: Path) -> None:
    """What the device stamped by its own clock, hours ahead, is placed within the recording, with an uncertainty."""
    (recording,) = read_session(session).recordings
    samples = [one for _, one in recording.marks if isinstance(one, ClockSample)]
    measured = {one.domain: one for one in samples if one.domain != HOST_CLOCK}
    assert measured
    assert all(abs(one.offset_us + BOOTED_EARLIER_S * 1_000_000) < 60_000_000 for one in measured.values())
    assert all(0 < one.uncertainty_us < 2_000_000 for one in measured.values())
    place = place_recording(recording)
    placed = [place.instant(one) for _, one in recording.events if isinstance(one, Event)]
    host = [place.instant(one).at_us for _, one in recording.marks if isinstance(one, Mark)]
    assert len(placed) > 50
    assert all(min(host) <= one.at_us <= max(host) for one in placed)
    assert all(one.uncertainty_us > 0 for one in placed)


def seen(document: dict) -> set[tuple]:
    """What was transmitted to whom in which phase: timing decides how often, not what."""
    return {
        (one["data_type"], one["recipient"]["host"], one["phase"], one["tier"])
        for one in document["observations"]
        if one["tier"].startswith("transmitted")
    }


@pytest.mark.long
def test_the_same_app_gets_the_same_verdicts_on_android_as_on_the_lab_device(android, tmp_path):
    tmp_path.chmod(0o755)
    bench = Bench(android, tmp_path, clock_offset=-7200.0, clock_drift_ppm=400)  # its clocks hours apart, one drifts
    try:
        gets_the_labs_verdicts(bench, tmp_path)
    finally:
        bench.close()


def gets_the_labs_verdicts(bench, tmp_path):
    # The app may take long for its first requests on a busy machine: the dialog is left alone until they are out.
    words = ("run", "--package", "com.example", "--dwell", "30", "--duration", "5")
    code, out, talk = bench.run(*words, *PLANTED)
    assert code == 0, talk
    order = [sys.executable, "-m", "analyzer", *words, "--device", "lab", "--json", "--workspace", tmp_path / "lab"]
    done = subprocess.run(order, cwd=ROOT, capture_output=True, timeout=900, check=True)
    here, lab = json.loads(out), json.loads(done.stdout)
    assert outcomes(here) == outcomes(lab)
    assert seen(here) == seen(lab)
    assert {flow["owner"] for flow in here["flows"]} == {"app"}
    assert here["session"]["device"]["kind"] == "phone"
    clocks_are_apart_and_known(bench.workspace / "sessions" / here["session"]["id"])
    assert lasting(bench.double.snapshot()) == lasting(bench.before)


def test_a_run_that_is_interrupted_has_sealed_what_it_saw_and_the_device_is_as_before(bench):
    process = bench.start(
        "run", "--package", "com.example", "--dwell", "900", "--pcap", "--tls-keys", "--video", *PLANTED
    )
    bench.await_request(process, "api.weather.example")
    bench.await_process(process, "com.example:push")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=600)
    assert process.returncode == 130, bench.talk.read_text("utf-8")
    document = json.loads(stored(Home(bench.workspace), "latest").data)
    sent = [one["data_type"] for one in document["observations"] if one["tier"].startswith("transmitted")]
    assert "id.imei" in sent
    assert outcomes(document)["cn.191.3.1"][0] == "violated"
    assert {flow["owner"] for flow in document["flows"]} == {"app"}
    assert {gap["kind"] for gap in document["gaps"]} >= {"interrupted"}
    assert [gap["why"] for gap in document["gaps"] if "without the agent" in gap["why"]] == []
    told = {mark["details"]["when"] for mark in document["marks"] if mark["kind"] == "permissions_read"}
    assert told == {"start", "end"}
    (trust,) = [mark["details"] for mark in document["marks"] if mark["kind"] == "trust_checked"]
    assert trust == {"outcome": "trusted"}
    bench.calibrated_by(document["session"]["id"])
    soon = {one["process"]: one["first_hook_us"] for one in document["coverage"]["processes"]}
    assert set(soon) == {"com.example", "com.example:push"}
    assert all(0 < us < 120_000_000 for us in soon.values()), "by one clock, the device's own"
    packets_are_kept(bench.workspace / "sessions" / document["session"]["id"], document)
    assert lasting(bench.double.snapshot()) == lasting(bench.before)


@pytest.mark.long
def test_by_the_devices_proxy_setting_what_heeds_it_is_seen_and_silence_proves_nothing(bench):
    words = ("run", "--package", "com.example", "--consent", "ignore", "--traffic", "proxy", "--dwell", "20")
    code, out, talk = bench.run(*words, *PLANTED)
    assert code == 0, talk
    document = json.loads(out)
    own = {flow["host"] for flow in document["flows"] if flow["owner"] == "app"}
    assert own >= {"api.weather.example", "collect.statflow.example"}, "joined by the handshakes that the agent saw"
    assert outcomes(document)["cn.191.3.1"][0] == "violated"
    assert "only what heeds" in " ".join(gap["why"] for gap in document["gaps"] if gap["kind"] == "traffic_bypassed")
    assert any("proxy setting" in one for one in document["session"]["interventions"])
    assert lasting(bench.double.snapshot()) == lasting(bench.before)


@pytest.mark.long
def test_without_root_what_heeds_the_proxy_setting_is_noted_and_only_screens_are_judged_firmly(android, tmp_path):
    tmp_path.chmod(0o755)
    bench = Bench(android, tmp_path, root="none", build_type="user")
    try:
        words = ("run", "--package", "com.example", "--traffic", "proxy", "--dwell", "15", "--duration", "5")
        code, _, talk = bench.run(*words)
        assert (code, "has no root" in talk) == (3, True)
        code, out, talk = bench.run(*words, "--without-root")
        assert code == 0, talk
        document = json.loads(out)
        assert {flow["owner"] for flow in document["flows"]} == {"unknown"}
        refused = {gap["subject"] for gap in document["gaps"] if gap["kind"] == "tls_refused"}
        assert "api.weather.example" in refused, "nobody trusts the proxy"
        found = {verdict["rule"]: verdict for verdict in document["verdicts"]}
        judged = {rule for rule, verdict in found.items() if verdict["outcome"] in {"violated", "not_observed"}}
        assert judged == {"cn.191.1.2", "cn.191.3.4", "cn.191.3.5"}, "what screens tell, and nothing else"
        assert found["cn.191.3.1"]["outcome"] == "inconclusive"
        assert "without root" in " ".join(found["cn.191.3.1"]["reasons"])
        kinds = [mark["kind"] for mark in document["marks"]]
        assert kinds.count("process_started") >= 2, "the app and its push service"
        assert {"tapped", "process_ended"} <= set(kinds)
        assert any("nothing was hooked" in one for one in document["session"]["interventions"])
        assert lasting(bench.double.snapshot()) == lasting(bench.before)
    finally:
        bench.close()


@pytest.mark.long
def test_through_the_tunnel_of_the_devices_own_wireguard_the_apps_traffic_is_the_apps(bench):
    demand(lacking())
    client = TunnelClient(bench.double._init_pid())
    try:
        words = ("run", "--package", "com.example", "--consent", "ignore", "--dwell", "20", "--traffic", "wireguard")
        process = bench.start(*words, "--wireguard-listen", f"{client.here}:18821", *PLANTED)
        while "Waiting for the device to come in" not in bench.talk.read_text("utf-8"):
            assert process.poll() is None, bench.talk.read_text("utf-8")
            time.sleep(0.2)
        (configuration,) = bench.workspace.glob("wireguard/*/analyzer.conf")
        assert str(configuration) in bench.talk.read_text("utf-8")
        client.load(configuration)
        out, _ = process.communicate(timeout=900)
    finally:
        client.close()
    assert process.returncode == 0, bench.talk.read_text("utf-8")
    document = json.loads(out)
    hosts = {flow["host"]: flow["owner"] for flow in document["flows"] if flow["host"].endswith((".example", ".test"))}
    assert hosts["api.weather.example"] == hosts["collect.statflow.example"] == "app"
    assert outcomes(document)["cn.191.3.1"][0] == "violated"
    assert any("WireGuard tunnel" in one for one in document["session"]["interventions"])
    assert [gap for gap in document["gaps"] if gap["kind"] == "traffic_bypassed"] == []
    assert not configuration.parent.exists()
    assert lasting(bench.double.snapshot()) == lasting(bench.before)


@pytest.mark.long
def test_a_device_is_calibrated_and_a_later_recording_on_it_names_what_was_proven(bench):
    code, out, talk = bench.run("calibrate")
    assert code == 0, talk
    checks = {(check["kind"], check["name"]): check["proof"] for check in json.loads(out)["checks"]}
    assert checks["hook", "telephony.device_id"] == checks["path", "join by connection"] == "proven"
    assert [name for name, proof in checks.items() if proof == "missed"] == []
    code, out, talk = bench.run("run", "--package", "com.example", "--consent", "ignore", "--dwell", "1")
    assert code == 0, talk
    (mark,) = [mark for mark in json.loads(out)["marks"] if mark["kind"] == "device_calibrated"]
    assert "telephony.device_id" in mark["details"]["proven"].split()


@pytest.mark.long
def test_hosts_that_refused_the_proxy_are_passed_through_on_a_device_too(bench, tmp_path):
    package = tmp_path / "more" / "uiautomator2"
    (package / "assets").mkdir(parents=True)
    for name in ("__init__.py", "assets/u2.jar"):
        (package / name).write_bytes(b"")
    bench.more["PYTHONPATH"] = str(package.parent)  # with the server of that package reading the screen, too
    words = ("run", "--package", "com.example", "--consent", "ignore", "--dwell", "20", "--duration", "1")
    code, out, talk = bench.run(*words, "--pass-refused")
    assert code == 0, talk
    document = json.loads(out)
    assert any("uiautomator2" in one for one in document["session"]["interventions"])
    assert not [gap for gap in document["gaps"] if gap["kind"].startswith("screen_")]
    assert [one["strategy"] for one in document["recordings"]] == ["ignore", "ignore"]
    (session,) = (bench.workspace / "sessions").iterdir()
    first, second = read_session(session).recordings
    refused = {one.host for _, one in first.flows if isinstance(one, Refusal)}
    passed = {one.host for _, one in second.flows if isinstance(one, Connection) and one.kind is FlowKind.TLS}
    assert refused == passed == {"pin.pushlink.test"}
    assert not [one for _, one in second.flows if isinstance(one, Refusal)]
    told = [(gap["recording"], gap["kind"]) for gap in document["gaps"] if gap["subject"] == "pin.pushlink.test"]
    assert [kind for name, kind in told if name.startswith("2-")] == ["traffic_opaque"], "one, of all its connections"
    assert {flow["owner"] for flow in document["flows"]} == {"app"}
    assert lasting(bench.double.snapshot()) == lasting(bench.before)


@pytest.mark.long
def test_the_apps_own_checks_of_certificates_are_taken_away_on_a_device_too(bench):
    code, out, talk = bench.run(
        *("run", "--package", "com.example", "--consent", "ignore", "--dwell", "30", "--unpin", *PLANTED)
    )
    assert code == 0, talk
    document = json.loads(out)
    assert document["coverage"]["opaque_hosts"] == []
    assert "pin.pushlink.test" in {one["recipient"]["host"] for one in document["observations"] if one["recipient"]}
    (mark,) = [mark["details"] for mark in document["marks"] if mark["kind"] == "pinning_removed"]
    assert (mark["hook"], mark["process"]) == ("unpin.ssl_context", "com.example:push")
    assert lasting(bench.double.snapshot()) == lasting(bench.before)


@pytest.mark.long
def test_what_a_pinned_host_gets_is_read_inside_the_app_on_a_device_too(android, tmp_path, pinned):
    tmp_path.chmod(0o755)
    bench = Bench(android, tmp_path, "com.pinned", pinned)
    try:
        times = ("--dwell", "15", "--duration", "1")
        code, out, talk = bench.run("run", "--package", "com.pinned", "--consent", "ignore", *times, "--pass-refused")
    finally:
        bench.close()
    assert code == 0, talk
    document = json.loads(out)
    (tapped,) = [flow for flow in document["flows"] if flow["tapped"]]
    tunnel = document["flows"][tapped["tunnel"]]
    assert (tapped["request_line"], tapped["status"]) == ("POST https://pin.example:443/token HTTP/1.1", 200)
    assert (tunnel["kind"], tunnel["host"], tunnel["read"]) == ("tls", "pin.example", True)
    assert {flow["owner"] for flow in document["flows"]} == {"app"}
    assert {gap["recording"] for gap in document["gaps"] if gap["subject"] == "pin.example"} == {"1-ignore"}


@pytest.mark.long
def test_a_device_that_is_unplugged_in_mid_run_leaves_a_sealed_session_and_its_notes(bench):
    process = bench.start("run", "--package", "com.example", "--dwell", "9000", *PLANTED)
    bench.await_request(process, "api.weather.example")
    bench.double.unplug()
    process.communicate(timeout=600)  # long before its planned end
    talk = bench.talk.read_text("utf-8")
    assert process.returncode == 3, talk
    assert f"analyzer device restore --device {bench.double.serial}" in talk
    assert "was unplugged, or adb lost it" in talk
    assert noted_serials(bench.workspace) == [bench.double.serial]
    (session,) = (bench.workspace / "sessions").iterdir()
    assert verify(session).problems == ()
    document = json.loads(stored(Home(bench.workspace), "latest").data)
    assert "device_lost" in {gap["kind"] for gap in document["gaps"]}
    assert outcomes(document)["cn.191.3.1"][0] == "violated", "what was seen until then counts"


@pytest.mark.long
def test_a_storage_that_fills_in_mid_run_costs_what_needs_it_and_no_evidence(bench):
    words = ("--dwell", "40", "--duration", "5", "--pcap", "--tls-keys", "--video")
    process = bench.start("run", "--package", "com.example", *words, *PLANTED)
    bench.await_request(process, "api.weather.example")
    full = bench.double.inside(Path("/data/local/tmp/.full"))
    with suppress(OSError), full.open("wb", buffering=0) as file:
        while file.write(bytes(65536)):
            pass
    out, _ = process.communicate(timeout=600)
    assert process.returncode == 0, bench.talk.read_text("utf-8")
    document = json.loads(out)
    reasons = {gap["kind"]: gap["why"] for gap in document["gaps"] if "No space left on device" in gap["why"]}
    assert set(reasons) == {"screen_unavailable", "file_incomplete"}
    assert outcomes(document)["cn.191.3.1"][0] == "violated", "what was seen until then counts"
    (session,) = (bench.workspace / "sessions").iterdir()
    assert verify(session).problems == ()
    assert (next(session.rglob(FILE)).stat().st_size) > 0
    full.unlink()
    assert lasting(bench.double.snapshot()) == lasting(bench.before)
    assert noted_serials(bench.workspace) == []


@pytest.mark.long
def test_a_refused_app_is_started_with_the_devices_clock_ahead_and_the_clock_is_set_back(android, tmp_path):
    tmp_path.chmod(0o755)
    package = "com.example.compliant"
    bench = Bench(android, tmp_path, package)
    try:
        code, out, said = bench.run(
            *("run", "--package", package, "--consent", "refuse", "--later", "--dwell", "4", "--duration", "4")
        )
        assert code == 0, said
        document = json.loads(out)
        marks = [(mark["kind"], mark["details"]) for mark in document["marks"]]
        ahead = [int(details["ahead_s"]) for kind, details in marks if kind == "clock_moved"]
        assert ahead == [90_000, 169_200, 176_400]
        assert [kind for kind, _ in marks].count("relaunched") == 5
        (verdict,) = [one for one in document["verdicts"] if one["rule"] == "cn.191.3.2b"]
        assert verdict["outcome"] == "not_observed", verdict
        assert not [reason for reason in verdict["reasons"] if "--later" in reason]
        assert bench.double.snapshot()["clock"] == 0
        assert noted_serials(bench.workspace) == []
    finally:
        bench.close()
