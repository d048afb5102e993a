from __future__ import annotations

from dataclasses import replace

from wire import Wire

from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.analysis.survey import Survey
from analyzer.model.said_of_traffic import ANY_HOST


def test_what_is_asked_of_all_flows_is_noted_by_their_index():
    wire = Wire()
    wire.request(1, host="one.example")
    wire.refusal(2, "pinned.example", 1)
    wire.request(3, host="one.example", target="/?gdpr_consent=CPtext")
    session = wire.session()
    flows = assemble_flows(session, place_session(session)).flows
    survey = Survey()
    assert tuple(survey.noting(flows)) == flows == survey.flows()
    assert survey.hosts == ["one.example", "pinned.example", "one.example"]
    assert survey.hosts[0] is survey.hosts[2]
    assert len(survey.plain) == len(flows)
    assert [flow.index for flow in survey.unread] == [1]
    assert [flow.index for flow in survey.consenting] == [2]


def test_a_host_is_claimed_where_a_mark_says_so_and_the_request_went_in_the_clear():
    wire = Wire()
    for host in ("claimed.example", "claimed.example", "proven.example"):
        wire.request(1, host=host)
    wire.flows[0] = replace(wire.flows[0], scheme="http")
    wire.flows[2] = replace(wire.flows[2], scheme="http")
    session = wire.session()
    flows = assemble_flows(session, place_session(session)).flows
    for claims, found in (
        ({}, [0, 0, 0]),
        ({"1-accept": {"claimed.example"}}, [1, 0, 0]),
        ({"1-accept": {ANY_HOST}}, [1, 0, 1]),
        ({"2-refuse": {"claimed.example"}}, [0, 0, 0]),
    ):
        survey = Survey(claims)
        assert list(survey.noting(flows)) == list(flows)
        assert list(survey.claimed) == found
