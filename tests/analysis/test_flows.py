from __future__ import annotations

from dataclasses import replace

from wire import Wire

from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.model.vocabulary import FlowKind, GapKind


def test_flows_are_numbered_over_all_recordings_one_after_the_other():
    wire = Wire()
    wire.response(wire.request(2), 3, b"ok")
    wire.message(wire.request(1), 4, b"hello")
    wire.refusal(5, "pinned.example", 1)
    session = wire.session()
    session = replace(session, recordings=(session.recordings[0], wire.recording("2-refuse")))
    flows = assemble_flows(session, place_session(session)).flows
    assert [flow.index for flow in flows] == list(range(6))
    assert [flow.kind for flow in flows[:3]] == [FlowKind.HTTP, FlowKind.WEBSOCKET, FlowKind.TLS]
    assert flows[0].response is not None
    assert flows[3].ref.recording == "2-refuse"


def test_a_record_without_its_beginning_is_a_gap():
    wire = Wire()
    wire.message("lost", 1, b"x")
    session = wire.session()
    assembled = assemble_flows(session, place_session(session))
    assert assembled.flows == ()
    assert [(gap.kind, gap.subject) for gap in assembled.gaps] == [(GapKind.RECORD_INVALID, "flows:1")]
