from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.codec.har_body import base64_bytes, encoded_pairs, named_pairs, request_body, response_body, text_bytes

BINARY = bytes(range(256))


def body(post, *headers, **rest):
    return request_body({"postData": post, **rest}, headers)


@pytest.mark.parametrize(
    "request_",
    [
        {"postData": {"text": base64.b64encode(BINARY).decode(), "encoding": "base64"}},
        {"postData": {"text": base64.b64encode(BINARY).decode(), "_encoding": "BASE64"}},
        {"postData": {"text": base64.urlsafe_b64encode(BINARY).decode().rstrip("="), "encoding": "base64"}},
        {"_content": {"text": base64.b64encode(BINARY).decode(), "encoding": "base64"}},
        {
            "postData": {"text": "damaged \ufffd"},
            "_content": {"text": base64.b64encode(BINARY).decode(), "encoding": "base64"},
        },
        {"postData": {"text": BINARY.decode("latin-1"), "mimeType": "application/octet-stream"}},
        {"postData": {"text": BINARY.decode("latin-1")}, "bodySize": 256},
        {"postData": {"text": BINARY.decode("utf-8", "surrogateescape")}},
        {"postData": BINARY.decode("latin-1"), "bodySize": 256},
        {"postData": {"text": list(BINARY), "mimeType": "application/octet-stream"}},
    ],
)
def test_the_bytes_of_a_binary_body_survive_every_spelling(request_):
    found = request_body(request_, ())
    assert (found.data, found.size, found.truncated) == (BINARY, 256, False)


@settings(derandomize=True, max_examples=100)
@given(st.binary(min_size=1, max_size=60))
def test_bytes_spelt_as_latin_1_come_back_when_the_length_is_known(data):
    assert text_bytes(data.decode("latin-1"), "", len(data)) == data


@pytest.mark.parametrize(
    ("text", "kind"), [("café", "text/plain"), ("中文", "application/json"), ("plain", ""), ("é", "")]
)
def test_text_is_utf_8_unless_something_speaks_against_it(text, kind):
    assert text_bytes(text, kind, 0) == text.encode()


def test_text_that_was_read_in_the_wrong_charset_is_put_right():
    assert text_bytes("张三".encode().decode("latin-1"), "application/json", 0) == "张三".encode()


def test_a_declared_charset_counts_when_the_length_agrees():
    text = "姓名=张三"
    assert text_bytes(text, "text/plain; charset=GBK", len(text.encode("gbk"))) == text.encode("gbk")
    assert text_bytes(text, "text/plain; charset=GBK", 0) == text.encode()
    assert text_bytes(text, "text/plain; charset=nonsense", 3) == text.encode()


@pytest.mark.parametrize(
    ("text", "kind", "data"),
    [
        ({"imei": "867431059238179"}, "application/json", b'{"imei": "867431059238179"}'),
        ([1, 2], "application/json", b"[1, 2]"),
        ([1, 2000], "", b"[1, 2000]"),
        (["名"], "", '["名"]'.encode()),
    ],
)
def test_a_body_that_was_written_as_a_document_is_none_the_less_kept(text, kind, data):
    assert body({"text": text, "mimeType": kind}).data == data


def test_a_form_of_which_only_the_parameters_were_kept_is_written_anew():
    params = [
        {"name": "phone", "value": "+8613800138000"},
        {"name": "名", "value": "a b"},
        {"name": "done", "value": "a%20b"},
    ]
    found = body({"mimeType": "application/x-www-form-urlencoded", "params": params})
    assert found.data == b"phone=%2B8613800138000&%E5%90%8D=a%20b&done=a%20b"


def test_a_multipart_body_of_which_only_the_parameters_were_kept_is_written_anew():
    params = [
        {"name": "id", "value": "9774d56d682e549c"},
        {"name": "f", "fileName": "a.txt", "contentType": "text/plain", "value": "x"},
    ]
    found = body({"mimeType": "multipart/form-data; boundary=XX", "params": params, "text": ""})
    assert found.data == (
        b'--XX\r\nContent-Disposition: form-data; name="id"\r\n\r\n9774d56d682e549c\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n'
        b"--XX--\r\n"
    )


def test_a_body_that_is_only_announced_is_missing_and_says_so():
    assert (body(None, bodySize=12).size, body(None, bodySize=12).truncated) == (12, True)
    assert body(None, ("Content-Length", "7")).truncated
    assert not body(None, bodySize=-1).truncated
    assert not body({"text": ""}).truncated


def test_the_body_of_a_response_is_kept_as_the_capture_has_it():
    gzipped = (("content-encoding", "gzip"),)
    assert response_body({"content": {"text": "plain", "size": 5}}, gzipped).data == b"plain"
    assert response_body({"content": {"text": "AAE=", "encoding": "base64"}}, ()).data == b"\x00\x01"
    missing = response_body({"content": {"size": 99}}, ())
    assert (missing.size, missing.data, missing.truncated) == (99, b"", True)
    assert response_body({}, ()).size == 0


def test_base64_is_read_leniently_and_refused_when_it_is_none():
    assert base64_bytes(" AA\r\nE ") == b"\x00\x01"
    assert base64_bytes("a{b") is None
    assert base64_bytes("aaaaa") is None


def test_pairs_are_read_from_every_shape_of_list():
    assert named_pairs([{"name": "a", "value": 1}, ["b", None], {"x": 1}, 5, {"name": "c", "value": True}]) == [
        ("a", "1"),
        ("b", ""),
        ("c", "true"),
    ]
    assert named_pairs({"a": "b"}) == [("a", "b")]
    assert named_pairs("x") == []
    assert encoded_pairs([("q", "a&b")]) == "q=a%26b"
