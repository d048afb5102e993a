from __future__ import annotations

from h11 import Data, EndOfMessage
from h11._receivebuffer import ReceiveBuffer
from mitmproxy.proxy.layers.http import _http1

from analyzer.capture.flow_trailers import KeepingReader, keep_trailers


def read(reader: KeepingReader, data: bytes) -> list[object]:
    buffer = ReceiveBuffer()
    found = []
    for at in range(len(data)):
        buffer += data[at : at + 1]
        while (event := reader(buffer)) is not None:
            found.append(event)
            if isinstance(event, EndOfMessage):
                break
    return found


def test_headers_behind_a_body_are_kept_as_they_were_written_and_the_body_ends():
    reader = KeepingReader()
    *parts, end = read(reader, b"3\r\nabc\r\n0\r\nX-Behind: 1\r\nx-Behind: \xe9\r\n\r\n")
    assert b"".join(bytes(part.data) for part in parts if isinstance(part, Data)) == b"abc"
    assert reader.behind == ((b"X-Behind", b"1"), (b"x-Behind", b"\xe9"))
    assert not end.headers, "mitmproxy would give up the connection"


def test_a_body_without_any_ends_as_ever():
    reader = KeepingReader()
    assert isinstance(read(reader, b"1\r\na\r\n0\r\n\r\n")[-1], EndOfMessage)
    assert reader.behind == ()


def test_the_proxy_reads_with_it(monkeypatch):
    monkeypatch.setattr(_http1, "ChunkedReader", _http1.ChunkedReader)  # put back afterwards
    keep_trailers()
    assert isinstance(_http1.make_body_reader(None), KeepingReader)
