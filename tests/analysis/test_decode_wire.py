from __future__ import annotations

import gzip
import struct

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_wire import open_dns, open_grpc, open_http, open_mqtt, open_sized


def _frame(payload: bytes, flag: int = 0) -> bytes:
    return bytes([flag]) + struct.pack(">I", len(payload)) + payload


def test_frames_of_grpc_must_fill_the_bytes():
    packed = gzip.compress(b"abc")
    data = _frame(b"abc") + _frame(packed, 1) + _frame(b"grpc-status:0", 0x80)
    assert open_grpc(data) == [(False, b"abc"), (True, packed), (False, b"grpc-status:0")]
    assert open_grpc(data[:-1]) is None
    assert open_grpc(bytes(10_000_000)) is None


def _text(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value


def _packet(kind: int, body: bytes) -> bytes:
    size = bytes([len(body)]) if len(body) < 128 else bytes([len(body) & 127 | 128, len(body) >> 7])
    return bytes([kind]) + size + body


def test_a_client_of_mqtt_gives_its_names_topics_and_payloads():
    head = _text(b"MQTT") + b"\x04\xc6\x00\x3c"
    connect = head + b"".join(map(_text, (b"client-1", b"gone", b"bye", b"bob", b"867431059238179")))
    data = _packet(0x10, connect) + _packet(0x30, _text(b"up/1") + b'{"a": 1}' + b" " * 200)
    data += _packet(0x32, _text(b"up/2") + b"\x00\x07" + b"x=1")
    assert [(step, value.strip()) for step, _, value in open_mqtt(data)] == [
        ("mqtt:client", b"client-1"),
        ("mqtt:will_topic", b"gone"),
        ("mqtt:will", b"bye"),
        ("mqtt:user", b"bob"),
        ("mqtt:password", b"867431059238179"),
        ("mqtt:topic", b"up/1"),
        ("mqtt:payload", b'{"a": 1}'),
        ("mqtt:topic", b"up/2"),
        ("mqtt:payload", b"x=1"),
    ]
    assert open_mqtt(_packet(0x10, _text(b"MQTT") + b"\x05\x00\x00\x3c\x02\x11\x00" + _text(b"c5")))[0][2] == b"c5"
    assert open_mqtt(b"text") is None


def test_requests_inside_a_raw_connection_are_taken_apart():
    first = b"POST /p?q=1 HTTP/1.1\r\nX-Id: 7\r\nContent-Length: 3\r\n\r\na=b"
    second = b"POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nwiki\r\n2;x=y\r\n=1\r\n0\r\n\r\n"
    assert [(step, value) for step, _, value in open_http(first + second, 99)] == [
        ("http:target", b"/p?q=1"),
        ("http:X-Id", b"7"),
        ("http:Content-Length", b"3"),
        ("http:body", b"a=b"),
        ("http:target", b"/c"),
        ("http:Transfer-Encoding", b"chunked"),
        ("http:body", b"wiki=1"),
    ]
    assert open_http(b"GET it done", 9) is None


def test_messages_behind_their_lengths_are_told_apart_when_all_fit():
    for form in (">I", "<I", ">H", "<H"):
        data = b"".join(struct.pack(form, len(one)) + one for one in (b'{"a": 1}', b'{"b": 22}'))
        assert open_sized(data) == [b'{"a": 1}', b'{"b": 22}']
        assert open_sized(data[:-1]) is None


def test_the_name_that_is_asked_for_is_read():
    head = b"\x12\x34\x01\x00\0\1\0\0\0\0\0\0"
    asked = head + b"\x04data\x07example\x03com\0\0\1\0\1"
    assert open_dns(asked, Budget()) == [("dns:name", "", b"data.example.com")]
    assert open_dns(head + b"\xc0\x0c\0\1\0\1", Budget()) is None
