from __future__ import annotations

import gzip

import pytest

from analyzer.analysis.decode_mask import is_masked, unmask


@pytest.mark.parametrize("mask", [0x01, 0x5A, 0xFF])
@pytest.mark.parametrize("plain", [b'{"imei": "867431059238179"}', b'["a", "b"]', gzip.compress(b"x=1", mtime=0)])
def test_a_mask_over_json_or_gzip_is_taken_off(mask, plain):
    assert unmask(bytes(byte ^ mask for byte in plain)) == (f"xor 0x{mask:02x}", plain)


def test_what_makes_no_sense_below_any_mask_is_left_alone():
    assert unmask(bytes(range(64))) is None
    assert unmask(b'{"imei": "867431059238179"}') is None
    assert not is_masked(b'{"a": 1}')
    assert is_masked(bytes(byte ^ 0x5A for byte in b'{"a": 1}'))
