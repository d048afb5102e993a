from __future__ import annotations

import base64
import hashlib
import time

import pytest
from detection import detect
from wire import CATALOG, IMEI, Wire, raw, taxonomy, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.decode import Leaf
from analyzer.analysis.detect_known import detect_known
from analyzer.analysis.indicators import Known, Origin, compile_indicators, derive
from analyzer.analysis.indicators_gather import gather_indicators
from analyzer.analysis.matching import Moment
from analyzer.analysis.placement import place_session
from analyzer.model.clock import Instant
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where


def test_origins_are_the_reads_before_the_send_nearest_first():
    wire = Wire()
    for at in (1, 2, 9):
        wire.call("telephony.imei", at, text(IMEI))
    wire.request(3, f"x={IMEI}".encode())
    one = detect(wire).sent[0]
    assert one.origins == ("1-accept/events/2", "1-accept/events/1")
    assert "hooked call returned before" in one.reasoning


def test_a_value_that_was_never_read_is_known_from_the_device():
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.request(3, f"x={IMEI}".encode())
    one = detect(wire).sent[0]
    assert one.origins == ()
    assert 0.95 <= one.confidence < 0.99


def _salted(wire: Wire, at: float) -> str:
    source = b"pepper" + IMEI.encode()
    made = hashlib.sha256(source).digest()
    wire.call("crypto.digest", at, raw(made), this=thing(algorithm=text("SHA-256"), input=raw(source)))
    return made.hex()


def test_of_equal_crypto_calls_the_nearest_before_the_send_is_the_origin():
    wire = Wire(persona={"id.imei": (IMEI,)})
    for at in (1, 2, 9):
        made = _salted(wire, at)
    wire.request(3, f"x={made}".encode())
    found = detect(wire)
    assert found.sent[0].origins == ("1-accept/events/2",)
    assert [link.distance_us for link in found.links] == [1_000_000]


def test_a_crypto_call_after_the_send_lets_the_value_be_known_but_is_no_origin():
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.request(3, f"x={_salted(wire, 9)}".encode())
    found = detect(wire)
    assert [one.origins for one in found.sent] == [()]
    assert "seen being made by a crypto call, later" in found.sent[0].reasoning
    assert found.links == ()


def test_a_call_of_another_recording_is_no_origin():
    wire = Wire()
    made = _salted(wire, 2)
    wire.call("telephony.imei", 1, text(IMEI))
    session = wire.session()
    calls = resolve_calls(session, place_session(session))
    indicators = gather_indicators(wire.package, {}, calls, CATALOG, taxonomy())
    leaf = Leaf(EvidenceRef("2-refuse", Source.FLOWS, 1), Where.BODY, "form:x", "x", made.encode())
    moment = Moment("2-refuse", Instant(calls[-1].instant.at_us + 10_000_000, "proxy", 1))
    (one,) = detect_known([leaf], indicators, taxonomy(), moment)
    assert (one.origins, one.via) == ((), ())
    assert "read only in another recording" in one.reasoning
    assert "crypto call, in another recording" in one.reasoning


def test_digits_in_groups_and_two_byte_characters_hide_nothing():
    wire = Wire(persona={"id.imei": (IMEI,), "id.iccid": ("89860021934756182040",)})
    wire.request(1, b"iccid=8986 0021 9347 5618 2040")
    wire.request(2, f"imei={IMEI[:6]}-{IMEI[6:12]}-{IMEI[12:]}".encode())
    wire.request(3, IMEI.encode("utf-16-le"))
    found = [(one.data_type, one.encodings) for one in detect(wire).sent]
    assert found == [
        ("id.iccid", ("grouped digits",)),
        ("id.imei", ("grouped digits",)),
        ("id.imei", ("utf-16le",)),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (IMEI, "found as plain text"),
        (IMEI[:14], "found as plain text (without its check digit)"),
        (
            hashlib.md5(IMEI[:14].encode()).hexdigest().upper(),
            "found as the MD5 of the IMEI without its check digit, in upper-case hex",
        ),
        (
            hashlib.sha1(hashlib.md5(IMEI.encode()).hexdigest().encode()).hexdigest(),
            "found as the SHA-1 of the MD5 of the IMEI, in lower-case hex",
        ),
        (base64.b64encode(IMEI.encode()).decode(), "found as plain text, inside base64"),
    ],
)
def test_the_reasoning_names_the_form(body, words):
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.request(1, f"x={body}".encode())
    (one,) = detect(wire).sent
    assert one.reasoning == f"a value known to belong to this device, {words}"


def test_the_way_to_the_value_ends_with_the_form():
    wire = Wire(persona={"id.imei": (IMEI,)})
    wire.request(1, f'{{"x": "{hashlib.md5(IMEI.encode()).hexdigest()}"}}'.encode())
    assert detect(wire).sent[0].chain[-1] == "md5"


def test_the_way_to_a_value_is_that_of_its_fewest_encodings_where_two_calls_made_what_was_sent():
    wire = Wire(persona={"id.imei": (IMEI,)})
    secret = hashlib.sha512(b"key").digest()[:16]
    sealed = thing(algorithm=text("AES"), input=raw(IMEI.encode()), operation=text("encrypt"))
    wire.call("crypto.cipher", 1, raw(secret), this=sealed)
    sent = base64.b64encode(secret).decode()
    wire.call("crypto.base64", 2, text(sent), arguments=(raw(secret),))
    wire.request(3, sent.encode())
    (one,) = detect(wire).sent
    assert (one.encodings, one.chain) == (("base64", "aes"), ("body", "base64", "aes"))


def test_a_field_name_that_confirms_is_named():
    wire = Wire(persona={"dev.network_carrier": ("China Mobile",)})
    wire.request(1, b'{"carrier": "China Mobile"}')
    assert "the field name 'carrier' confirms it" in detect(wire).sent[0].reasoning


def test_thousands_of_reads_cost_a_send_nothing():
    reads = tuple(Origin(f"r/{at}", "r", Instant(at, "agent", at)) for at in range(100_000))
    indicators = compile_indicators(derive(Known("id.imei", IMEI, (), reads)))
    leaf = Leaf(EvidenceRef("r", Source.FLOWS, 1), Where.BODY, "form:x", "x", IMEI.encode())
    moment = Moment("r", Instant(50_000_000, "proxy", 1))
    started = time.process_time()
    for _ in range(100):
        (one,) = detect_known([leaf], indicators, taxonomy(), moment)
    assert time.process_time() - started < 1
    assert one.origins[0] == "r/99999"
