from __future__ import annotations

from wire import Wire

from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.analysis.survey import Survey


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
