from __future__ import annotations

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


def test_in_a_tunnel_the_host_header_names_the_host_and_the_tunnel_the_port() -> None:
    flow = _flow("127.0.0.1", header="api.example:18443", sni="cdn.example")
    assert _in_tunnel(flow, "cdn.example", 443) == ("api.example", 443)


def test_a_host_header_that_is_no_host_gives_way_to_the_server_name() -> None:
    assert _in_tunnel(_flow("127.0.0.1", header="<script>", sni="a.example"), "10.0.0.1", 443) == ("a.example", 443)


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
