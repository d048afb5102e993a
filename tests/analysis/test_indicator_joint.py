from __future__ import annotations

import hashlib
import json
import pickle
from functools import cache

import pytest
from wire import taxonomy

from analyzer.analysis.decode import Budget, Leaf, decode
from analyzer.analysis.detect_known import detect_known
from analyzer.analysis.indicator_joint import join
from analyzer.analysis.indicators import Known, compile_indicators, derive
from analyzer.analysis.matching import Moment
from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where

REF = EvidenceRef("r", Source.FLOWS, 1)
NOW = Moment("r", Instant(1000, "proxy", 1))
APP = "com.example.app"
IMEI, ANDROID_ID, MAC, PHONE = "867431059238179", "7c41e9d0b35fa286", "3c:91:57:a2:4b:e6", "+8613816049257"
KNOWN = (
    Known("id.imei", IMEI),
    Known("id.android_id", ANDROID_ID),
    Known("id.mac_wifi", MAC),
    Known("person.phone", PHONE),
    Known("loc.precise", "1, 2", (("lat", "1"), ("lon", "2"))),
)


@cache
def indicators(known=KNOWN):
    forms = [one for each in known for one in derive(each)]
    return pickle.loads(pickle.dumps(compile_indicators(forms, join(APP, known, taxonomy()))))


def seen(body: bytes, known=KNOWN):
    leaves = list(decode(Leaf(REF, Where.BODY, "", "", body), Budget()))
    return detect_known(leaves, indicators(known), taxonomy(), NOW)


@pytest.mark.parametrize(
    ("joined", "types"),
    [
        (IMEI + MAC, {"id.imei", "id.mac_wifi"}),
        (MAC.replace(":", "").upper() + IMEI, {"id.imei", "id.mac_wifi"}),
        (f"{IMEI}_{ANDROID_ID}", {"id.imei", "id.android_id"}),
        (f"{ANDROID_ID}|{PHONE[3:]}|{IMEI}", {"id.imei", "id.android_id", "person.phone"}),
        (APP + ANDROID_ID, {"id.android_id"}),
        (f"{ANDROID_ID}-{IMEI}-{APP}", {"id.imei", "id.android_id"}),
    ],
)
@pytest.mark.parametrize("name", ["md5", "sha1", "sha256"])
def test_a_digest_of_values_that_are_joined_stands_for_each_of_them(joined, types, name):
    digest = hashlib.new(name, joined.encode())
    for body in (
        json.dumps({"device": digest.hexdigest()}).encode(),
        json.dumps({"device": digest.hexdigest().upper()}).encode(),
        b"\x0a\x0bAndroid 13!\x12" + bytes([digest.digest_size]) + digest.digest(),
    ):
        found = seen(body)
        assert {one.data_type for one in found} == types
        assert all(name in one.encodings and one.value in {IMEI, ANDROID_ID, MAC, PHONE} for one in found)


def test_the_reasoning_says_what_was_joined_and_how():
    body = json.dumps({"d": hashlib.md5(f"{IMEI}_{ANDROID_ID}".encode()).hexdigest()}).encode()
    android, imei = seen(body)
    words = "the MD5 of the IMEI and the Android ID, in this order with '_' between them, in lower-case hex"
    assert all(words in one.reasoning for one in (android, imei))


@pytest.mark.parametrize("foreign", ["x" + IMEI + MAC, IMEI + "+" + MAC, "", APP, IMEI[:-1] + MAC])
def test_any_other_digest_stands_for_nothing(foreign):
    body = json.dumps({"d": hashlib.md5(foreign.encode()).hexdigest()}).encode()
    assert seen(body) == []


def test_a_digest_inside_other_letters_is_none():
    assert seen(b'{"d": "%sab"}' % hashlib.md5((IMEI + MAC).encode()).hexdigest().encode()) == []


def test_what_explains_a_digest_with_fewer_values_is_told():
    odd = (Known("id.imei", IMEI), Known("id.serial", f"{MAC}{ANDROID_ID}"), *KNOWN[1:3])
    body = json.dumps({"d": hashlib.md5((IMEI + MAC + ANDROID_ID).encode()).hexdigest()}).encode()
    assert {one.data_type for one in seen(body, odd)} == {"id.imei", "id.serial"}


def test_without_such_a_value_nothing_is_joined():
    assert join(APP, KNOWN[4:], taxonomy()) is None


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        ("id.serial", "android"),
        ("id.serial", "123456"),
        ("id.gaid", "00000000-0000-0000-0000-000000000000"),
        ("id.mac_wifi", "02:00:00:00:00:00"),
        ("id.imei", "000000000000000"),
    ],
)
def test_what_millions_of_devices_have_is_not_joined(data_type, text):
    assert join(APP, [Known(data_type, text)], taxonomy()) is None


def test_all_digests_can_be_given_each_for_the_first_value_in_it():
    joint = join(APP, KNOWN, taxonomy())
    digest = hashlib.sha1(f"{ANDROID_ID}_{APP}".encode())
    told = {one.pattern: one.value for one in joint.all()}
    assert told[digest.hexdigest().encode()] == told[digest.digest()] == ANDROID_ID
