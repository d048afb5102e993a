"""Headers that come behind a body: they carry whatever they are given, as those before it do.

mitmproxy keeps those of HTTP/2. Over HTTP/1, where they follow a body in chunks, it gives the connection up without a
word to anybody (`NotImplementedError` in its `_http1.py`); here its reader keeps them, and the exchange goes on.
"""

from __future__ import annotations

from typing import TypeAlias

from h11 import Data, EndOfMessage
from h11._readers import ChunkedReader
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.http import HTTPFlow
from mitmproxy.proxy.layer import Layer
from mitmproxy.proxy.layers.http import _http1

from analyzer.capture.flow_unended import layer_of

Fields: TypeAlias = tuple[tuple[bytes, bytes], ...]


class KeepingReader(ChunkedReader):
    """Reads a body in chunks; `behind` are the headers that came at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.behind: Fields = ()

    def __call__(self, buf: ReceiveBuffer) -> Data | EndOfMessage | None:
        """Take the next part of the body, or its end, which has no headers then."""
        event = super().__call__(buf)
        if isinstance(event, EndOfMessage) and event.headers:
            self.behind = tuple((bytes(name), bytes(value)) for name, value in event.headers.raw_items())
            return EndOfMessage()
        return event


def keep_trailers() -> None:
    """Have mitmproxy read bodies in chunks with our reader."""
    setattr(_http1, "ChunkedReader", KeepingReader)  # noqa: B010 - not its own name there


def request_trailers(flow: HTTPFlow) -> Fields:
    """Give the headers behind a request's body, as far as they came."""
    kept = flow.request.trailers
    return kept.fields if kept else _behind(layer_of(flow, flow.client_conn))


def response_trailers(flow: HTTPFlow) -> Fields:
    """Give the headers behind an answer's body, as far as they came."""
    kept = flow.response.trailers if flow.response else None
    return kept.fields if kept else _behind(layer_of(flow, flow.server_conn))


def _behind(layer: Layer | None) -> Fields:
    reader = getattr(layer, "body_reader", None)
    return reader.behind if isinstance(reader, KeepingReader) else ()
