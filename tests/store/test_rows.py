from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, select

from analyzer.model.clock import Instant
from analyzer.model.evidence import Body, Line, Message, Response
from analyzer.model.results import Analysis
from analyzer.model.vocabulary import Direction
from analyzer.store.results import save
from analyzer.store.rows import result_rows, storable
from analyzer.store.schema import FLOWS, OBSERVATIONS, RECORDINGS, RESULT_TABLES
from analyzer.store.workspace import Workspace


def tables(analysis: Analysis) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(zip(table.columns.keys(), row, strict=True)) for row in rows]
        for table, rows in result_rows("s", analysis)
    }


def test_every_column_of_every_table_gets_a_value(make: Any) -> None:
    filled = {name: set(rows[0]) for name, rows in tables(make.analysis()).items()}
    assert filled == {table.name: set(table.columns.keys()) for table in RESULT_TABLES}
    assert all(rows[0]["session_id"] == "s" for rows in tables(make.analysis()).values())


def test_sizes_count_both_directions(make: Any) -> None:
    answer = Response(2, "proxy", make.stamp(2), make.stamp(3), "f0", 204, "", "HTTP/2.0", (), Body(7))
    sent = Message(3, "proxy", make.stamp(3), "f0", Direction.SENT, text=False, body=Body(100))
    got = replace(sent, direction=Direction.RECEIVED, body=Body(1000))
    flow = replace(make.flow(0), response=Line(2, answer), messages=(Line(3, sent), Line(4, got)))
    (row,) = tables(replace(make.analysis(), flows=(flow,)))["flows"]
    assert (row["status"], row["sent_bytes"], row["received_bytes"]) == (204, 104, 1007)


def test_a_flow_that_was_read_inside_the_app_is_marked(make: Any) -> None:
    flow = make.flow(0)
    tapped = replace(flow, opening=flow.opening._replace(record=replace(flow.opening.record, tapped=True)))
    rows = tables(replace(make.analysis(), flows=(flow, tapped)))["flows"]
    assert [row["tapped"] for row in rows] == [0, 1]


def test_recordings_are_ordered_by_their_number(make: Any) -> None:
    analysis = make.analysis()
    spans = tuple(replace(analysis.phases[0], recording=name) for name in ("10-ignore", "2-refuse", "1-accept"))
    rows = tables(replace(analysis, phases=spans))[RECORDINGS.name]
    found = [(row["position"], row["name"], row["strategy"], row["start_us"]) for row in rows]
    assert found == [(0, "1-accept", "accept", 10), (1, "2-refuse", "refuse", 10), (2, "10-ignore", "ignore", 10)]


def test_hostile_values_are_stored_without_a_crash(engine: Engine, workspace: Workspace, make: Any) -> None:
    analysis = make.analysis()
    hostile = replace(
        analysis.observations[0], value="a\ud800\0b", path="'; DROP TABLE sessions; --", encodings=("\udfff",)
    )
    far = replace(analysis.flows[0], instant=Instant(2**70, "proxy", 0))
    save(engine, make.info(workspace), replace(analysis, observations=(hostile,), flows=(far,)), b"{}")
    with engine.connect() as connection:
        row = connection.execute(select(OBSERVATIONS)).one()
        at_us = connection.execute(select(FLOWS.c.at_us)).scalar_one()
    assert (row.value, row.path, row.encodings) == ("a\\ud800\\0b", "'; DROP TABLE sessions; --", ["\\udfff"])
    assert at_us == 2**63 - 1


def test_storable_keeps_what_needs_no_change() -> None:
    row = {"text": "未公开", "number": -5, "none": None, "list": ["a", {"b": True}], "bytes": b"\0"}
    assert storable(row) == row
