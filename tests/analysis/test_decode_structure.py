from __future__ import annotations

import base64
import json

import pytest

from analyzer.analysis.decode_structure import (
    open_form,
    open_multipart,
    open_pairs,
    open_query,
    open_tokens,
    open_urls,
)


def _steps(children):
    return [(step, value) for step, _, value in children or ()]


def test_forms_and_queries_are_percent_decoded():
    assert _steps(open_form("a=1&b=x%20y+z", 9)) == [("form:a", "1"), ("form:b", "x y z")]
    assert _steps(open_query("%C3%A9=%FF&plain", "query")) == [("query:é", b"\xff"), ("query:", "plain")]
    assert open_form("a sentence = two words", 9) is None


def test_a_nested_field_is_called_after_its_innermost_name():
    found = open_form("user[phone][]=1&list[0][imei]=2&x[0]=3", 9) or []
    assert [(step, key) for step, key, _ in found] == [
        ("form:user[phone][]", "phone"),
        ("form:list[0][imei]", "imei"),
        ("form:x[0]", "x"),
    ]


def test_queries_and_fragments_of_every_url_are_given_and_taken_out_of_the_text():
    found = open_urls("see https://x.example/p?id=7#f=8 and app://open?u=9.")
    assert _steps(found.children) == [("query:id", "7"), ("fragment:f", "8"), ("query:u", "9.")]
    assert "7" not in found.rest
    assert _steps(open_urls("/path/x?a=1&b=2").children) == [("query:a", "1"), ("query:b", "2")]
    assert open_urls("no address, is it? no=yes") is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("k=v; k2=v2", [("pairs:k", "v"), ("pairs:k2", "v2")]),
        ('Digest user="bob", uri="/x"', [("pairs:user", "bob"), ("pairs:uri", "/x")]),
        ("imei:1,mac:aa:bb", [("pairs:imei", "1"), ("pairs:mac", "aa:bb")]),
        ("model: X\nos: 13\n", [("pairs:model", "X"), ("pairs:os", "13")]),
        ("zh-CN,zh;q=0.9", []),
        ("a sentence; with = one sign", []),
        ("{MMC=250, CID=20391}", [("pairs:MMC", "250"), ("pairs:CID", "20391")]),
        ("Device(imei=1, model=Pixel 6)", [("pairs:imei", "1"), ("pairs:model", "Pixel 6")]),
        ('ip: "1.2.3.4"\ndevice {\n  mac: "x"\n}\n', [("pairs:ip", "1.2.3.4"), ("pairs:mac", "x")]),
        ("12:30,13:45", []),
        ("aa:bb:cc:dd:ee:ff,bc:12:34:56:78:9a", []),
    ],
)
def test_lists_of_pairs_are_taken_apart_when_all_parts_are_pairs(text, found):
    assert _steps(open_pairs(text)) == found


def _token(claims: dict) -> str:
    parts = (json.dumps({"alg": "HS256"}).encode(), json.dumps(claims).encode(), b"\x01" * 32)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def test_tokens_give_header_and_claims():
    found = open_tokens(f"Bearer {_token({'sub': 'x?>'})}")
    assert _steps(found.children) == [("jwt:header", b'{"alg": "HS256"}'), ("jwt:claims", b'{"sub": "x?>"}')]
    assert open_tokens("eyJub3Q.a.token") is None


def test_parts_of_a_multipart_body_keep_their_names():
    body = (
        b'--b\r\nContent-Disposition: form-data; filename="c.png"; name="f"\r\n\r\n\x00\x01\r\n'
        b"--b\r\n\r\nbare\r\n"
        b"--b\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b"Content-Disposition: form-data; name=q\r\n\r\na=3D=\r\nb\r\n"
        b"--b--\r\n"
    )
    assert _steps(open_multipart(body, 9)) == [
        ("multipart:f#filename", b"c.png"),
        ("multipart:f", b"\x00\x01"),
        ("multipart:1", b"bare"),
        ("multipart:q", b"a=b"),
    ]
    assert _steps(open_multipart(body[:-20], 9))[:2] == _steps(open_multipart(body, 9))[:2]
    assert open_multipart(b"--just a dash\nand text", 9) is None


def test_a_boundary_inside_a_part_does_not_end_it():
    body = b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nx--b y\r\n--b--'
    assert _steps(open_multipart(body, 9)) == [("multipart:f", b"x--b y")]
