from __future__ import annotations

from google.protobuf.wrappers_pb2 import StringValue, UInt64Value
from hypothesis import given
from hypothesis import strategies as st

from analyzer.report.protobuf import fixed64, message, number, text, varint


@given(st.integers(0, 2**64 - 1))
def test_a_number_is_read_back(value: int) -> None:
    assert UInt64Value.FromString(number(1, value)).value == value


@given(st.text())
def test_a_text_is_read_back(value: str) -> None:
    assert StringValue.FromString(text(1, value)).value == value


def test_what_no_field_can_carry_becomes_what_it_can() -> None:
    assert varint(-1) == b"\x00"
    assert varint(2**70) == varint(2**64 - 1)
    assert fixed64(1, 2**70)[1:] == b"\xff" * 8
    assert StringValue.FromString(text(1, "a\ud800")).value == "a\\ud800"


def test_a_field_of_more_than_sixteen_bytes_or_numbers_has_the_tag_that_the_format_says() -> None:
    assert number(1, 150) == b"\x08\x96\x01"
    assert fixed64(47, 1) == b"\xf9\x02" + b"\x01" + b"\x00" * 7
    assert message(2, b"ab", b"c") == b"\x12\x03abc"
