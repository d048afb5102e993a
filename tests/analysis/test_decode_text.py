from __future__ import annotations

import base64
import hashlib
import string

import pytest

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_text import decode_text, ungrouped

UPPER, LOWER = string.ascii_uppercase, string.ascii_lowercase
DATA = "hello 世 world?> 867431059238179".encode()
B64 = base64.b64encode(DATA).decode()


def _found(text: str) -> list[tuple[str, bytes | str]]:
    return [(layer.encoding, layer.value) for layer in decode_text(text, Budget())]


@pytest.mark.parametrize(
    "text",
    [
        B64,
        base64.urlsafe_b64encode(DATA).decode(),
        B64.rstrip("="),
        base64.encodebytes(DATA * 4).decode(),
        base64.b64encode(b"?>?>?>~~~ and text").decode().replace("+", " "),
        f"Bearer {B64};",
        f"v1.{B64}",
        f"data:image/png;base64,{B64}",
    ],
)
def test_base64_is_read_in_every_variant_and_behind_any_prefix(text):
    assert [encoding for encoding, _ in _found(text)] == ["base64"]
    assert _found(text)[0][1] in {DATA, DATA * 4, b"?>?>?>~~~ and text"}


@pytest.mark.parametrize("data", [b"7c41e9d0b35fa286; ; ; A4:50:46:B1:22:33", b'{"imei": "867431059238179"}'])
def test_base64_is_read_from_its_end_where_that_makes_a_text(data):
    coded = base64.b64encode(data).decode()
    assert ("base64 reversed", data) in _found(coded[::-1])
    assert ("base64 reversed", data) in _found(coded.rstrip("=")[::-1])
    assert ("base64 reversed", data) in _found(f"v2:{coded.rstrip('=')[::-1]}")
    assert [encoding for encoding, _ in _found(coded)] == ["base64"]


@pytest.mark.parametrize(
    "letters", [LOWER + UPPER + string.digits, string.digits + UPPER + LOWER, string.digits + LOWER + UPPER]
)
def test_base64_is_read_whose_letters_are_in_another_order(letters):
    data = b'{"imei": "867431059238179", "n": "\xe5\xbc\xa0"}'
    coded = base64.b64encode(data).decode().translate(str.maketrans(UPPER + LOWER + string.digits, letters))
    assert ("base64 reordered", data) in _found(coded)
    assert ("base64 reordered", data) in _found(f"d={coded}&")
    other = base64.b64encode(bytes(range(99, 171))).decode()
    assert "base64 reordered" not in {encoding for encoding, _ in _found(other)}


@pytest.mark.parametrize("prefix", ["a", "ab", "abc", "v1_", "key-", "x/"])
def test_base64_glued_to_other_letters_is_read_from_where_it_begins(prefix):
    plain = base64.b64encode(b'{"imei": "867431059238179"}').decode()
    readings = [
        one.value
        for layer in decode_text(prefix + plain, Budget())
        for one in (layer, *layer.otherwise)
        if one.encoding == "base64"
    ]
    assert any(b'"imei": "867431059238179"}' in value for value in readings)


def test_hex_is_read_in_every_variant():
    for text in (DATA.hex(), DATA.hex().upper(), f"0x{DATA.hex()}", f"id_{DATA.hex()}", DATA.hex(" ")):
        assert [
            (one.encoding, one.value)
            for layer in decode_text(text, Budget())
            for one in (layer.otherwise or (layer,))
            if one.encoding == "hex"
        ] == [("hex", DATA)]


@pytest.mark.parametrize("between", [", ", ",", " ", ";"])
def test_codes_of_bytes_in_a_row_are_read(between):
    text = "imei=867431059238179 林"
    for signed in (False, True):
        codes = [one - 256 if signed and one > 127 else one for one in text.encode()]
        assert ("codes", text.encode()) in _found(between.join(map(str, codes)))
    assert not _found(between.join(map(str, [300, *text.encode()])))
    assert not _found(between.join(map(str, range(1, 20))))


def test_percent_signs_entities_and_escapes_are_undone():
    assert _found("a%20b") == [("percent", b"a b")]
    assert _found("&#34;x&amp;&#x4e16;") == [("html", '"x&世')]
    assert _found(r"\u4e16\x41\/\ud83d\ude00") == [("escape", "世A/😀")]
    assert ("base32", DATA) in [
        (one.encoding, one.value)
        for layer in decode_text(base64.b32encode(DATA).decode(), Budget())
        for one in (layer, *layer.otherwise)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ordinary words, and more",
        "550e8400-e29b-41d4-a716-446655440000",
        hashlib.md5(b"x").hexdigest(),
        hashlib.sha256(b"x").hexdigest().upper(),
        "internationalization",
        "com.example.application.MainActivity",
        "2026-11-23T10:11:12",
    ],
)
def test_ordinary_texts_and_digests_give_nothing_readable(text):
    assert not [layer for layer in decode_text(text, Budget()) if layer.opaque or layer.otherwise]
    assert not [value for _, value in _found(text) if isinstance(value, str) or value.isascii()]


def test_many_words_are_bounded():
    budget = Budget(work_left=100_000)
    decode_text("; ".join([B64] * 100_000), budget)
    assert budget.spent


def test_long_numbers_in_groups_are_joined():
    assert list(ungrouped(b"iccid=8986 0021 9347 5618 2040, x=867431-059238-179.")) == [
        b"89860021934756182040",
        b"867431059238179",
    ]
    assert list(ungrouped(b"on 2026-11-23 at 12")) == []
