from __future__ import annotations

import gzip

from wire import Wire, missing

from analyzer.analysis.decode_flow import decode_flow
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.model.evidence import Blob
from analyzer.model.vocabulary import Direction, GapKind


def _flow(wire: Wire):
    session = wire.session()
    return assemble_flows(session, place_session(session)).flows[0]


def test_every_part_of_a_flow_gives_leaves_with_its_own_line():
    wire = Wire()
    headers = (("Host", "x"), ("X-Id", "h"), ("Cookie", "c=k"), ("Content-Encoding", "gzip"))
    flow = wire.request(1, gzip.compress(b"b=1"), target="/seg/%41?q=v", headers=headers)
    wire.response(flow, 2, b"r=2")
    wire.message(flow, 3, b"m=3")
    wire.message(flow, 4, b"n=4", Direction.RECEIVED)
    leaves = decode_flow(_flow(wire), missing).leaves
    assert [(leaf.ref.line, leaf.where, leaf.path, leaf.data) for leaf in leaves] == [
        (1, "url", "path:1", b"seg"),
        (1, "url", "path:2", b"A"),
        (1, "query", "query:q", b"v"),
        (1, "header", "header:X-Id", b"h"),
        (1, "cookie", "cookie:c", b"k"),
        (1, "body", "form:b", b"1"),
        (2, "response", "form:r", b"2"),
        (3, "message", "form:m", b"3"),
        (4, "response", "form:n", b"4"),
    ]


def test_large_bodies_are_read_and_missing_ones_are_a_gap():
    wire = Wire()
    wire.request(1, blob=Blob("bodies/x", "0" * 64, 3))
    assert [leaf.data for leaf in decode_flow(_flow(wire), lambda _r, _b: b"k=v").leaves][-1] == b"v"
    assert [gap.kind for gap in decode_flow(_flow(wire), missing).gaps] == [GapKind.BODY_MISSING]


def test_a_body_that_hits_the_bound_leaves_a_gap():
    wire = Wire()
    wire.request(1, gzip.compress(bytes(40 << 20)))
    assert [gap.kind for gap in decode_flow(_flow(wire), missing).gaps] == [GapKind.DECODE_LIMIT]
