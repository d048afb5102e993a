from __future__ import annotations

from dataclasses import replace

from tape import Tape
from wire import Wire

from analyzer.analysis.flows import AHEAD, assemble_flows, own_lines
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


def test_what_was_read_inside_the_app_names_the_unread_connection_of_its_own_recording():
    tape = Tape().passed("a.example", 1, "aa").tapped("a.example", 2, b"", "aa").tapped("b.example", 3, b"", "cc")
    tape.passed("a.example", 4, "bb").request("a.example", 5, b"")
    session = tape.session()
    session = replace(session, recordings=(session.recordings[0], replace(session.recordings[0], name="2-refuse")))
    flows = assemble_flows(session, place_session(session)).flows
    assert [flow.tunnel for flow in flows] == [None, 0, None, None, None, None, 5, None, None, None]
    assert [flow.opened for flow in flows[:5]] == [True, False, False, False, False]
    assert [flow.tapped for flow in flows[:5]] == [False, True, True, False, False]


def test_a_record_without_its_beginning_is_a_gap():
    wire = Wire()
    wire.message("lost", 1, b"x")
    session = wire.session()
    assembled = assemble_flows(session, place_session(session))
    assert assembled.flows == ()
    assert [(gap.kind, gap.subject) for gap in assembled.gaps] == [(GapKind.RECORD_INVALID, "flows:1")]


def _together(wire: Wire) -> list[tuple[int, int | None, list[int], list[int]]]:
    session = wire.session()
    return [
        (
            flow.opening.number,
            flow.response.number if flow.response else None,
            [line.number for line in flow.messages],
            [line.number for line in flow.errors],
        )
        for flow in assemble_flows(session, place_session(session)).flows
    ]


def test_records_that_come_long_after_their_flow_began_are_put_together_with_it():
    wire = Wire()
    first, second = wire.request(1), wire.request(1)
    for at in range(AHEAD + 3):
        wire.request(2 + at)
        if at % 200 == 0:
            wire.message(first, 2 + at, b"x")
    wire.response(second, 9_000, b"late")
    wire.message(first, 9_001, b"x")
    lines = own_lines(wire.session().recordings[0].flows)
    assert sum(lines.late) == 2
    told = _together(wire)
    numbers = [number for number, flow in enumerate(lines.flow_of) if flow == 0]
    assert len(told) == AHEAD + 5
    assert told[0] == (1, None, numbers[1:], [])
    assert told[1] == (2, len(lines.flow_of) - 2, [], [])
    assert all(one[1:] == (None, [], []) for one in told[2:])


def test_a_record_belongs_to_the_first_flow_of_its_name_even_before_that_began():
    wire = Wire()
    wire.request(1)
    wire.response("f2", 2, b"early")
    wire.request(3)
    wire.request(4)
    wire.flows[-1] = replace(wire.flows[-1], flow=wire.flows[-2].flow)
    wire.response(wire.flows[-1].flow, 5, b"second")
    name = wire.flows[2].flow
    wire.flows[1] = replace(wire.flows[1], flow=name)
    assert _together(wire) == [(1, None, [], []), (3, 2, [], []), (4, None, [], [])]
