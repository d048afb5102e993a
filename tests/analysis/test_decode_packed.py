from __future__ import annotations

import plistlib
import struct

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from msgspec import msgpack

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_packed import open_bson, open_cbor, open_msgpack, open_plist

DOCUMENT = {"imei": "867431059238179", "at": [31.2304, -121], "n": 70000, "big": 1 << 40, "d": {"raw": b"\x00\x01"}}
LEAVES = [
    ("imei", "867431059238179"),
    ("at[0]", "31.2304"),
    ("at[1]", "-121"),
    ("n", "70000"),
    ("big", "1099511627776"),
    ("d.raw", b"\x00\x01"),
]


def _found(children):
    return [(step.partition("$.")[2], value) for step, _, value in children or ()]


def _head(major: int, size: int) -> bytes:
    if size < 24:
        return bytes([major << 5 | size])
    width = next(at for at in range(4) if size < 1 << (8 << at))
    return bytes([major << 5 | 24 + width]) + size.to_bytes(1 << width, "big")


def _cbor(value) -> bytes:
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(_cbor(key) + _cbor(item) for key, item in value.items())
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(_cbor, value))
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    return _head(0, value) if value >= 0 else _head(1, -1 - value)


def test_messagepack_and_cbor_open_and_keep_every_value():
    assert _found(open_msgpack(msgpack.encode(DOCUMENT), Budget())) == LEAVES
    assert _found(open_cbor(_cbor(DOCUMENT), Budget())) == LEAVES
    assert _found(open_cbor(b"\xd9\xd9\xf7" + _cbor(DOCUMENT), Budget())) == LEAVES


def test_cbor_of_unknown_length_opens():
    data = b"\xbf\x64name\x7f\x63abc\x63def\xff\x61l\x9f\x01\x02\xff\xff"
    assert _found(open_cbor(data, Budget())) == [("name", "abcdef"), ("l[0]", "1"), ("l[1]", "2")]


def test_a_binary_property_list_opens():
    data = plistlib.dumps({"lat": 1.5, "d": {"imei": "867"}}, fmt=plistlib.FMT_BINARY, sort_keys=False)
    assert _found(open_plist(data, Budget())) == [("lat", "1.5"), ("d.imei", "867")]
    assert open_plist(b"bplist00" + bytes(40), Budget()) is None


def test_bson_opens():
    body = b"\x02imei\x00\x10\x00\x00\x00867431059238179\x00\x01lat\x00" + struct.pack("<d", 31.5)
    body += b"\x03d\x00" + struct.pack("<i", 12) + b"\x10n\x00" + struct.pack("<i", -7) + b"\x00"
    data = struct.pack("<i", len(body) + 5) + body + b"\x00"
    assert _found(open_bson(data, Budget())) == [("imei", "867431059238179"), ("lat", "31.5"), ("d.n", "-7")]
    assert open_bson(data[:-1], Budget()) is None


@pytest.mark.parametrize(
    "data",
    [
        b"\xdf\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff\x01", b"\x91" * 1000 + b"\x01", b"\x93\x01\x02\x03",
        b"\x81\x01\x02", b"\x81\xa1a", b"\xbb" + b"\xff" * 8, b"\x9f" * 1000, b"\x83\x01\x02\xff", b"\xa1\x61a",
        b"\x80", b"\xa0",
    ],
)  # fmt: skip
def test_bombs_and_bytes_that_name_nothing_are_refused(data):
    assert open_msgpack(data, Budget()) is None
    assert open_cbor(data, Budget()) is None


def test_a_property_list_that_holds_itself_many_times_is_bounded():
    layers = 30
    objects = [bytes([0xA2, at + 1, at + 1]) for at in range(layers)] + [b"\x51x"]
    data, offsets = b"bplist00", []
    for one in objects:
        offsets.append(len(data))
        data += one
    table = len(data)
    data += bytes(offsets) + bytes(6) + b"\x01\x01" + struct.pack(">QQQ", len(objects), 0, table)
    budget = Budget(leaves_left=1000)
    open_plist(data, budget)
    assert budget.spent


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=60))
def test_no_bytes_break_the_readers(data):
    for read in (open_msgpack, open_cbor, open_bson):
        read(data, Budget(leaves_left=50))
    open_plist(b"bplist00" + data, Budget(leaves_left=50))
