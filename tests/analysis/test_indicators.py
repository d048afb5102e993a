from __future__ import annotations

import base64
import hashlib
import json
import pickle
import random
import struct
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire import taxonomy

from analyzer.analysis import indicator_forms, indicator_spellings
from analyzer.analysis.decode import Budget, Leaf, decode, decode_parts
from analyzer.analysis.detect_known import detect_known
from analyzer.analysis.indicators import Known, compile_indicators, derive
from analyzer.analysis.matching import Moment
from analyzer.analysis.sighting import Sighting
from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

REF = EvidenceRef("r", Source.FLOWS, 1)
NOW = Moment("r", Instant(1000, "proxy", 1))
SERIAL = Known("id.serial", "PLK7Q2X94M1T")


def test_a_model_of_several_words_is_found_where_it_is_all_of_a_field_and_elsewhere_under_its_name():
    known = compile_indicators(derive(Known("dev.hardware_profile", "Pixel 7 Pro")))
    body = json.dumps({"q": "Pixel 7 Pro", "t": "case for Pixel 7 Pro", "model": "Google Pixel 7 Pro (US)"}).encode()
    leaves = list(decode(Leaf(REF, Where.BODY, "", "", body), Budget()))
    found = {one.path for one in detect_known(leaves, known, taxonomy(), NOW)}
    assert found == {"json:$.q", "json:$.model"}


def _leaf(data: bytes) -> Leaf:
    return Leaf(REF, Where.BODY, "raw", "", data)


def _seen(known: Known, body: bytes) -> list[Sighting]:
    leaves = list(decode(Leaf(REF, Where.BODY, "", "", body), Budget()))
    return detect_known(leaves, compile_indicators(derive(known)), taxonomy(), NOW)


def _luhn(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 - at % 2), 10)) for at, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(count))


VALUES: dict[str, Callable[[random.Random], str]] = {
    "id.imei": lambda dice: _luhn("86" + _digits(dice, 12)),
    "id.iccid": lambda dice: "898600" + _digits(dice, 14),
    "id.mac_wifi": lambda dice: dice.randbytes(6).hex(":"),
    "id.android_id": lambda dice: f"{dice.randrange(1 << 63, 1 << 64):016x}",
    "id.gaid": lambda dice: "-".join(dice.randbytes(size).hex() for size in (4, 2, 2, 2, 6)),
    "id.serial": lambda dice: "".join(dice.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(12)),
    "id.account": lambda dice: (
        "".join(dice.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(6)) + dice.choice("23456789")
    ),
    "person.phone": lambda dice: f"+86138{_digits(dice, 8)}",
    "person.email": lambda dice: f"Q{dice.randbytes(3).hex()}.{dice.randbytes(3).hex()}+x@gmail.com",
    "person.name": lambda dice: "林" + "".join(dice.sample("砚秋慕白听澜云舟既明", 2)),
    "person.national_id": lambda dice: f"{_digits(dice, 17)}X",
    "fin.bank_account": lambda dice: _luhn("622202" + _digits(dice, 12)),
}


def _crc32(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def _adler32(data: bytes) -> int:
    low, high = 1, 0
    for byte in data:
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return high << 16 | low


def _java_hash(text: str) -> int:
    value = 0
    for char in text:
        value = (value * 31 + ord(char)) & 0xFFFFFFFF
    return value - (value >> 31 << 32)


def _hex(name: str) -> Callable[[str], str]:
    return lambda value: hashlib.new(name, value.encode()).hexdigest()


def _groups(value: str, *sizes: int, by: str = " ") -> str:
    at = 0
    parts = []
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return by.join(parts)


def _java_uuid(value: str) -> str:
    raw = bytearray(hashlib.md5(value.encode()).digest())
    raw[6] = raw[6] & 0x0F | 0x30
    raw[8] = raw[8] & 0x3F | 0x80
    return _groups(raw.hex(), 8, 4, 4, 4, 12, by="-")


Case = tuple[str, str, str, Callable[[str], object], tuple[str, ...]]
CASES: list[Case] = [
    ("_plain", "id.serial", "x", lambda value: value, ()),
    ("_cased", "id.serial", "x", lambda value: _hex("sha1")(value.lower()), ("sha1",)),
    ("written_digests", "id.imei", "x", _hex("md5"), ("md5",)),
    ("written_digests", "id.imei", "x", lambda value: _hex("md5")(value).upper(), ("md5",)),
    ("written_digests", "id.gaid", "x", lambda value: _hex("sha256")(value.upper()), ("sha256",)),
    ("written_digests", "id.gaid", "x", _hex("sha3_256"), ("sha3-256",)),
    ("written_digests", "person.phone", "x", lambda value: _hex("sha256")(value[3:]), ("sha256",)),
    ("written_digests", "id.android_id", "x", lambda value: _hex("sha1")(_hex("md5")(value)), ("sha1", "md5")),
    ("written_digests", "id.mac_wifi", "x", lambda value: _hex("md5")(value.replace(":", "").upper()), ("md5",)),
    ("written_digests", "id.android_id", "x", _java_uuid, ("uuid3",)),
    ("written_digests", "id.android_id", "x", lambda value: _hex("md5")(value)[8:24], ("md5-16",)),
    (
        "written_digests",
        "id.imei",
        "x",
        lambda value: base64.b64encode(hashlib.sha512(value.encode()).digest()).decode(),
        ("base64", "sha512"),
    ),
    (
        "written_digests",
        "id.imei",
        "x",
        lambda value: base64.urlsafe_b64encode(hashlib.sha1(value.encode()).digest()).decode().rstrip("="),
        ("base64", "sha1"),
    ),
    ("short_sums", "id.imei", "imei", lambda value: f"{_crc32(value.encode()):08x}", ("crc32",)),
    ("short_sums", "id.imei", "imei", lambda value: str(_crc32(value.encode())), ("crc32",)),
    ("short_sums", "id.imei", "imei", lambda value: str(_adler32(value.encode())), ("adler32",)),
    ("short_sums", "id.android_id", "androidId", _java_hash, ("java-hash",)),
    ("short_sums", "id.imei", "imei_crc32", lambda value: f"{_crc32(value.encode()):08x}", ("crc32",)),
    ("_long_number", "id.imei", "x", lambda value: value[:14], ()),
    ("_long_number", "id.imei", "x", lambda value: value[:14] + "42", ()),
    ("_long_number", "id.imei", "x", lambda value: _hex("md5")(value[:14]), ("md5",)),
    ("_grouped", "id.imei", "x", lambda value: _groups(value, 2, 6, 6, 1, by="-"), ("grouped digits",)),
    ("_grouped", "id.iccid", "x", lambda value: _groups(value, 4, 4, 4, 4, 4), ("grouped digits",)),
    ("_grouped", "fin.bank_account", "x", lambda value: _groups(value, 4, 4, 4, 4, 3), ("grouped digits",)),
    ("_hardware_address", "id.mac_wifi", "x", lambda value: value.replace(":", "-").upper(), ()),
    ("_hardware_address", "id.mac_wifi", "x", lambda value: _groups(value.replace(":", ""), 4, 4, 4, by="."), ()),
    ("_as_number", "id.android_id", "x", lambda value: str(int(value, 16)), ()),
    ("_as_number", "id.android_id", "x", lambda value: int(value, 16) - (1 << 64), ()),
    ("_by_kind", "id.gaid", "x", lambda value: _hex("md5")(value.replace("-", "")), ("md5",)),
    ("phone_spellings", "person.phone", "x", lambda value: f"0086-{_groups(value[3:], 3, 4, 4, by='-')}", ()),
    ("phone_spellings", "person.phone", "x", lambda value: _groups(value[3:], 3, 4, 4), ()),
    ("phone_spellings", "person.phone", "phone", lambda value: f"{value[3:6]}****{value[-4:]}", ()),
    (
        "_mail",
        "person.email",
        "x",
        lambda value: _hex("sha256")(value.lower().replace("+x", "").replace(".", "", 1)),
        ("sha256",),
    ),
    ("_name", "person.name", "x", lambda value: f"{value[1:]} {value[0]}", ()),
    ("_name", "person.name", "realname", lambda value: value[1:], ()),
    ("_all", "id.serial", "x", lambda value: value[::-1], ("reversed",)),
    ("_all", "person.national_id", "x", lambda value: _hex("md5")(value.lower()), ("md5",)),
    ("_short", "id.account", "x", lambda value: value.encode().hex(), ("hex",)),
]
NAMES = [f"{family}-{data_type}-{at}" for at, (family, data_type, *_) in enumerate(CASES)]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
@given(seed=st.integers(0, 1 << 32))
@settings(derandomize=True, max_examples=3, deadline=None)
def test_every_family_of_forms_is_found(case: Case, seed: int):
    _, data_type, key, encode, chain = case
    value = VALUES[data_type](random.Random(seed))
    seen = _seen(Known(data_type, value), json.dumps({"a": 1, key: encode(value), "z": "end"}).encode())
    assert {(one.data_type, one.value, one.path) for one in seen} == {(data_type, value, f"json:$.{key}")}
    assert chain is None or {one.encodings for one in seen} == {chain}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_family_that_is_switched_off_is_missed(case: Case, monkeypatch: pytest.MonkeyPatch):
    family, data_type, key, encode, _ = case
    home = indicator_forms if hasattr(indicator_forms, family) else indicator_spellings
    monkeypatch.setattr(home, family, lambda *_, **__: iter(()))
    value = VALUES[data_type](random.Random(7))
    assert _seen(Known(data_type, value), json.dumps({"a": 1, key: encode(value)}).encode()) == []


@given(seed=st.integers(0, 1 << 32))
@settings(derandomize=True, max_examples=8, deadline=None)
def test_other_peoples_values_and_random_tokens_are_not_found(seed: int):
    dice = random.Random(seed)
    for data_type, make in VALUES.items():
        known, other = make(dice), make(dice)
        others = [
            other,
            other.upper(),
            _hex("md5")(other),
            _hex("sha256")(other),
            dice.randbytes(16).hex(),
            known[: len(known) // 2],
        ]
        others += [f"x{known[1:-2]}", base64.b64encode(dice.randbytes(24)).decode(), str(dice.randrange(10**15))]
        assert (
            _seen(Known(data_type, known), json.dumps({f"key{at}": one for at, one in enumerate(others)}).encode())
            == []
        )


PLACE = Known("loc.precise", "31.230437,121.473719", (("lat", "31.230437"), ("lon", "121.473719")))


@pytest.mark.parametrize(
    ("lat", "lon", "chain"),
    [
        ("31.230437", "121.473719", ()),
        ("31.2304370000001", "121.473719", ()),
        ("31.230436325073242", "121.47371673583984", ()),
        ("31.23", "121.47", ()),
        ("31.2304", "121.4737", ()),
        (31230437, 121473719, ()),
        (312304370, 1214737190, ()),
        ("3113.82622", "12128.42314", ()),
    ],
)
def test_a_place_is_found_in_every_notation(lat, lon, chain):
    seen = _seen(PLACE, json.dumps({"p": {"lat": lat, "lng": lon}}).encode())
    found = {(one.data_type, one.value, one.path) for one in seen}
    assert found == {("loc.precise", "31.230437,121.473719", "json:$.p")}
    assert {one.encodings for one in seen} == {chain}


def test_a_place_on_a_chinese_map_is_found():
    known = Known("loc.precise", "39.911954,116.377817", (("lat", "39.911954"), ("lon", "116.377817")))
    for lat, lon in ((39.913345, 116.384047), (39.9133454553, 116.384047224), (39.913, 116.384)):
        assert [one.encodings for one in _seen(known, json.dumps({"y": lat, "x": lon}).encode())] == [("gcj-02",)]
    assert _seen(known, b'{"y": "39.913345", "x": "116.377817"}') == []


def test_a_place_in_binary_floats_is_found():
    body = b"\x9f\xfa\x00GPS" + struct.pack(">dd", 31.230437, 121.473719) + b"\x80\x81"
    assert [one.encodings for one in _seen(PLACE, body)] == [("float64 big-endian",)]


@pytest.mark.parametrize(
    ("lat", "lon"), [("31.240437", "121.473719"), ("31.2305", "121.4738"), ("-31.230437", "121.473719")]
)
def test_another_place_is_not_found(lat, lon):
    assert _seen(PLACE, json.dumps({"x": lat, "y": lon}).encode()) == []


def test_all_leaves_are_searched_in_one_pass_and_hits_stay_inside_their_leaf():
    indicators = compile_indicators(derive(SERIAL))
    leaves = [_leaf(b"PLK7Q2"), _leaf(b"X94M1T"), _leaf(b"x=PLK7Q2X94M1T;"), _leaf(b"")]
    hits = indicators.search(leaves, taxonomy())
    assert [(hit.leaf is leaves[2], hit.start, hit.end) for hit in hits] == [(True, 2, 14)]


def test_values_with_zero_bytes_do_not_match_across_leaves():
    indicators = compile_indicators(derive(Known("id.mac_wifi", "61:00:62:63:64:65")))
    assert not indicators.search([_leaf(b"a"), _leaf(b"bcde")], taxonomy())


def test_short_and_common_values_need_a_field_name():
    needs = {
        text: next(derive(Known(kind, text))).needs_key
        for kind, text in (("id.ip", "1.2.3"), ("id.imei", "867431059238179"))
    }
    assert needs == {"1.2.3": True, "867431059238179": False}
    assert next(derive(Known("dev.network_carrier", "China Mobile Lab"))).needs_key


@pytest.mark.parametrize("text", ["CN", "1", "Pixel 6"])
def test_the_digest_of_a_common_value_needs_a_field_name_too(text):
    known = Known("dev.hardware_profile", text)
    digest = hashlib.md5(text.encode()).hexdigest()
    assert _seen(known, json.dumps({"sign": digest}).encode()) == []
    assert [one.encodings for one in _seen(known, json.dumps({"model": digest}).encode())] == [("md5",)]


def test_a_user_agent_speaks_of_the_device():
    known = Known("dev.hardware_profile", "PL-K7Q2")
    leaf = Leaf(REF, Where.HEADER, "header:User-Agent", "User-Agent", b"Dalvik/2.1.0 (Linux; U; Android 13; PL-K7Q2)")
    indicators = compile_indicators(derive(known))
    assert [hit.found for hit in indicators.search([leaf], taxonomy())] == [b"PL-K7Q2"]


def test_indicators_travel_between_processes_and_find_the_same():
    indicators = compile_indicators([*derive(SERIAL), *derive(Known("id.ip", "1.2.3"))])
    again = pickle.loads(pickle.dumps(indicators))
    assert list(again.all()) == list(indicators.all())
    leaves = [_leaf(b"PLK7Q2X94M1T"), Leaf(REF, Where.BODY, "$.ip", "ip", b"1.2.3")]
    found = [(hit.start, hit.end, hit.indicator) for hit in indicators.search(leaves, taxonomy())]
    assert [(hit.start, hit.end, hit.indicator) for hit in again.search(leaves, taxonomy())] == found
    assert len({one.known.data_type for *_, one in found}) == 2


def test_one_of_very_many_values_has_fewer_forms():
    assert len(list(derive(SERIAL, fully=False))) < len(list(derive(SERIAL))) / 3


ANSWERS = [
    {"list": [{"id": at, "sn": "PLK7Q2X94M1T"} for at in range(3)], "more": "x"},
    {"list": [{"id": at, "name": "nothing"} for at in range(3)]},
    {"d": base64.b64encode(b"serial=PLK7Q2X94M1T").decode(), "e": 1},
    {"d": json.dumps({"sn": "plk7q2x94m1t"})},
    {"sn": "PLK7\\u005132X94M1T", "model": "K7", "v": "K7"},
    {"device": {"model": "K7"}, "list": ["K7", "K7"]},
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_what_decoding_leaves_out_of_answers_is_never_what_is_found(answer):
    known = [*derive(SERIAL), *derive(Known("dev.hardware_profile", "K7"))]
    indicators = compile_indicators(known)
    parts = [(Where.RESPONSE, "", "", json.dumps(answer).encode(), "")]
    plain, spared = Budget(), Budget()
    all_ = decode_parts(REF, parts, plain)
    some = decode_parts(REF, parts, spared, indicators.sought(taxonomy()))
    assert detect_known(some, indicators, taxonomy(), NOW) == detect_known(all_, indicators, taxonomy(), NOW)
    assert plain == spared
    assert set(some) <= set(all_)


def test_decoding_leaves_out_of_answers_what_holds_nothing_and_of_requests_nothing():
    body = json.dumps(ANSWERS[1]).encode()
    indicators = compile_indicators(derive(SERIAL))
    for where, count in ((Where.RESPONSE, 0), (Where.BODY, 6)):
        assert len(decode_parts(REF, [(where, "", "", body, "")], Budget(), indicators.sought(taxonomy()))) == count


def test_nothing_known_is_nothing_found():
    assert compile_indicators([]).search([_leaf(b"x")], taxonomy()) == []
