from __future__ import annotations

import base64

from analyzer.analysis.decode_text import decode_text, decode_wide, is_base64, ungrouped

DATA = b"hello \xff world?>"


def test_base64_is_read_in_every_variant():
    for text in (
        base64.b64encode(DATA).decode(),
        base64.urlsafe_b64encode(DATA).decode(),
        base64.b64encode(DATA).decode().rstrip("="),
        base64.encodebytes(DATA).decode(),
        base64.b64encode(DATA).decode().replace("+", " "),
    ):
        assert ("base64", DATA) in list(decode_text(text))


def test_hex_percent_and_words_inside_a_text_are_read():
    assert ("hex", DATA) in list(decode_text(DATA.hex()))
    assert ("hex", DATA) in list(decode_text(DATA.hex().upper()))
    assert ("percent", b"a b") in list(decode_text("a%20b"))
    assert ("base64", DATA) in list(decode_text(f"Bearer {base64.b64encode(DATA).decode()};"))


def test_ordinary_text_gives_nothing():
    assert list(decode_text("ordinary words, and more")) == []
    assert not is_base64("a=1&b=2")
    assert is_base64(base64.b64encode(DATA).decode())


def test_two_byte_characters_are_read_and_other_bytes_are_not():
    assert decode_wide("867431059238179".encode("utf-16-le")) == ("utf-16le", b"867431059238179")
    assert decode_wide("867431059238179".encode("utf-16-be")) == ("utf-16be", b"867431059238179")
    assert decode_wide(bytes(16)) is None
    assert decode_wide(bytes(range(100, 120))) is None


def test_long_numbers_in_groups_are_joined():
    assert list(ungrouped(b"iccid=8986 0021 9347 5618 2040, x=867431-059238-179.")) == [
        b"89860021934756182040",
        b"867431059238179",
    ]
    assert list(ungrouped(b"on 2026-11-23 at 12")) == []
