from __future__ import annotations

import json

import pytest

from analyzer.codec.calibration import decode_calibration, encode_calibration, read_account
from analyzer.codec.migrate import FormatProblem
from analyzer.model.calibration import Calibration, Check, Proof, Said

FOUND = Calibration(
    "emulator-5554", "Pixel", "14", 34, "x86_64", "google/x/y:14", 1, "20260101-000000-com.example-ab", "d" * 64,
    {"frida": "17"}, (Check("hook", "telephony.imei", Proof.PROVEN, "fired once"),),
)  # fmt: skip


def test_a_calibration_comes_back_as_it_was_written():
    assert decode_calibration(encode_calibration(FOUND)) == FOUND


@pytest.mark.parametrize("data", [b"", b"[]", b'{"v":1,"record":"seal"}', encode_calibration(FOUND)[:-9]])
def test_what_is_no_calibration_is_refused(data):
    with pytest.raises(FormatProblem):
        decode_calibration(data)


def test_the_account_is_read_line_by_line_and_what_is_none_is_counted():
    read = {"what": "read", "data_type": "id.imei", "api": "a.B.c", "value": None, "sdk": "x"}
    send = {"what": "send", "data_type": "id.imei", "host": "h", "carrier": "body", "encodings": ["gzip"]}
    lines = [
        json.dumps(read),
        json.dumps(send | {"delivered": False}),
        '{"what": "send", "cut',
        "[" * 99_999,
        "{}",
        "7",
    ]
    account, unread = read_account(lines)
    assert account == (
        Said("read", "id.imei", "a.B.c"),
        Said("send", "id.imei", host="h", carrier="body", encodings=("gzip",), delivered=False),
    )
    assert unread == 4


def test_an_app_that_writes_without_end_is_bounded():
    line = json.dumps({"what": "read", "data_type": "x" * 9999, "encodings": ["y"] * 999})
    account, unread = read_account([line] * 10_005)
    assert (len(account), unread, len(account[0].data_type), len(account[0].encodings)) == (10_000, 5, 200, 10)
