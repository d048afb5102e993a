from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from mitmproxy import dns
from mitmproxy.dns import DNSFlow
from mitmproxy.http import HTTPFlow
from mitmproxy.test import tflow, tutils

from analyzer.capture.flow_clients import Clients


def _flow(host: str, *, header: str | None = None, sni: str = "") -> HTTPFlow:
    flow = tflow.tflow(req=tutils.treq(host=host, port=18443, authority=b""))
    flow.request.headers.pop("host", None)
    if header is not None:
        flow.request.headers["Host"] = header
    flow.client_conn.sni = sni
    return flow


def _in_tunnel(flow: HTTPFlow, host: str, port: int) -> tuple[str, int]:
    clients = Clients()
    clients.tunnel(flow.client_conn).target = (host, port)
    return clients.destination(flow)


def test_without_a_tunnel_the_url_names_the_place_and_the_host_header_cannot_hide_it() -> None:
    assert Clients().destination(_flow("tracker.example", header="nice.example")) == ("tracker.example", 18443)


def test_in_a_tunnel_the_handshake_names_the_host_and_the_tunnel_the_port_whatever_the_header_says() -> None:
    flow = _flow("127.0.0.1", header="nice.example:18443", sni="tracker.example")
    assert _in_tunnel(flow, "cdn.example", 443) == ("tracker.example", 443)


def test_without_a_handshake_the_tunnel_names_the_host_and_the_header_does_only_where_nothing_else_does() -> None:
    flow = _flow("127.0.0.1", header="nice.example")
    assert _in_tunnel(flow, "tracker.example", 80) == ("tracker.example", 80)
    assert _in_tunnel(flow, "203.0.113.5", 80) == ("203.0.113.5", 80)
    assert _in_tunnel(flow, "", 80) == ("nice.example", 80)
    assert _in_tunnel(_flow("127.0.0.1", header="<script>"), "", 443) == ("", 443)


def _answer(name: str, address: str, server: str) -> DNSFlow:
    flow = tflow.tdnsflow(resp=True)
    flow.request.questions[0].name = flow.response.questions[0].name = name
    flow.response.answers = [dns.ResourceRecord.A(name, IPv4Address(address))]
    flow.server_conn.address = (server, 53)
    return flow


def test_of_the_names_of_one_address_the_last_ones_are_kept_however_many_an_app_asks_for() -> None:
    clients, flow = Clients(), _flow("127.0.0.1", header="early.example")
    clients.tunnel(flow.client_conn).target = ("203.0.113.5", 80)
    for name in ("early.example", *(f"x{number}.example" for number in range(31)), "early.example", "y.example"):
        clients.answered(_answer(name, "203.0.113.5", "10.0.0.53"))
    assert clients.destination(flow) == ("early.example", 80), "asked for again, so not the oldest"
    for number in range(32):
        clients.answered(_answer(f"z{number}.example", "203.0.113.5", "10.0.0.53"))
    assert clients.destination(flow) == ("203.0.113.5", 80)
    assert clients.mask(flow) is not None


def test_an_address_that_our_own_name_server_gave_for_the_name_in_the_header_has_that_name() -> None:
    clients, flow = Clients(), _flow("127.0.0.1", header="API.example")
    clients.tunnel(flow.client_conn).target = ("203.0.113.5", 80)
    clients.answered(_answer("api.example", "203.0.113.5", "8.8.8.8"))
    assert clients.destination(flow) == ("203.0.113.5", 80), "an app can ask a name server of its own"
    clients.answered(_answer("api.example.", "203.0.113.5", "10.0.0.53"))
    assert clients.destination(flow) == ("API.example", 80)
    assert clients.mask(flow) is None


def test_a_header_that_contradicts_what_the_connection_proves_is_told_once() -> None:
    clients, flow = Clients(), _flow("127.0.0.1", header="nice.example", sni="tracker.example")
    clients.tunnel(flow.client_conn).target = ("tracker.example", 443)
    told = clients.mask(flow)
    assert told is not None
    assert told[0] == "tracker.example"
    assert "names nice.example in its Host header another host than the one it went to" in told[1]
    assert clients.mask(flow) is None
    same = _flow("127.0.0.1", header="Tracker.example.:443", sni="tracker.example")
    clients.tunnel(same.client_conn).target = ("tracker.example", 443)
    assert clients.mask(same) is None


@pytest.mark.parametrize(
    ("opened", "named", "told"),
    [
        ("nice.example", "tracker.example", True),
        ("Tracker.example.", "tracker.example", False),
        ("203.0.113.5", "tracker.example", False),
        ("nice.example", "", False),
    ],
)
def test_a_handshake_that_contradicts_the_tunnel_is_told_once(opened: str, named: str, told: bool) -> None:
    clients, flow = Clients(), _flow("127.0.0.1", sni=named)
    clients.tunnel(flow.client_conn).target = (opened, 443)
    found = clients.contradiction(flow.client_conn)
    assert (found is not None) is told
    if found is not None:
        assert (found[0], f"to {opened} was opened" in found[1]) == (named, True)
    assert clients.contradiction(flow.client_conn) is None


def test_without_any_name_the_tunnel_speaks() -> None:
    assert _in_tunnel(_flow("127.0.0.1"), "b.example", 8443) == ("b.example", 8443)


def test_a_peer_is_the_devices_end_with_its_server_name_cut() -> None:
    flow = _flow("a.example", sni="x" * 999)
    peer = Clients().peer(flow.client_conn)
    assert (peer.client_host, peer.client_port) == flow.client_conn.peername[:2]
    assert len(peer.sni) == 255


def test_a_closed_connection_is_forgotten() -> None:
    clients, flow = Clients(), _flow("a.example")
    clients.tunnel(flow.client_conn).target = ("a.example", 443)
    assert clients.forget(flow.client_conn) is not None
    assert clients.forget(flow.client_conn) is None
    assert clients.target(flow.client_conn, ("other", 1)) == ("other", 1)
