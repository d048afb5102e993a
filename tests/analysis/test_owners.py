from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from recorded import Recorded
from shipped import catalog
from wire import CATALOG, IMEI, Wire, number, raw, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.owners import is_stated_other, own_flows, tell_stated
from analyzer.analysis.placement import place_session
from analyzer.analysis.senders import match_senders
from analyzer.model.evidence import Connection, FlowRecord, Gap, Line, Refusal, Request
from analyzer.model.results import Flow
from analyzer.model.vocabulary import GapKind, LinkMethod, Owner
from analyzer.store.reader import read_session

CATALOG_OF_HOOKS = catalog()
RANDOM = bytes(range(32))


def _owner(wire: Wire) -> Owner:
    return next(_owned(wire)).owner


def _owned(wire: Wire) -> Iterator[Flow]:
    session = wire.session()
    places = place_session(session)
    flows = assemble_flows(session, places).flows
    senders = match_senders(flows, resolve_calls(session, places), CATALOG)
    return own_flows(flows, senders, "com.example")


def _hello(wire: Wire, at: float, random: bytes) -> None:
    wire.call("net.connect", at, this=thing(client_random=raw(random)), frames=("com.a.B.c(B.java:1)",))


def test_a_handshake_that_the_agent_saw_inside_the_app_makes_the_flow_the_apps():
    wire = Wire()
    _hello(wire, 1, RANDOM)
    wire.request(2, random=RANDOM.hex(), owner=Owner.UNKNOWN)
    assert _owner(wire) is Owner.APP


def test_a_socket_that_the_agent_saw_makes_the_flow_the_apps():
    wire = Wire()
    wire.call("net.connect", 1, this=thing(local_port=number("4000")))
    wire.request(2, port=4000, owner=Owner.UNKNOWN)
    assert _owner(wire) is Owner.APP


def test_another_handshake_a_value_and_a_named_host_prove_nothing():
    wire = Wire(persona={"id.imei": (IMEI,)})
    _hello(wire, 1, b"\1" * 32)
    wire.call("telephony.imei", 1, text(IMEI))
    wire.call("net.url", 1, this=text("https://h.example/b"), frames=("com.a.B.c(B.java:1)",))
    wire.request(2, IMEI.encode(), host="h.example", target="/b", random=RANDOM.hex(), owner=Owner.UNKNOWN)
    assert _owner(wire) is Owner.UNKNOWN


def test_a_port_that_nobody_knows_joins_nothing():
    wire = Wire()
    wire.call("net.connect", 1, this=thing(local_port=number("0")))
    wire.request(2, port=0, owner=Owner.UNKNOWN)
    assert _owner(wire) is Owner.UNKNOWN


@pytest.mark.parametrize(
    ("header", "owner"),
    [
        (("X-Requested-With", "com.other.browser"), Owner.OTHER),
        (("User-Agent", "com.google.android.gms/2430 (Linux)"), Owner.OTHER),
        (("User-Agent", "com.other.app/1.0 (Android 14)"), Owner.UNKNOWN),
        (("X-Requested-With", "com.example"), Owner.UNKNOWN),
        (("X-Requested-With", "XMLHttpRequest"), Owner.UNKNOWN),
    ],
)
def test_a_request_of_nobody_known_that_names_another_app_is_that_ones(header: tuple[str, str], owner: Owner):
    wire = Wire()
    wire.request(1, headers=(header,), owner=Owner.UNKNOWN)
    assert _owner(wire) is owner


def test_what_only_its_own_word_makes_another_apps_is_a_gap():
    wire = Wire()
    wire.request(1, headers=(("X-Requested-With", "com.other.browser"),), owner=Owner.UNKNOWN)
    wire.request(2, headers=(("X-Requested-With", "com.other.browser"),), owner=Owner.UNKNOWN)
    wire.request(3, headers=(("X-Requested-With", "com.other.browser"),), owner=Owner.OTHER)
    stated = [flow for flow in _owned(wire) if is_stated_other(flow)]
    (gap,) = tell_stated(stated)
    assert gap.kind is GapKind.TRAFFIC_OPAQUE
    assert gap.why.startswith("2 requests name another app as sender")


def test_what_was_proven_while_recording_no_header_takes_back():
    wire = Wire()
    wire.request(1, headers=(("X-Requested-With", "com.other.browser"),), owner=Owner.APP)
    wire.request(1, owner=Owner.OTHER)
    assert _owner(wire) is Owner.APP


def test_a_real_recording_behind_a_nat_is_joined_by_the_handshakes_that_the_agent_saw(recorded_example: Recorded):
    session = read_session(recorded_example.session)
    recording = session.recordings[0]
    records = recording.flows or [line for chunk in recording.chunks for line in chunk()]
    hidden = tuple(_behind_nat(line) for line in records if not isinstance(line.record, Gap))
    session = replace(session, recordings=(replace(recording, flows=hidden, chunks=()),))
    places = place_session(session)
    flows = assemble_flows(session, places).flows
    senders = match_senders(flows, resolve_calls(session, places), CATALOG_OF_HOOKS)
    owned = list(own_flows(flows, senders, "com.example"))
    encrypted = [flow for flow in owned if flow.opening.record.peer.client_random]
    assert len(encrypted) > 5
    assert {flow.owner for flow in encrypted} == {Owner.APP}
    assert {senders[flow.index].method for flow in encrypted} == {LinkMethod.CLIENT_HELLO}
    assert {flow.owner for flow in owned if not flow.opening.record.peer.client_random} <= {Owner.UNKNOWN}


def _behind_nat(line: Line[FlowRecord]) -> Line[FlowRecord]:
    record = line.record
    if not isinstance(record, Request | Refusal | Connection):
        return line
    peer = replace(record.peer, client_host="", client_port=0)
    return Line(line.number, replace(record, peer=peer, owner=Owner.UNKNOWN))
