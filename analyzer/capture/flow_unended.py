"""What came of a body that has not ended: mitmproxy holds it, and gives it to the flow only at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mitmproxy import ctx
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.layer import Layer
from mitmproxy.proxy.layers.http import HttpLayer, HttpStream


def request_so_far(flow: HTTPFlow) -> bytes | None:
    """Give what came of the body of a request that is still being received; `None` where nobody holds it."""
    stream = _stream_of(flow)
    return None if stream is None else bytes(stream.request_body_buf)


def response_so_far(flow: HTTPFlow) -> bytes | None:
    """Give what came of the body of a response that is still being received; `None` where nobody holds it."""
    stream = _stream_of(flow)
    return None if stream is None else bytes(stream.response_body_buf)


def _stream_of(flow: HTTPFlow) -> HttpStream | None:
    server = ctx.master.addons.get("proxyserver")  # type: ignore[no-untyped-call]
    handlers = list(server.connections.values()) if server else []
    streams = (stream for handler in handlers for stream in _streams(handler.layer.context.layers))
    return next((stream for stream in streams if getattr(stream, "flow", None) is flow), None)


def _streams(layers: Iterable[Layer]) -> Iterator[HttpStream]:
    """Give the exchanges of a connection, and those of the tunnels that some of them are."""
    for layer in layers:
        if isinstance(layer, HttpLayer):
            for stream in layer.streams.values():
                yield stream
                own = stream.context.layers
                yield from _streams(own[own.index(stream) + 1 :])
