from __future__ import annotations

import hashlib

from detection import detect
from wire import CATALOG, IMEI, Wire, raw, taxonomy, text, thing

from analyzer.analysis.calls import resolve_calls
from analyzer.analysis.decode import Leaf
from analyzer.analysis.detect_known import detect_known
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
