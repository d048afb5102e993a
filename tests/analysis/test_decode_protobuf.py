from __future__ import annotations

import hashlib
import struct

from analyzer.analysis.decode_protobuf import open_protobuf, read_message


def _texts(data: bytes, *, sure: bool = False) -> list[tuple[str, bytes | str]]:
    return [(step, value) for step, _, value in open_protobuf(data, 100, sure=sure) or ()]


def test_fields_of_every_wire_type_are_read():
    data = (
        b"\x08\x96\x01" + b"\x12\x03abc" + b"\x19" + struct.pack("<d", 31.2304) + b"\x25" + struct.pack("<f", 121.4737)
    )
    assert _texts(data) == [
        ("protobuf:1", "150"),
        ("protobuf:2", b"abc"),
        ("protobuf:3", "31.2304"),
        ("protobuf:4", "121.4737"),
    ]


def test_a_negative_number_reads_as_such_and_coordinates_also_as_zigzag():
    assert ("protobuf:1", "-5") in _texts(b"\x08" + b"\xfb" + b"\xff" * 8 + b"\x01\x12\x03abc")
    assert ("protobuf:1", "-312039936") in _texts(b"\x08\xff\xe7\xca\xa9\x02\x12\x03abc")


def test_packed_numbers_are_read_one_by_one():
    doubles = b"\x0a\x10" + struct.pack("<2d", 31.2304, 121.4737) + b"\x12\x03abc"
    assert ("protobuf:1[1]", "121.4737") in _texts(doubles)
    assert ("protobuf:3[1]", "300") in _texts(b"\x12\x07abcdefg\x1a\x05\x96\x01\xac\x02\x01")


def test_bytes_that_are_no_message_are_refused():
    assert read_message(b"\x0a\x10abc", 10) is None
    assert read_message(b"\x00\x01", 10) is None
    assert read_message(b"", 10) is None
    assert len(read_message(b"\x08\x01" * 20, 10)) == 10


def test_random_bytes_hardly_ever_look_like_a_message():
    taken = sum(
        bool(open_protobuf(hashlib.sha512(b"%d" % seed).digest()[: 4 + seed % 40], 100)) for seed in range(2000)
    )
    assert taken < 10


def test_a_message_that_its_frame_announces_may_be_poor():
    assert _texts(b"\x08\x01") == []
    assert _texts(b"\x08\x01", sure=True) == [("protobuf:1", "1")]


def test_whole_numbers_of_fixed_width_and_messages_in_a_field_are_told_from_text():
    data = b"\x0d" + struct.pack("<I", 1_700_000_000) + b"\x11" + struct.pack("<Q", 867431059238179) + b"\x1a\x03abc"
    assert _texts(data)[:2] == [("protobuf:1", "1700000000"), ("protobuf:2", "867431059238179")]
    nested = b"\x12\x06\x08\x96\x01\x12\x01a"
    assert _texts(b"\x0a\x0a" + nested[:2] + b"\x08\x96\x01\x10\x05\x18\x07") == []
    deep = b"\x0a\x05\x1a\x03abc"
    assert _texts(b"\x0a\x07" + deep) == [("protobuf:1", deep)]
