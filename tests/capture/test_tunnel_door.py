from __future__ import annotations

import asyncio

from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.test import tflow

from analyzer.capture.flow_clients import Tunnel
from analyzer.capture.proxy_messages import SocketSeen
from analyzer.capture.tunnel_door import PROBES, TunnelDoor, encode_owner
from analyzer.model.vocabulary import Owner


def _client(host: str, port: int, protocol: str = "tcp", mode: str = "wireguard:keys@192.0.2.1:1"):
    client = tflow.tclient_conn()
    client.proxy_mode = ProxyMode.parse(mode)
    client.sockname, client.transport_protocol, client.error = (host, port), protocol, None
    return client


def _met(client, answer: Owner | None, wait_s: float = 60.0):
    """Let a connection come; gives what was asked, told, and what is known of it then."""
    asked, gaps, tunnel = [], [], Tunnel()

    async def come() -> None:
        door = TunnelDoor(asked.append, lambda *gap: gaps.append(gap), wait_s)
        meeting = asyncio.create_task(door.meet(client, tunnel))
        await asyncio.sleep(0)
        if answer is not None:
            assert door.hear(encode_owner(asked[0].number, answer))
            assert not door.hear(b'{"tap":{}}')
        await meeting

    asyncio.run(come())
    return asked, gaps, tunnel


def test_a_connection_waits_for_its_owner_and_has_the_place_that_it_went_to():
    client = _client("203.0.113.5", 8443)
    asked, gaps, tunnel = _met(client, Owner.APP)
    assert asked == [SocketSeen(1, "tcp", client.peername[1], "203.0.113.5", 8443)]
    assert (tunnel.target, tunnel.owner) == (("203.0.113.5", 8443), Owner.APP)
    assert (client.error, gaps) == (None, [])


def test_a_connection_that_nobody_knows_is_let_through_after_a_while():
    client = _client("203.0.113.5", 443)
    assert _met(client, None, wait_s=0.01)[2].owner is Owner.UNKNOWN
    assert client.error is None


def test_quic_is_refused_and_told_but_where_it_is_another_apps():
    client = _client("203.0.113.5", 443, "udp")
    assert [gap[1] for gap in _met(client, Owner.UNKNOWN)[1]] == ["203.0.113.5:443"]
    assert client.error
    assert _met(_client("203.0.113.5", 443, "udp"), Owner.OTHER)[1] == []


def test_a_probe_is_told_and_turned_away():
    client = _client(PROBES, 1234)
    assert _met(client, None)[0] == [SocketSeen(0, "tcp", client.peername[1], PROBES, 1234)]
    assert client.error


def test_what_comes_by_another_way_is_left_alone():
    client = _client("203.0.113.5", 443, mode="regular")
    assert _met(client, None)[0] == []
    assert client.error is None
