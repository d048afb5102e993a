from __future__ import annotations

import json

import pytest
from wire import IMEI, Wire, missing, taxonomy

from analyzer.analysis.decode_field import Memory
from analyzer.analysis.detect_network import Watcher
from analyzer.analysis.indicators import Indicators, Known, compile_indicators, derive
from analyzer.analysis.placement import place_session
from analyzer.analysis.sieve import Sieve
from analyzer.model.evidence import EvidenceRef, Request, Session
from analyzer.model.results import Observation
from analyzer.model.vocabulary import Source, Where

NOISE = [{"name": "click", "page": "home", "ratio": 0.5, "ok": True, "trace": f"{n:016x}"} for n in range(40)]


def indicators() -> Indicators:
    return compile_indicators(derive(Known("id.imei", IMEI)))


def observed(document: object, *, sifted: bool) -> list[Observation]:
    """Look at a document as a body, with the sieve or without it."""
    wire = Wire()
    wire.request(1, json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())
    session = wire.session()
    watcher = Watcher(indicators(), taxonomy(), place_session(session), missing)
    if not sifted:
        object.__setattr__(watcher, "memory", Memory())
    number, record = _request(session)
    ref = EvidenceRef(session.recordings[0].name, Source.FLOWS, number)
    return [*watcher.look(ref, record).observations]


def _request(session: Session) -> tuple[int, Request]:
    return next((line.number, line.record) for line in session.recordings[0].flows if isinstance(line.record, Request))


def sieve() -> Sieve:
    return Sieve(indicators(), taxonomy())


@pytest.mark.parametrize(
    "said",
    [
        {"device": {"imei": "353879234252633", "model": "Pixel 7", "os_version": "14"}},
        {"x": IMEI},
        {"contacts": [{"label": f"Anna Maria {n}", "tel": f"1380013800{n}"} for n in range(5)]},
        {"list": [{"who": "Anna Maria", "no": f"1380013800{n}"} for n in range(5)]},
        {"fields": [{"name": "imei", "value": "353879234252633"}, {"name": "os", "value": "android"}]},
        {"columns": ["imei", "os"], "rows": [["353879234252633", "android"]]},
        {"events": [{"title": "Dentist", "dtstart": 1, "location": "Main Street", "attendees": "x"}] * 3},
        {
            "list": ["com.tencent.mm", "com.sina.weibo", "cn.wps.moffice", "org.mozilla.firefox", "com.taobao.taobao"]
            * 2
        },
        {"lat": 31.230416, "lng": 121.473701},
        {"m1": "353879234252633", "device_id": "9774d56d682e549c", "phone": "13800138000"},
        {"log": "imei=353879234252633 os=14"},
        {"who": "anna.maria@example.com"},
        {"mac": "3c:5a:b4:01:02:03", "near": ["3C5AB4010203,-60", "3C5AB4010204,-70"]},
        {"a": "\u00e9\n\t", "city": "Z\u00fcrich"},
    ],
)
def test_nothing_is_lost_in_a_long_document(said):
    for document in ({**said, "log_": NOISE}, {"noise": NOISE, "said": said}, [NOISE, said]):
        assert observed(document, sifted=True) == observed(document, sifted=False)


def test_a_document_without_anything_is_passed_over():
    assert sieve().may_sift(json.dumps(NOISE).encode(), Where.BODY)


@pytest.mark.parametrize("held", ["a\\b", "who@example.com", "3c:5a:b4:01:02:03", "a=b", IMEI, "+8613800138000"])
def test_a_document_with_a_shape_or_a_known_value_is_read_whole(held):
    assert not sieve().may_sift(json.dumps([NOISE, held]).encode(), Where.BODY)


def test_an_answer_is_only_searched_for_known_values():
    answer = json.dumps([NOISE, "who@example.com"]).encode()
    assert sieve().may_sift(answer, Where.RESPONSE)
    assert not sieve().may_sift(answer + IMEI.encode(), Where.RESPONSE)


@pytest.mark.parametrize(("key", "dull"), [("ratio", True), ("imei", False), ("lat", False), ("value", False)])
def test_a_field_with_a_telling_name_is_not_dull(key, dull):
    field = Memory().root(Where.BODY, "", "").child("json:$", "").member(key)
    assert sieve().is_dull(field) is dull


def test_fields_of_answers_are_dull_whatever_their_names():
    field = Memory().root(Where.RESPONSE, "", "").child("json:$", "").member("lat")
    assert sieve().is_dull(field)


@pytest.mark.parametrize(
    ("value", "out"), [("com.example.app", True), ("0.25", False), ("13800138000", True), ("7", False)]
)
def test_packages_and_numbers_of_a_kind_stand_out(value, out):
    assert sieve().stands_out(value) is out
