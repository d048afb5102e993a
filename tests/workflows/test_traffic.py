from __future__ import annotations

import brotli

from analyzer.report.seen import by_flow
from analyzer.store.flow_index import stored_flows
from analyzer.workflows.analyze import stored
from analyzer.workflows.home import Home
from analyzer.workflows.traffic import open_encoded, session_flows


def test_a_content_encoding_is_undone_or_left():
    assert open_encoded(brotli.compress(b"abc" * 9), "br") == b"abc" * 9
    assert open_encoded(b"no gzip", "gzip") is None


def test_every_flow_of_the_disk_has_its_place_in_the_result_and_what_was_seen_in_it(tmp_path):
    result = stored(Home(tmp_path), "shipped")
    flows = list(session_flows(stored_flows(result.path), result.document.flows))
    assert [(flow.index, flow.host) for flow in flows] == [
        (entry.flow_index, entry.host) for entry in result.document.flows
    ]
    seen = by_flow(result.document)
    assert {one.line for index, found in seen.items() for one in (find.ref for find in found) if index == 2} == {
        flows[2].opening.number
    }
