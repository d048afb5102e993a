from __future__ import annotations

import pytest
import re2
from unknown import around, decoded, found, seen, types

from analyzer.analysis.detect_neutral import GATE, detect_neutral

PEOPLE = [("陈雨芳", "13370224174"), ("李雷", "+8613800138471"), ("Anna Schmidt", "+4915557543434")]
SCAN = [("a45046112233", -66, "Home"), ("a45046112234", -71, "Office")]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"d": [{"a": name, "b": number} for name, number in PEOPLE]}, "json:$.d"),
        ([{"x1": number, "x2": name, "x3": 7} for name, number in PEOPLE], "json:$"),
        ({"q": [{"a": name, "b": [number]} for name, number in PEOPLE]}, "json:$.q"),
    ],
)
def test_three_people_with_numbers_are_an_address_book_whatever_the_names(document, path):
    assert seen(document) == [("comm.contacts", path)]


def test_elements_of_xml_that_repeat_are_a_list_too():
    entries = "".join(f"<e><a>{name}</a><b>{number}</b></e>" for name, number in PEOPLE)
    assert seen(f"<r>{entries}</r>".encode()) == [("comm.contacts", "xml:/r/e")]


@pytest.mark.parametrize(
    "document",
    [
        {"d": [{"a": name, "b": number} for name, number in PEOPLE[:2]]},
        {"d": [{"a": "陈雨芳", "b": "13370224174"}] * 3},
        {"d": [{"a": "battery low", "b": number} for _, number in PEOPLE]},
        {"d": [{"a": name, "b": "4001234567"} for name, _ in PEOPLE]},
        {"shops": [{"a": name, "b": number} for name, number in PEOPLE]},
        {"d": [{"shop_name": name, "b": number} for name, number in PEOPLE]},
    ],
)
def test_fewer_or_other_things_are_no_address_book(document):
    assert "comm.contacts" not in types(document)


def test_addresses_with_signals_are_a_scan():
    assert seen({"w": [{"a": mac, "l": level, "n": name} for mac, level, name in SCAN]}) == [
        ("loc.wifi_scan", "json:$.w")
    ]
    assert seen({"bleList": [{"a": mac, "l": level} for mac, level, _ in SCAN]}) == [
        ("loc.bluetooth_scan", "json:$.bleList")
    ]


@pytest.mark.parametrize("dashes", [False, True])
def test_a_scan_may_be_joined_into_one_text(dashes):
    macs = [":".join(mac[at : at + 2] for at in range(0, 12, 2)) if dashes else mac for mac, _, _ in SCAN]
    text = "|".join(f"{mac},{level},{name}" for mac, (_, level, name) in zip(macs, SCAN, strict=True))
    assert types({"w": text}) == {"loc.wifi_scan"}


@pytest.mark.parametrize(
    "document",
    [
        {"w": [{"a": mac, "l": 66} for mac, _, _ in SCAN]},
        {"w": [{"a": SCAN[0][0], "l": -66}]},
        {"w": [{"a": "000000000000", "l": -66}, {"a": "ffffffffffff", "l": -67}]},
        {"w": "a45046112233,-66,Home"},
        {"w": "build a45046112233, build a45046112234"},
    ],
)
def test_hex_digits_without_signals_are_no_scan(document):
    assert found(document) == []


def test_the_gate_opens_for_whole_values_only():
    gate = re2.compile(GATE)
    assert gate.search(b"x\n13370224174\ny")
    assert not gate.search(b"order 13370224174 of today\n1700000000123")
    assert detect_neutral(decoded(b'{"a": "b"}'), around()) == []
