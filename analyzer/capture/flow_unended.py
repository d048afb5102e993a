"""What mitmproxy holds of an exchange that has not ended, and gives to the flow only at its end, or never."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mitmproxy import ctx
from mitmproxy.connection import Connection
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


def layer_of(flow: HTTPFlow, connection: Connection) -> Layer | None:
    """Give what speaks HTTP on one of the two connections of an exchange that is still going on."""
    found = _found(flow)
    return None if found is None else found[0].connections.get(connection)


def _stream_of(flow: HTTPFlow) -> HttpStream | None:
    found = _found(flow)
    return None if found is None else found[1]


def _found(flow: HTTPFlow) -> tuple[HttpLayer, HttpStream] | None:
    server = ctx.master.addons.get("proxyserver")  # type: ignore[no-untyped-call]
    handlers = list(server.connections.values()) if server else []
    streams = (found for handler in handlers for found in _streams(handler.layer.context.layers))
    return next((found for found in streams if getattr(found[1], "flow", None) is flow), None)


def _streams(layers: Iterable[Layer]) -> Iterator[tuple[HttpLayer, HttpStream]]:
    """Give the exchanges of a connection, and those of the tunnels that some of them are."""
    for layer in layers:
        if isinstance(layer, HttpLayer):
            for stream in layer.streams.values():
                yield layer, stream
                own = stream.context.layers
                yield from _streams(own[own.index(stream) + 1 :])
