from __future__ import annotations

import pytest

from analyzer.codec.bundle import (
    Environment,
    Voucher,
    decode_environment,
    decode_voucher,
    encode_environment,
    encode_voucher,
)
from analyzer.codec.migrate import FormatProblem


def test_a_voucher_is_read_as_it_was_written():
    voucher = Voucher("a-session", "ab" * 32, "cd" * 32, "ef" * 64)
    assert decode_voucher(encode_voucher(voucher)) == voucher
    assert voucher.signed() == b"analyzer bundle 1\na-session\n" + b"ab" * 32 + b"\n"


def test_an_environment_is_read_as_it_was_written():
    environment = Environment("1", "3.13", {"re2": "1"}, {"sdks": "ab"}, "standard", "map")
    assert decode_environment(encode_environment(environment)) == environment


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"\xff", encode_environment(Environment("1", "2"))])
def test_what_is_none_is_refused(data):
    with pytest.raises(FormatProblem):
        decode_voucher(data)
