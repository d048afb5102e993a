from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable

import pytest
from corpus.score import packs
from detection import detect
from wire import IMEI, NULL, Wire, listed, missing, number, raw, text, thing

from analyzer.analysis.detect_network import MOST_PLACES, Watcher
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.placement import place_session
from analyzer.model.evidence import Blob, EvidenceRef
from analyzer.model.vocabulary import Direction, GapKind, LinkMethod, Party, Source, Tier

APPS = tuple(f"com.vendor{at}.app{at}" for at in range(8))
FRAMES = ("android.telephony.TelephonyManager.getImei(T.java:1)", "com.statflow.sdk.Probe.run(P.java:2)")


def _body(value: str) -> bytes:
    return json.dumps({"device": {"imei": value}, "ts": 1700000000}).encode()


def _raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-15)
    return stream.compress(data) + stream.flush()


def _protobuf(data: bytes) -> bytes:
    return b"\x08\x96\x01\x1a" + bytes([len(data) + 2]) + b"\x12" + bytes([len(data)]) + data


def _hashed(name: str) -> Callable[[bytes], bytes]:
    return lambda value: hashlib.new(name, value).hexdigest().encode()


def _plain(value: bytes) -> bytes:
    return value


MULTIPART = b'--x\r\nContent-Disposition: form-data; name="imei"\r\n\r\n%b\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("body", "path", "encodings"),
    [
        (_body(IMEI), "json:$.device.imei", ()),
        (gzip.compress(_body(IMEI), mtime=0), "json:$.device.imei", ("gzip",)),
        (zlib.compress(_body(IMEI)), "json:$.device.imei", ("zlib",)),
        (_raw_deflate(_body(IMEI)), "json:$.device.imei", ("deflate",)),
        (f"a=1&imei={IMEI}".encode(), "form:imei", ()),
        (b"d=" + base64.b64encode(_body(IMEI)), "form:d>json:$.device.imei", ("base64",)),
        (_protobuf(IMEI.encode()), "protobuf:3.2", ()),
        (MULTIPART % IMEI.encode(), "multipart:imei", ()),
        (_body(hashlib.md5(IMEI.encode()).hexdigest()), "json:$.device.imei", ("md5",)),
        (_body(hashlib.sha1(IMEI.encode()).hexdigest().upper()), "json:$.device.imei", ("sha1",)),
        (_body(hashlib.sha256(IMEI.encode()).hexdigest()), "json:$.device.imei", ("sha256",)),
        (hashlib.sha256(IMEI.encode()).digest(), "raw", ("sha256",)),
        (base64.b64encode(hashlib.sha256(IMEI.encode()).digest()), "raw", ("base64", "sha256")),
        (_body(IMEI.encode().hex()), "json:$.device.imei", ("hex",)),
    ],
)
def test_a_value_that_a_hook_returned_is_found_once_in_every_disguise(body, path, encodings):
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=FRAMES)
    wire.request(2, body)
    detected = detect(wire)
    assert detected.seen() == [("id.imei", "body", path, encodings)]
    assert detected.sent[0].value == IMEI
    assert [(link.event, link.method) for link in detected.links] == [("1-accept/events/2", LinkMethod.VALUE)]


def test_a_number_that_only_looks_like_the_value_is_not_reported():
    wire = Wire(persona={"id.imei": (IMEI,), "person.phone": ("+8613800138000",)})
    wire.request(1, json.dumps({"order": "867431059238178", "time": 1380013800012, "imei": "867431059238170"}).encode())
    assert detect(wire).seen() == []


def test_three_places_that_carry_values_are_told_apart():
    wire = Wire(persona={"id.imei": (IMEI,)})
    headers = (("X-Device", IMEI), ("Cookie", f"a=1; did={IMEI}"))
    wire.request(1, target=f"/d/{IMEI}/x?q={IMEI}", headers=headers)
    seen = [(where, path) for _, where, path, _ in detect(wire).seen()]
    assert seen == [("cookie", "cookie:did"), ("header", "header:X-Device"), ("query", "query:q"), ("url", "path:2")]


def test_an_app_list_counts_from_three_packages_and_is_one_observation():
    wire = Wire()
    packages = listed(*(thing("android.content.pm.PackageInfo", package=text(name)) for name in APPS))
    wire.call("packages.installed", 1, packages)
    wire.request(2, json.dumps({"x": [APPS[0], APPS[1]]}).encode())
    wire.request(3, json.dumps({"apps": [{"p": name} for name in APPS]}).encode())
    detected = detect(wire)
    assert detected.seen() == [("dev.installed_apps", "body", "json:$.apps", ())]
    assert "8 different items" in detected.sent[0].reasoning


def test_the_apps_own_name_makes_no_list_of_apps():
    own, *others = ("com.example.own", "com.vendor.one", "org.other.two", "cn.third.app")
    wire = Wire(package=own)
    wire.request(1, json.dumps({"apps": [own, *others[:2]]}).encode())
    wire.request(2, json.dumps({"apps": [own, *others]}).encode())
    assert [(one.data_type, one.flow_index) for one in detect(wire).sent] == [("dev.installed_apps", 1)]


def test_a_place_needs_latitude_and_longitude_side_by_side():
    wire = Wire()
    where = thing("android.location.Location", latitude=number("31.230437"), longitude=number("121.473719"))
    wire.call("location.last", 1, where)
    wire.request(2, b'{"price": 31.23, "pos": {"lat": 31.2304, "lng": 121.4737}}')
    wire.request(3, b'{"lat": 31.230437}')
    wire.request(4, b"at=31.230437%2C121.473719")
    detected = detect(wire)
    assert detected.seen() == [
        ("loc.precise", "body", "json:$.pos", ()),
        ("loc.precise", "body", "form:at", ()),
    ]
    assert {one.value for one in detected.sent} == {"31.230437,121.473719"}


def test_a_salted_digest_and_an_encrypted_body_are_followed_through_the_crypto_calls():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI))
    salted = hashlib.sha256(b"pepper" + IMEI.encode()).digest()
    wire.call(
        "crypto.digest", 2, raw(salted), this=thing(algorithm=text("SHA-256"), input=raw(b"pepper" + IMEI.encode()))
    )
    secret = bytes(range(200, 248))
    plain = json.dumps({"id": salted.hex()}).encode()
    algorithm = text("AES/CBC/PKCS5Padding")
    wire.call(
        "crypto.cipher", 3, raw(secret), this=thing(algorithm=algorithm, input=raw(plain), operation=text("encrypt"))
    )
    wire.request(4, json.dumps({"sid": salted.hex()}).encode())
    wire.request(5, base64.b64encode(b"0123456789abcdef" + secret))
    detected = detect(wire)
    assert detected.seen() == [
        ("id.imei", "body", "json:$.sid", ("sha256 salted",)),
        ("id.imei", "body", "raw", ("base64", "aes", "sha256 salted")),
    ]
    assert [(link.event, link.method) for link in detected.links] == [("1-accept/events/1", LinkMethod.CRYPTO)] * 2


def test_the_signature_of_a_long_message_is_no_disguised_value():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI))
    message = b"x" * 300 + IMEI.encode()
    wire.call(
        "crypto.digest", 2, raw(hashlib.md5(message).digest()), this=thing(algorithm=text("MD5"), input=raw(message))
    )
    wire.request(3, f"sign={hashlib.md5(message).hexdigest()}".encode())
    assert detect(wire).seen() == []


def test_an_answer_never_makes_a_transmission():
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.response(wire.request(1), 2, _body(IMEI))
    flow = wire.request(3)
    wire.message(flow, 4, _body(IMEI), Direction.RECEIVED)
    wire.message(flow, 5, _body(IMEI))
    found = [(one.where, one.tier) for one in detect(wire).sent]
    assert found == [
        ("response", Tier.DECLARED),
        ("response", Tier.DECLARED),
        ("message", Tier.TRANSMITTED),
    ]


def test_a_contact_in_a_body_is_not_also_a_telephone_number_of_the_user():
    wire = Wire(persona={"comm.contacts": ('{"name":"周慕白","phone":"+8613800138471"}',)})
    wire.request(1, '{"people": [{"name": "周慕白", "phone": "13800138471"}]}'.encode())
    assert [kind for kind, *_ in detect(wire).seen()] == ["comm.contacts"]


def test_a_value_known_under_two_types_is_reported_under_the_one_that_was_read():
    wire = Wire(persona={"person.email": ("lin@mail.example",)})
    wire.call("accounts.list", 1, listed(thing(name=text("lin@mail.example"), type=text("com.google"))))
    wire.request(2, b'{"id": "lin@mail.example"}')
    assert [kind for kind, *_ in detect(wire).seen()] == ["dev.accounts"]


def test_a_value_inside_a_longer_known_value_is_not_reported_besides():
    wire = Wire(persona={"person.name": ("林砚秋",), "misc.clipboard": ("取件码 7-3-9461，联系林砚秋",)})
    wire.request(1, '{"t": "取件码 7-3-9461，联系林砚秋"}'.encode())
    assert [kind for kind, *_ in detect(wire).seen()] == ["misc.clipboard"]


def test_a_body_that_is_missing_leaves_a_gap():
    wire = Wire()
    wire.request(1, blob=Blob("bodies/x", "0" * 64, 10))
    assert [gap.kind for gap in detect(wire).gaps] == [GapKind.BODY_MISSING]


def test_sender_and_recipient_of_an_unknown_sdk_are_named():
    wire = Wire()
    wire.call("telephony.imei", 1, text(IMEI), frames=FRAMES)
    wire.call("net.connect", 1.5, this=thing(local_port=number("40123")), frames=FRAMES)
    wire.request(2, _body(IMEI), port=40123)
    one = detect(wire).sent[0]
    assert one.sdk is not None
    assert one.recipient is not None
    assert (one.sdk.id, one.recipient.registrable_domain, one.recipient.party, one.tier) == (
        "com.statflow",
        "statflow.example",
        Party.THIRD,
        Tier.TRANSMITTED_THIRD_PARTY,
    )


def test_a_request_that_is_full_of_one_value_is_told_in_bounds_and_hides_no_other():
    wire = Wire(persona={"id.imei": (IMEI,), "id.android_id": ("7c41e9d0b35fa286",)})
    headers = [(f"x-{at}", f"v {IMEI}") for at in range(MOST_PLACES + 1)]
    wire.request(1, b"7c41e9d0b35fa286", headers=tuple(headers))
    detected = detect(wire)
    assert Counter(one.data_type for one in detected.sent) == {"id.imei": MOST_PLACES, "id.android_id": 1}
    assert [gap.kind for gap in detected.gaps] == [GapKind.DECODE_LIMIT]
    assert f"{MOST_PLACES + 1} places" in detected.gaps[0].why


def test_the_bounds_of_tables_and_paths_are_gaps():
    wire = Wire()
    wire.request(1, f"x imei={IMEI} \n".encode() * 201)
    wire.request(2, b"", target="/a" * 1001)
    assert [gap.kind for gap in detect(wire).gaps] == [GapKind.DECODE_LIMIT] * 2


def test_nothing_known_means_nothing_found():
    wire = Wire()
    wire.call("telephony.imei", 1, NULL)
    wire.request(2, _body(IMEI[:-1] + "1"))
    assert detect(wire).seen() == []


def test_a_value_in_several_parts_of_a_request_is_told_once_in_each_with_its_own_path():
    wire = Wire(persona={"id.imei": (IMEI,)})
    headers = (("X-First", IMEI), ("Cookie", f"a={IMEI}"), ("X-Last", IMEI))
    wire.request(1, _body(IMEI), target=f"/v1?q={IMEI}", headers=headers)
    assert sorted((one.where, one.path) for one in detect(wire).sent) == [
        ("body", "json:$.device.imei"),
        ("cookie", "cookie:a"),
        ("header", "header:X-First"),
        ("header", "header:X-Last"),
        ("query", "query:q"),
    ]


def _watcher(serial: str) -> Watcher:
    terms = packs()
    known = gather_indicators("com.example.app", {"id.serial": (serial,)}, (), terms.catalog, terms.taxonomy)
    return Watcher(known, terms.taxonomy, place_session(Wire().session()), missing, "com.example.app")


def _looked(watcher: Watcher, body: bytes, *, answer: bool = False) -> list[tuple[str, str]]:
    wire = Wire()
    if answer:
        wire.response("f1", 2, body)
    else:
        wire.request(1, body)
    seen = watcher.look(EvidenceRef("1-accept", Source.FLOWS, 1), wire.flows[0])
    return [(one.data_type, one.path) for one in seen.observations]


def test_half_a_letter_beside_a_picture_hides_nothing():
    body = b'{"photo": "\\ud800", "deviceId": "%s"}' % IMEI.encode()
    assert _looked(_watcher("PLK7Q2X94M1T"), body) == [("id.imei", "json:$.deviceId")]


def test_a_digest_of_joined_values_is_known_in_requests_and_in_answers():
    digest = hashlib.md5(b"PLK7Q2X94M1T_com.example.app").hexdigest()
    for answer in (False, True):
        body = json.dumps({"h": digest, "events": [{"n": at} for at in range(40)]}).encode()
        assert _looked(_watcher("PLK7Q2X94M1T"), body, answer=answer) == [("id.serial", "json:$.h")]


def test_what_came_before_changes_nothing():
    apps = ["com.tencent.mm", "com.sina.weibo", "org.telegram.messenger", "com.taobao.taobao"]
    body = json.dumps({"d": {"apps": apps}}).encode()
    fresh = _looked(_watcher("PLK7Q2X94M1T"), body)
    assert fresh == [("dev.installed_apps", "json:$.d.apps")]
    watcher = _watcher("PLK7Q2X94M1T")
    for before in (
        {"apps": apps, "mail": "a@mail.example"},
        {"columns": 1, "rows": apps},
        {"apps": ["PLK7Q2X94M1T"] * 80},
    ):
        _looked(watcher, json.dumps(before).encode())
        _looked(watcher, json.dumps({**before, "w": [f"w{at}" for at in range(20_000)]}).encode(), answer=True)
        assert _looked(watcher, body) == fresh
