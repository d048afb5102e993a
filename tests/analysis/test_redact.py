from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.analysis.indicators import Known, derive
from analyzer.analysis.redact import Redactor

IMEI = "867431059238179"
MAIL = "yan.qiu@mail.example"
NAME = "林砚秋"
PLACE = Known("loc.precise", "31.230437,121.473719", (("lat", "31.230437"), ("lon", "121.473719")))


def named(data_type: str, value: str) -> str:
    return f"[{data_type}#{hashlib.sha256(value.encode()).hexdigest()[:8]}]"


def redactor(*values: tuple[str, str]) -> Redactor:
    known = [Known("id.imei", IMEI), Known("person.email", MAIL), Known("person.name", NAME), PLACE]
    return Redactor([form for one in known for form in derive(one)], values, named)


KNOWN = redactor()
OF_IMEI = named("id.imei", IMEI)


def forms(value: str) -> dict[str, str]:
    raw = value.encode()
    return {
        "plain": value,
        "base64": base64.b64encode(raw).decode(),
        "base64 of more": base64.b64encode(b"imei=" + raw + b";v=1").decode(),
        "base64 twice": base64.b64encode(base64.b64encode(b"x" + raw)).decode(),
        "hex": raw.hex(),
        "md5": hashlib.md5(raw).hexdigest(),
        "SHA-1": hashlib.sha1(raw).hexdigest().upper(),
        "sha256": hashlib.sha256(raw).hexdigest(),
        "sha512 in base64": base64.b64encode(hashlib.sha512(raw).digest()).decode(),
        "percent": "".join(f"%{byte:02X}" for byte in raw),
        "gzip in base64": base64.b64encode(gzip.compress(b'{"a":"' + raw + b'"}')).decode(),
        "zlib in hex": zlib.compress(b'{"a":"' + raw + b'"}').hex(),
    }


@pytest.mark.parametrize("form", forms(IMEI))
def test_a_value_goes_in_every_form_and_its_name_is_the_same(form):
    written = forms(IMEI)[form]
    made = KNOWN.text(f'{{"d": "{written}", "v": 1}}')
    assert written not in made
    assert made == f'{{"d": "{OF_IMEI}", "v": 1}}'


@pytest.mark.parametrize("value", [MAIL, NAME])
def test_text_of_any_script_goes_too(value):
    for written in list(forms(value).values())[:10:2]:
        assert written not in KNOWN.text(f"a {written} b")


def test_what_is_no_personal_value_stays():
    text = "GET https://api.example:443/v1/items?page=12&id=1234567890 HTTP/1.1 x8674310 com.example.Main mail.example"
    assert KNOWN.text(text) == text


def test_a_place_has_one_name_for_both_its_numbers_and_for_finer_ones():
    place = named("loc.precise", PLACE.text)
    assert KNOWN.text('{"lat":31.230437,"lon":121.473719}') == f'{{"lat":{place},"lon":{place}}}'
    assert KNOWN.name("loc.precise", '{"lat":31.230437,"lon":121.473719}') == place
    assert "31.23043712" not in KNOWN.text("31.23043712,121.47371999")


def test_a_value_that_only_shapes_or_names_gave_away_is_replaced_as_well():
    phone = "+8613816049257"
    found = redactor(("person.phone", phone))
    assert found.text(f"to {phone}") == f"to {named('person.phone', phone)}"
    assert hashlib.md5(phone.encode()).hexdigest() not in found.text(hashlib.md5(phone.encode()).hexdigest())


def test_a_short_value_is_replaced_only_in_the_record_where_it_was_seen():
    seen = (("person.gender", "f"),)
    assert KNOWN.record("sex=f&of=few", seen) == f"sex={named('person.gender', 'f')}&of=few"
    assert KNOWN.record("sex=f&of=few", ()) == "sex=f&of=few"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("t=31059238179&v=1", f"t={OF_IMEI}&v=1"),
        ("x867431059", f"x{OF_IMEI}"),
        ("867-4310592", f"867-{'4310592'}"),
        ("t=1059238", "t=1059238"),
    ],
)
def test_a_part_of_eight_letters_and_digits_goes_and_a_shorter_one_stays(text, made):
    assert KNOWN.text(text) == made


def test_a_part_goes_within_what_can_be_decoded_and_withholds_what_is_binary():
    assert base64.b64encode(b"tail=59238179;").decode() not in KNOWN.text(base64.b64encode(b"tail=59238179;").decode())
    assert KNOWN.data(b"\x00\xff59238179\x01\xfe") == f"[withheld: 12 bytes {OF_IMEI}]".encode()


def test_a_value_that_holds_a_part_of_another_has_its_own_name():
    phone = "+8613816049257"
    found = redactor(("person.phone", phone), ("id.other", "1604925700"))
    assert (
        found.text("a=16049257 b=1604925700") == f"a={named('person.phone', phone)} b={named('id.other', '1604925700')}"
    )


def test_one_value_has_one_name_whatever_it_is_taken_for():
    assert KNOWN.name("id.serial", IMEI) == OF_IMEI
    assert KNOWN.name("id.serial", "another one") == KNOWN.name("id.imei", "another one")


def test_a_compressed_body_is_opened_and_closed_again():
    body = json.dumps({"imei": IMEI, "n": 3}).encode()
    made = KNOWN.data(gzip.compress(body))
    assert json.loads(gzip.decompress(made)) == {"imei": OF_IMEI, "n": 3}
    assert KNOWN.data(gzip.compress(body)) == made
    assert zlib.decompress(KNOWN.data(zlib.compress(body))) == gzip.decompress(made)


def test_binary_data_with_a_value_in_it_is_withheld_and_says_whose():
    body = b"\x00\x01\x0f" + IMEI.encode() + b"\xff\xfe\x00"
    assert KNOWN.data(body) == f"[withheld: {len(body)} bytes {OF_IMEI}]".encode()


def test_binary_data_that_was_seen_to_hold_something_is_withheld_even_where_we_cannot_tell_what():
    body = b"\x00\x01\x0f\xff\xfe\x00" * 9
    assert KNOWN.data(body) == body
    assert KNOWN.data(body, (("person.name", "x"),)).startswith(b"[withheld: 54 bytes")


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_surrounding_brings_a_value_through(before, after):
    made = KNOWN.text(f"{before} {IMEI} {after}")
    assert IMEI not in made
    assert "id.imei" in made


@given(st.binary(max_size=200))
def test_any_bytes_are_taken(data):
    assert isinstance(KNOWN.data(data), bytes)


def test_a_place_that_was_only_seen_goes_as_two_numbers_too():
    found = redactor(("loc.precise", "52.235290,10.564191"))
    place = named("loc.precise", "52.235290,10.564191")
    assert found.text('{"a":52.235290,"b":[10.564191]}') == f'{{"a":{place},"b":[{place}]}}'
    seen = (("loc.coarse", "5.25,1.05"),)
    assert KNOWN.record("la=5.2500&lo=1.05&v=15.25", seen).count("[loc.coarse#") == 2
    assert "v=15.25" in KNOWN.record("la=5.2500&lo=1.05&v=15.25", seen)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("geo=%7B%22country%22%3A%22DE%22%7D", "DE"),
        ("name=Jos%C3%A9+Cruz&x=1", "José Cruz"),
        ("name=Jos%C3%A9%20Cruz&x=1", "José Cruz"),
        ('{"n":"Jos\\u00e9 Cruz"}', "José Cruz"),
        ('{"d":"' + base64.b64encode(b'{"lang":"en-US","n":1}').decode() + '"}', "en-US"),
    ],
)
def test_a_common_value_is_found_in_every_spelling_of_the_record(text, value):
    made = KNOWN.record(text, (("dev.os_locale", value),))
    assert "dev.os_locale#" in made
    assert [one for one in (value, "DE", "C3%A9", "u00e9", "ImVuLVVTIi") if one in made] == []


def test_a_list_of_which_not_every_item_is_known_is_withheld():
    seen = (("comm.contacts", "Ada, Bob, Cyd, Dan, Eve and 2 more"),)
    body = b'["Ada","Bob","Cyd","Dan","Eve","Fay","Gus"]'
    assert b"Fay" not in KNOWN.data(body, seen)
    assert "Fay" not in KNOWN.record(body.decode(), seen)
    known = (("comm.contacts", f"{IMEI}, {MAIL} and 1 more"),)
    assert KNOWN.record(f"{NAME} {IMEI}", known) == f"{named('person.name', NAME)} {OF_IMEI}"
