from __future__ import annotations

from types import SimpleNamespace

import pytest
from mitmproxy import ctx
from mitmproxy.http import HTTPFlow
from mitmproxy.options import Options
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import HttpLayer, HTTPMode, HttpStream
from mitmproxy.test import tflow

from analyzer.capture.flow_unended import request_so_far, response_so_far


def _exchange(context: Context, flow: HTTPFlow, body: bytes) -> HttpStream:
    """Let a connection be in the middle of a request, as mitmproxy notes it."""
    layer = HttpLayer(context, HTTPMode.regular)
    stream = HttpStream(layer.context.fork(), 1)
    stream.flow = flow
    stream.request_body_buf += body
    stream.response_body_buf += body.upper()
    layer.streams[1] = stream
    return stream


@pytest.mark.parametrize("tunnelled", [False, True])
def test_what_came_of_a_body_is_what_mitmproxy_holds_of_its_exchange(
    monkeypatch: pytest.MonkeyPatch,
    tunnelled: bool,
) -> None:
    outer, inner = tflow.tflow(), tflow.tflow()
    context = Context(tflow.tclient_conn(), Options())
    tunnel = _exchange(context, outer, b"first")
    if tunnelled:
        _exchange(tunnel.context, inner, b"second")
    server = SimpleNamespace(connections={"one": SimpleNamespace(layer=SimpleNamespace(context=context))})
    monkeypatch.setattr(ctx, "master", SimpleNamespace(addons={"proxyserver": server}), raising=False)
    assert (request_so_far(outer), response_so_far(outer)) == (b"first", b"FIRST")
    assert request_so_far(inner) == (b"second" if tunnelled else None)
    assert response_so_far(tflow.tflow()) is None
