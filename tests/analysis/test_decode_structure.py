from __future__ import annotations

from analyzer.analysis.decode_structure import (
    header_fields,
    open_form,
    open_json,
    open_multipart,
    open_protobuf,
    open_query,
    open_url,
)


def _steps(children):
    return [(child.step, child.value) for child in children or ()]


def test_json_and_json_lines_open_and_other_texts_do_not():
    assert _steps(open_json('{"a": {"b": ["x"]}}', 9)) == [("json:$.a.b[0]", "x")]
    assert _steps(open_json('{"a": 1}\n{"a": 2}', 9)) == [("json:$[0].a", "1"), ("json:$[1].a", "2")]
    assert open_json("{oops", 9) is None
    assert open_json("[" * 100_000, 9) is None


def test_a_key_that_is_no_plain_name_may_itself_carry_data():
    assert ("json:$#key", "a@b.example") in _steps(open_json('{"a@b.example": 1}', 9))


def test_forms_and_queries_are_percent_decoded():
    assert _steps(open_form("a=1&b=x%20y+z")) == [("form:a", "1"), ("form:b", "x y z")]
    assert _steps(open_query("%C3%A9=%FF&plain", "query")) == [("query:é", b"\xff"), ("query:", "plain")]
    assert open_form("a sentence = two words") is None
    assert _steps(open_url("see https://x.example/p?id=7#f")) == [("query:id", "7")]


def test_parts_of_a_multipart_body_keep_their_names():
    body = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n\x00\x01\r\n--b\r\n\r\nbare\r\n--b--\r\n'
    assert _steps(open_multipart(body, 9)) == [("multipart:f", b"\x00\x01"), ("multipart:1", b"bare")]
    assert open_multipart(b"--just a dash\nand text", 9) is None


def test_protobuf_fields_are_numbered():
    assert _steps(open_protobuf(b"\x12\x02hi", 9)) == [("protobuf:2", b"hi")]


def test_cookies_are_taken_one_by_one():
    fields = list(header_fields((("X-A", "1"), ("Cookie", "a=1; b=2"))))
    assert fields == [("header", "X-A", "1"), ("cookie", "a", "1"), ("cookie", "b", "2")]
