from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from dataclasses import replace

import pytest
from detection import detect
from wire import CATALOG, IMEI, Wire, raw, taxonomy, text, thing

from analyzer.analysis import indicators_crypto
from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.indicators import Known, Origin, derive
from analyzer.analysis.indicators_crypto import crypto_calls, derive_crypto, short_name
from analyzer.analysis.placement import place_session
from analyzer.model.clock import Instant
from analyzer.model.evidence import Value
from analyzer.model.vocabulary import GapKind


def _made(wire: Wire) -> list[tuple[bytes, tuple[str, ...]]]:
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    plain = list(derive(Known("id.imei", IMEI)))
    return [(one.pattern, one.chain) for one in derive_crypto(calls, CATALOG, taxonomy(), plain).indicators]


def test_the_output_of_a_digest_over_a_known_value_stands_for_the_value():
    wire = Wire()
    plain = hashlib.sha1(IMEI.encode()).digest()
    wire.call("crypto.digest", 1, raw(plain), this=thing(algorithm=text("SHA-1"), input=raw(IMEI.encode())))
    salted = hashlib.sha1(b"s:" + IMEI.encode()).digest()
    wire.call("crypto.digest", 2, raw(salted), this=thing(algorithm=text("SHA-1"), input=raw(b"s:" + IMEI.encode())))
    made = dict(_made(wire))
    assert made[plain] == ("sha1",)
    assert made[salted.hex().encode()] == ("sha1 salted",)


def test_a_digest_over_the_hex_of_another_has_no_salt():
    wire = Wire()
    inner = hashlib.md5(IMEI.encode()).hexdigest().upper().encode()
    outer = hashlib.sha1(inner).digest()
    wire.call("crypto.digest", 1, raw(outer), this=thing(algorithm=text("SHA-1"), input=raw(inner)))
    assert {chain for pattern, chain in _made(wire) if pattern == outer} == {("sha1", "md5")}


def test_a_short_value_is_known_behind_a_salt_that_touches_it():
    wire = Wire()
    session_key = hashlib.md5(b"brairkPLK7Q2X94M1T").digest()
    wire.call("crypto.digest", 1, raw(session_key), this=thing(algorithm=text("MD5"), input=raw(b"brairkPLK7Q2X94M1T")))
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    made = derive_crypto(calls, CATALOG, taxonomy(), list(derive(Known("id.serial", "PLK7Q2X94M1T")))).indicators
    assert (session_key, ("md5 salted",)) in [(one.pattern, one.chain) for one in made]


def test_a_list_in_a_ciphertext_keeps_the_calls_that_read_it():
    wire = Wire()
    apps = ("com.tencent.mm", "com.sina.weibo", "com.taobao.taobao")
    secret = bytes(range(32))
    source = raw(",".join(apps).encode())
    wire.call(
        "crypto.cipher", 5, raw(secret), this=thing(algorithm=text("AES"), input=source, operation=text("encrypt"))
    )
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    parts = tuple((f"{at}.package", name) for at, name in enumerate(apps))
    read = Origin("1/events/1", "1", Instant(0, "agent", 1))
    known = [
        Known("dev.installed_apps", "planted", tuple((str(at), name) for at, name in enumerate(apps))),
        Known("dev.installed_apps", "read", parts, (read,)),
    ]
    made = derive_crypto(calls, CATALOG, taxonomy(), [one for item in known for one in derive(item)]).indicators
    assert {one.known.origins for one in made} == {(read,)}


def test_decryption_and_calls_without_bytes_are_left_out():
    wire = Wire()
    secret = raw(b"0123456789abcdef")
    back = thing(algorithm=text("AES"), input=raw(IMEI.encode()), operation=text("decrypt"))
    wire.call("crypto.cipher", 1, secret, this=back)
    wire.call("crypto.cipher", 2, secret)
    wire.call("crypto.cipher", 3, None, this=thing(algorithm=text("AES"), input=raw(IMEI.encode())))
    session = wire.session()
    assert crypto_calls(resolve_calls(session, place_session(session)), CATALOG) == ()


DOCUMENT = b'{"device": {"imei": "%s"}}' % IMEI.encode()


def _deflated(wire: Wire, at: float) -> bytes:
    """Compress a document with a dictionary that only the app and its server know."""
    packer = zlib.compressobj(wbits=-15, zdict=b'{"device": {"imei": "86')
    packed = packer.compress(DOCUMENT) + packer.flush()
    wire.call("crypto.deflate", at, raw(packed), this=thing(algorithm=text("deflate"), plain=raw(DOCUMENT)))
    return packed


def _encoded(wire: Wire, at: float, plain: bytes) -> str:
    coded = base64.b64encode(plain).decode()
    wire.call("crypto.base64", at, text(coded), arguments=(raw(plain),))
    return coded


def test_a_value_in_a_compression_of_the_apps_own_is_found_and_explained():
    wire = Wire(persona={"id.imei": (IMEI,)})
    packed = _deflated(wire, 1)
    wire.request(3, b"d=" + base64.urlsafe_b64encode(packed))
    found = detect(wire)
    (sent,) = (one for one in found.sent if one.data_type == "id.imei")
    assert sent.encodings == ("base64", "deflate")
    assert "deflate (seen being made by a call that encodes), inside base64" in sent.reasoning
    assert [link.event for link in found.links] == ["1-accept/events/1"]


def test_a_value_in_base64_that_the_app_alters_is_found_by_the_call_that_made_it():
    wire = Wire(persona={"id.imei": (IMEI,)})
    coded = _encoded(wire, 2, _deflated(wire, 1))
    wire.request(3, f"x9;{coded[:-1]}!{coded}".encode())
    (sent,) = (one for one in detect(wire).sent if one.data_type == "id.imei")
    assert sent.encodings[-2:] == ("base64", "deflate")


def test_an_encoding_that_anybody_reads_is_told_once_and_by_what_stands_in_it():
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.request(3, f"d={_encoded(wire, 1, DOCUMENT)}".encode())
    (sent,) = (one for one in detect(wire).sent if one.data_type == "id.imei")
    assert sent.path.endswith("imei")
    assert "seen being made" not in sent.reasoning


def test_what_is_not_whole_of_an_encoding_stands_for_nothing():
    wire = Wire()
    plain = b'{"log": "%s", "imei": "%s"}' % (b"a" * 6000, IMEI.encode())
    _encoded(wire, 1, plain)
    _encoded(wire, 2, b"no value that is known")
    wire.call("crypto.base64", 3, text("eyJsb2ciOiAi"), arguments=(replace(raw(DOCUMENT), truncated=True),))
    assert _made(wire) == []


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("AES/CBC/PKCS5Padding", "aes"),
        ("SHA-256", "sha256"),
        ("HmacSHA256", "hmac-sha256"),
        ("MD5", "md5"),
        ("", "cipher"),
    ],
)
def test_algorithms_have_short_names(long, short):
    assert short_name(long) == short


def test_what_a_cipher_made_of_a_packed_document_is_known_in_any_letters():
    wire = Wire()
    secret = bytes(range(7, 71))
    document = gzip.compress(b'{"device": {"imei": "%s"}}' % IMEI.encode())
    wire.call(
        "crypto.cipher",
        1,
        raw(secret),
        this=thing(algorithm=text("RSA/ECB/PKCS1Padding"), input=raw(document), operation=text("encrypt")),
    )
    made = dict(_made(wire))
    assert made[secret] == made[secret.hex().encode()] == ("rsa", "gzip")


def test_a_key_that_was_stretched_from_a_known_value_stands_for_it():
    wire = Wire()
    key = hashlib.pbkdf2_hmac("sha1", IMEI.encode(), b"salt", 3)
    wire.call("crypto.digest", 1, raw(key), this=thing(algorithm=text("PBKDF2WithHmacSHA1"), input=raw(IMEI.encode())))
    assert dict(_made(wire))[key] == ("pbkdf2withhmac-sha1",)


def test_half_of_a_salted_md5_is_known_too():
    wire = Wire()
    salted = b"pepper" + IMEI.encode()
    digest = hashlib.md5(salted).digest()
    wire.call("crypto.digest", 1, raw(digest), this=thing(algorithm=text("MD5"), input=raw(salted)))
    assert dict(_made(wire))[digest.hex()[8:24].encode()] == ("md5 salted",)


def test_the_reads_behind_a_crypto_call_are_the_nearest_few():
    wire = Wire()
    digest = hashlib.md5(b"pepper" + IMEI.encode()).digest()
    source = raw(b"pepper" + IMEI.encode())
    wire.call("crypto.digest", 900, raw(digest), this=thing(algorithm=text("MD5"), input=source))
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    recording, instant = calls[0].ref.recording, calls[0].instant
    reads = tuple(Origin(f"read {at}", recording, Instant(instant.at_us - 1000 + at, "agent", at)) for at in range(200))
    made = derive_crypto(calls, CATALOG, taxonomy(), list(derive(Known("id.imei", IMEI, (), reads)))).indicators
    assert {one.known.origins for one in made} == {reads[-16:]}


@pytest.mark.parametrize(("bound", "limit"), [("MOST_OF_A_TYPE", 2), ("MOST_BYTES", 2 * 20)])
def test_results_beyond_the_bounds_are_named_with_the_calls_that_made_them(monkeypatch, bound, limit):
    monkeypatch.setattr(indicators_crypto, bound, limit)
    wire = Wire()
    for at in range(4):
        source = b"%d" % at + IMEI.encode()
        digest = hashlib.sha1(source).digest()
        wire.call("crypto.digest", 1 + at, raw(digest), this=thing(algorithm=text("SHA-1"), input=raw(source)))
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    made = derive_crypto(calls, CATALOG, taxonomy(), list(derive(Known("id.imei", IMEI))))
    assert {one.via.call for one in made.indicators if one.via} == {calls[0].id, calls[1].id}
    assert [(one.data_type, origin.call) for one in made.left_out for origin in one.origins] == [
        ("id.imei", calls[2].id), ("id.imei", calls[3].id),
    ]  # fmt: skip


def test_a_result_that_is_not_looked_for_is_a_gap_of_the_traffic(monkeypatch):
    monkeypatch.setattr(indicators_crypto, "MOST_OF_A_TYPE", 0)
    wire = Wire(persona={"id.imei": (IMEI,)})
    digest = hashlib.sha1(IMEI.encode() + b"pepper").digest()
    source = raw(IMEI.encode() + b"pepper")
    wire.call("crypto.digest", 1, raw(digest), this=thing(algorithm=text("SHA-1"), input=source))
    wire.request(2, b"x=" + digest.hex().encode())
    found = detect(wire)
    assert [(gap.kind, gap.subject) for gap in found.gaps] == [(GapKind.DECODE_LIMIT, "id.imei")]


def _cut_short(wire: Wire, hook: str, at: float, **fields: Value) -> None:
    given = {name: replace(one, truncated=name in {"input", "plain"}) for name, one in fields.items()}
    wire.call(hook, at, raw(bytes(range(64))), this=thing(**given))


def test_what_stood_behind_the_bound_of_a_cipher_is_a_gap_of_the_traffic_that_follows():
    wire = Wire()
    wire.request(1, b"x")
    for at in (3, 4):
        _cut_short(wire, "crypto.cipher", at, algorithm=text("AES/CBC/PKCS5Padding"), input=raw(b" " * 99))
    wire.request(9, b"x")
    (gap,) = detect(wire).gaps
    assert (gap.kind, gap.subject, gap.until_us - gap.at_us) == (GapKind.DECODE_LIMIT, "crypto.cipher", 6_000_000)
    assert gap.why.startswith("2 calls were given more")


def test_an_argument_that_was_cut_tells_the_same():
    wire = Wire()
    whole, cut = raw(b" " * 99), replace(raw(b" " * 99), truncated=True)
    for at, given in ((3, whole), (4, cut)):
        wire.call("crypto.cipher", at, raw(bytes(64)), (given,), this=thing(algorithm=text("AES"), input=whole))
    wire.request(9, b"x")
    (gap,) = detect(wire).gaps
    assert gap.why.startswith("1 call was given more")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"algorithm": "SHA-256"}, False),
        ({"algorithm": "AES", "operation": "decrypt"}, False),
        ({"algorithm": "PBEWithMD5AndDES", "operation": "encrypt"}, True),
    ],
)
def test_a_digest_of_so_much_and_what_is_made_readable_hide_nothing(fields, told):
    wire = Wire()
    _cut_short(wire, "crypto.cipher", 3, input=raw(b" " * 99), **{name: text(one) for name, one in fields.items()})
    wire.request(9, b"x")
    assert bool(detect(wire).gaps) is told


def test_a_call_that_was_kept_whole_is_no_gap():
    wire = Wire()
    wire.call("crypto.cipher", 3, raw(bytes(64)), this=thing(algorithm=text("AES"), input=raw(b" " * 99)))
    wire.request(9, b"x")
    assert detect(wire).gaps == ()
