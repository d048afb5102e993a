from __future__ import annotations

import io
import json
from collections import Counter

import pytest
import traffic
from mitmproxy.http import HTTPFlow
from mitmproxy.io import FlowReader

from analyzer.capture.interruption import Stop
from analyzer.model.vocabulary import FlowKind, Phase
from analyzer.report.progress import FileProgress
from analyzer.workflows.analyze import Lens, analyze, stored
from analyzer.workflows.export_capture import export_capture
from analyzer.workflows.home import Home
from analyzer.workflows.import_capture import ImportOrder, import_captures
from analyzer.workflows.import_statement import state
from analyzer.workflows.shipped import find_session

ACCEPTED = str(traffic.START_S + 2.5)


def imported(folder, *files, accepted=ACCEPTED, persona=None) -> tuple[Home, str]:
    home = Home(folder)
    statement = state(None, accepted, "", no_consent=False)
    order = ImportOrder(files, "com.example", statement, persona or traffic.persona(folder.parent))
    with FileProgress() as view:
        return home, import_captures(home, order, view, Stop())


def observed(home: Home, session: str) -> Counter[tuple[object, ...]]:
    document = analyze(home, session, Lens()).document
    hosts = {flow.flow_index: flow.host for flow in document.flows}
    return Counter(
        (one.data_type, one.where, one.path, one.encodings, one.chain, one.value, hosts[one.flow_index or 0], one.phase,
         one.at_us)
        for one in document.observations
    )  # fmt: skip


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    folder = tmp_path_factory.mktemp("first")
    home, session = imported(folder / "workspace", traffic.mitm(folder / "all.mitm"))
    return home, session, observed(home, session)


def exported(first, format_: str) -> bytes:
    out = io.BytesIO()
    export_capture(first[0], first[1], format_, out)
    return out.getvalue()


def again(first, tmp_path, format_: str) -> Counter[tuple[object, ...]]:
    file = tmp_path / f"again.{format_}"
    file.write_bytes(exported(first, format_))
    return observed(*imported(tmp_path / "workspace", file))


def test_the_capture_shows_values_in_every_kind_of_flow(first):
    hosts = Counter(key[6] for key in first[2] if key[0] == "id.imei")
    assert hosts["api.example.org"] >= 8
    assert hosts["raw.example.org"] == 2


def test_a_flow_file_imported_again_gives_the_same_observations(first, tmp_path):
    assert again(first, tmp_path, "mitm") == first[2]


def test_a_har_imported_again_gives_the_same_observations_of_all_that_is_http(first, tmp_path):
    http = Counter({key: count for key, count in first[2].items() if key[6] == "api.example.org"})
    assert http
    assert again(first, tmp_path, "har") == http


def test_what_a_har_has_no_place_for_is_counted(first):
    assert export_capture(first[0], first[1], "har", io.BytesIO()) == 3


def test_mitmproxy_opens_the_flow_file_and_finds_every_byte_in_it(first):
    before = [flow.get_state() for flow in traffic.flows()]
    after = [flow.get_state() for flow in FlowReader(io.BytesIO(exported(first, "mitm"))).stream()]
    assert [state["type"] for state in after] == [state["type"] for state in before]
    for old, new in zip(before, after, strict=True):
        for side in ("request", "response"):
            if old.get(side):
                kept = set(old[side]) - {"authority", "trailers", "http_version", "reason"}
                assert {key: new[side][key] for key in kept} == {key: old[side][key] for key in kept}
        assert (new.get("messages"), bool(new["error"])) == (old.get("messages"), bool(old["error"]))
    assert [message.content for message in _websocket(exported(first, "mitm"))] == [
        '{"imei":"867431059238179","n":"é"}'.encode(), b"\x00\xff"]  # fmt: skip


def _websocket(data: bytes):
    flows = [flow for flow in FlowReader(io.BytesIO(data)).stream() if isinstance(flow, HTTPFlow) and flow.websocket]
    return flows[0].websocket.messages


def test_mitmproxy_opens_the_har(first):
    flows = list(FlowReader(io.BytesIO(exported(first, "har"))).stream())
    assert [flow.request.path for flow in flows if isinstance(flow, HTTPFlow)][:2] == [
        "/plain", f"/q?aid={traffic.ANDROID_ID}&x=%E4%BD%A0"]  # fmt: skip
    assert flows[0].request.json()["device"]["imei"] == traffic.IMEI
    assert flows[6].response.json()["device"]["imei"] == traffic.IMEI


def test_an_export_says_what_was_found_in_each_flow(first):
    entries = json.loads(exported(first, "har"))["log"]["entries"]
    assert {one["data_type"] for one in entries[0]["_personalData"]} >= {"id.imei"}
    assert next(FlowReader(io.BytesIO(exported(first, "mitm"))).stream()).comment.count("id.imei") == 1


def test_equal_sessions_give_equal_files(first):
    assert exported(first, "mitm") == exported(first, "mitm")
    assert stored(first[0], first[1]).document.session.sealed


@pytest.mark.parametrize("format_", ["har", "mitm"])
def test_a_recorded_session_sent_out_and_taken_in_again_with_its_events_shows_the_same(tmp_path, format_):
    home = Home(tmp_path / "recorded")
    document = analyze(home, "shipped", Lens()).document
    accepted = next(one.start for one in document.phases if one.phase is Phase.ACCEPTED)
    persona = tmp_path / "values.yaml"
    values = {kind: [_value(text) for text in texts] for kind, texts in document.session.persona.values.items()}
    persona.write_text(json.dumps({"persona": "p", "values": values}), encoding="utf-8")
    file = tmp_path / f"shipped.{format_}"
    with file.open("wb") as out:
        export_capture(home, "shipped", format_, out)
    events = find_session(home, "shipped") / "recordings" / "1-accept" / "events.jsonl"
    again = imported(tmp_path / "workspace", file, events, accepted=accepted, persona=persona)
    before = _carried(document)
    assert len(before) > 15
    found = analyze(*again, Lens()).document
    assert _carried(found) == before
    assert _links(found) == _links(document)


def _value(text: str) -> object:
    return json.loads(text) if text.startswith("{") else text


def _carried(document) -> Counter[tuple[object, ...]]:
    hosts = {flow.flow_index: flow.host for flow in document.flows}
    return Counter(
        (
            one.data_type,
            one.where,
            one.path,
            one.encodings,
            one.value,
            hosts[one.flow_index],
            one.phase,
            one.tier,
            one.confidence,
        )
        for one in document.observations
        if one.flow_index is not None
    )


def _links(document) -> Counter[tuple[object, ...]]:
    """Count what joins calls to requests: what is no HTTP, a HAR has no place for."""
    hosts = {flow.flow_index: flow.host for flow in document.flows if flow.kind is FlowKind.HTTP}
    return Counter((one.method, hosts[one.flow_index]) for one in document.links if one.flow_index in hosts)
