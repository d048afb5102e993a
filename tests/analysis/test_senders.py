from __future__ import annotations

import random

from wire import CATALOG, Wire, number, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.flows import assemble_flows
from analyzer.analysis.placement import place_session
from analyzer.analysis.senders import match_senders
from analyzer.model.vocabulary import LinkMethod

FRAMES = ("com.a.B.c(B.java:1)",)


def _senders(wire: Wire):
    session = wire.session()
    places = place_session(session)
    return match_senders(assemble_flows(session, places).flows, resolve_calls(session, places), CATALOG)


def test_the_port_joins_a_flow_to_the_latest_connect_before_it():
    wire = Wire()
    for at in (1, 2, 9):
        wire.call("net.connect", at, this=thing(local_port=number("4000")), frames=FRAMES)
    wire.request(3, port=4000)
    sender = _senders(wire)[0]
    assert (sender.call, sender.method, sender.distance_us) == ("1-accept/events/4", LinkMethod.SOCKET, 1_000_000)


def test_on_a_reused_connection_the_call_that_names_the_address_is_the_sender():
    wire = Wire()
    wire.call("net.connect", 1, this=thing(local_port=number("4000")), frames=FRAMES)
    wire.call("net.url", 2, this=text("https://h.example/b?c=1"), frames=("com.other.X.y(X.java:1)",))
    wire.request(3, host="h.example", target="/b?c=1", port=4000)
    assert _senders(wire)[0].call == "1-accept/events/4"


def test_the_host_alone_proves_little_and_another_host_nothing():
    wire = Wire()
    wire.call("net.url", 2, this=text("https://h.example/b"), frames=FRAMES)
    wire.request(3, host="h.example", target="/other", port=1)
    wire.request(3, host="i.example", target="/b", port=1)
    senders = _senders(wire)
    assert list(senders) == [0]
    assert (senders[0].method, senders[0].confidence) == (LinkMethod.TIME, 0.3)


def test_among_many_calls_the_sender_is_the_latest_that_may_have_come_before_it():
    wire = Wire()
    chance = random.Random(4)
    times = [chance.randrange(400) for _ in range(60)]
    ports = [str(chance.choice((4000, 4001))) for _ in times]
    for at, port in zip(times, ports, strict=True):
        wire.call("net.connect", at, this=thing(local_port=number(port)), frames=FRAMES)
    asked = [chance.randrange(500) for _ in range(40)]
    for at in asked:
        wire.request(at, port=4000)
    fitting = [at for at, port in zip(times, ports, strict=True) if port == "4000"]
    nearest = [min((at - one for one in fitting if 0 <= at - one <= 120), default=None) for at in asked]
    told = {index: distance * 1_000_000 for index, distance in enumerate(nearest) if distance is not None}
    assert {index: sender.distance_us for index, sender in _senders(wire).items()} == told
    assert 0 < len(told) < len(asked)
