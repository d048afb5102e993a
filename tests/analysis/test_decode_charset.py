from __future__ import annotations

import hashlib

from analyzer.analysis.decode_charset import as_text, decode_charset, decode_controls, decode_wide


def test_text_is_utf8_without_controls():
    assert as_text("é\r\n\t　😀‍".encode()) == "é\r\n\t　😀‍"
    assert as_text(b"\x00a") is None
    assert as_text(b"\xff") is None


def test_two_byte_characters_are_read_and_other_bytes_are_not():
    assert decode_wide("867431059238179".encode("utf-16-le")) == ("utf-16le", b"867431059238179")
    assert decode_wide("867431059238179".encode("utf-16-be")) == ("utf-16be", b"867431059238179")
    assert decode_wide(bytes(16)) is None
    assert decode_wide(bytes(range(100, 120))) is None
    assert decode_charset("张三".encode("utf-16")) == ("utf-16le", "张三".encode())


def test_chinese_is_read_in_its_own_character_set():
    for text in ("姓名=张三丰", '{"地址": "北京市海淀区中关村大街１号"}'):
        for name in ("gbk", "gb18030"):
            assert decode_charset(text.encode(name)) == ("gbk", text.encode())


def test_random_bytes_are_no_text_of_any_character_set():
    for seed in range(500):
        assert decode_charset(hashlib.sha256(bytes([seed % 256, seed // 256])).digest()) is None


def test_control_characters_between_fields_become_ends_of_lines():
    sent = "imei=867431059238179\x01model=Pixel 6\x01\x02页=登录".encode()
    assert decode_controls(sent) == ("controls", "imei=867431059238179\nmodel=Pixel 6\n页=登录".encode())
    assert decode_controls(b"imei=867431059238179") is None
    assert decode_controls(b"\x0a\x01a\x12\x01b\x1a\x01c\x22\x01d") is None
    assert decode_controls(b"imei=867431059238179\x01\xff") is None


def test_bytes_that_repeat_themselves_are_no_chinese():
    assert decode_charset("育?".encode("gbk") * 200) is None
