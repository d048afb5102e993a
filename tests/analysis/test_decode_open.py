from __future__ import annotations

import hashlib
import struct
import zlib

import pytest

from analyzer.analysis.decode_budget import Budget
from analyzer.analysis.decode_open import is_plain, open_binary, open_text


@pytest.mark.parametrize(
    "text", ["", "x", "hello world", "867431059238179", "Xiaomi", "MI 9 Pro", "31.2304", "zh_CN", "张三"]
)
def test_ordinary_short_values_are_plain(text):
    assert is_plain(text)
    assert open_text(text, text.encode(), Budget()) is None if text else True


@pytest.mark.parametrize("text", ["a=1", '{"a":1}', "a%20b", "MTM4MTIz", "x://y?a=1", "a;b=c", "0123456789abcdefXY"])
def test_what_may_be_opened_is_not_plain(text):
    assert not is_plain(text)


def test_hex_with_signs_between_is_opened_and_a_hardware_address_is_not():
    text = '{"imei": "867431059238179"}'
    for between in ":- ,":
        (layer,) = open_text(text.encode().hex(between), text.encode(), Budget()).layers
        assert (layer.encoding, layer.value) == ("hex", text.encode())
    assert open_text("00:00:5e:00:53:1d", b"00:", Budget()) is None


def test_a_message_that_reads_as_text_is_opened_and_kept():
    data = b"\n$550e8400-e29b-41d4-a716-446655440000"
    opened = open_text(data.decode(), data, Budget())
    assert opened.children == [("protobuf:1", "1", data[2:])]
    assert not opened.whole


def test_pictures_and_other_media_are_not_guessed_at():
    for magic in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"\0\0\0\x18ftypmp42"):
        assert open_binary(magic + bytes(range(256)), Budget()) is None


def test_random_bytes_are_opaque():
    opened = [open_binary(hashlib.sha512(b"%d" % seed).digest(), Budget()) for seed in range(300)]
    assert sum(one is not None and bool(one.children) for one in opened) <= 2


def test_documents_inside_foreign_bytes_are_found_and_the_bytes_kept():
    opened = open_binary(b'\x02\x00\xff\x10{"a": "x"}\x00\x07', Budget())
    assert (opened.children, opened.whole) == ([("json:$.a", "a", "x")], False)


def test_without_work_left_nothing_is_opened():
    budget = Budget(work_left=3)
    assert open_text("a=1&b=2", b"a=1&b=2", budget) is None
    assert open_binary(zlib.compress(b"a"), budget) is None
    assert budget.spent


def test_the_hint_of_a_frame_is_believed():
    assert open_binary(b"\x08\x01", Budget()) is None
    assert open_binary(b"\x08\x01", Budget(), "protobuf").children == [("protobuf:1", "1", "1")]
    assert open_binary(struct.pack(">I", 7) + b'{"a":1}', Budget()) is not None


def test_pairs_behind_commas_are_no_form_with_one_field():
    text = "host=10.0.0.68,port=8080,empty=,kind=x"
    opened = open_text(text, text.encode(), Budget())
    assert [(step, value) for step, _, value in opened.children] == [
        ("pairs:host", "10.0.0.68"),
        ("pairs:port", "8080"),
        ("pairs:kind", "x"),
    ]
    opened = open_text('data={"a=b":"c"}', b'data={"a=b":"c"}', Budget())
    assert opened.children == [("form:data", "data", '{"a=b":"c"}')]


def test_fields_between_control_characters_are_read():
    sent = b"imei=867431059238179\x01model=Pixel 6\x01phone=13816049257\x01"
    assert [layer.encoding for layer in open_binary(sent, Budget()).layers] == ["controls"]


def test_objects_of_scripts_are_read_as_json_is():
    for text in ("{imei: '867431059238179'}", "{'imei': '867431059238179', 'ok': True}"):
        assert ("json:$.imei", "imei", "867431059238179") in open_text(text, text.encode(), Budget()).children


def test_a_relative_address_may_end_with_the_line():
    opened = open_text("/dict/search?q=x\n", b"/dict/search?q=x\n", Budget())
    assert opened.children == [("query:q", "q", "x")]
