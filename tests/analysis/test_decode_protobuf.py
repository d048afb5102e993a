from __future__ import annotations

import struct

from analyzer.analysis.decode_protobuf import read_message, strip_grpc


def test_fields_of_every_wire_type_are_read():
    data = (
        b"\x08\x96\x01" + b"\x12\x03abc" + b"\x19" + struct.pack("<d", 31.2304) + b"\x25" + struct.pack("<f", 121.4737)
    )
    fields = read_message(data, 100) or []
    texts = {number: [value for one, value in fields if one == number] for number in (1, 2, 3, 4)}
    assert texts[1] == ["150", "75"]
    assert texts[2] == [b"abc"]
    assert texts[3][0] == "31.2304"
    assert texts[4][0] == "121.4737"


def test_a_negative_number_reads_as_such():
    assert (1, "-5") in (read_message(b"\x08" + b"\xfb" + b"\xff" * 8 + b"\x01", 10) or [])


def test_bytes_that_are_no_message_are_refused():
    assert read_message(b"\x0a\x10abc", 10) is None
    assert read_message(b"\x00\x01", 10) is None
    assert read_message(b"", 10) is None
    assert read_message(b"\x08\x01" * 20, 10) is None


def test_the_frame_head_of_grpc_is_taken_off():
    assert strip_grpc(b"\x00\x00\x00\x00\x03abc") == b"abc"
    assert strip_grpc(b"\x00\x00\x00\x00\x04abc") is None
