from __future__ import annotations

from analyzer.report.document import ResultDocument
from analyzer.report.seen import by_flow, by_record, place_of


def test_what_was_seen_in_a_flow_and_in_a_record_is_found_and_nothing_else(document: ResultDocument) -> None:
    flows, records = by_flow(document), by_record(document)
    call, sent = document.observations
    assert dict(flows) == {sent.flow_index: [sent]}
    assert dict(records) == {place_of(one.ref): [one] for one in (call, sent)}
    assert (99 in flows, flows.get(99, ()), len(records)) == (False, (), 2)
