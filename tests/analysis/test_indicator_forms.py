from __future__ import annotations

import hashlib

import pytest

from analyzer.analysis.indicator_forms import (
    coordinate_forms,
    item_forms,
    parse_phone,
    place_forms,
    scalar_forms,
)
from analyzer.analysis.indicator_spellings import spellings

MAC = "00:00:5e:00:53:1d"


def _patterns(forms) -> dict[bytes, tuple[str, ...]]:
    return {form.pattern: form.chain for form in forms}


@pytest.mark.parametrize(
    ("data_type", "value", "form"),
    [
        ("id.mac_wifi", MAC, "00-00-5E-00-53-1D"),
        ("id.mac_wifi", MAC, "00005e00531d"),
        ("id.gaid", "b83fd216-7a09-4c5e-8e41-2d96f07ac3b5", "B83FD2167A094C5E8E412D96F07AC3B5"),
        ("id.imei", "867431059238179", "86743105923817"),
        ("person.phone", "+8613800138000", "13800138000"),
        ("person.phone", "13800138000", "+8613800138000"),
        ("person.email", "A@b.example", "a@b.example"),
    ],
)
def test_the_spellings_that_apps_use_are_known(data_type, value, form):
    assert form in {spelling.text for spelling in spellings(data_type, value)}
    forms = _patterns(scalar_forms(data_type, value))
    assert forms[hashlib.md5(form.encode()).hexdigest().encode()] == ("md5",)


def test_digests_come_in_hex_of_both_cases_raw_and_cut():
    forms = _patterns(scalar_forms("id.serial", "PLK7Q2X94M1T"))
    digest = hashlib.sha512(b"PLK7Q2X94M1T")
    assert forms[digest.hexdigest().encode()] == forms[digest.digest()] == ("sha512",)
    assert forms[hashlib.md5(b"PLK7Q2X94M1T").hexdigest()[8:24].encode()] == ("md5-16",)


def test_places_are_rounded_and_cut_to_two_to_six_decimals():
    forms = set(_patterns(coordinate_forms("121.473719")))
    assert {b"121.473719", b"121.47372", b"121.47371", b"121.4737", b"121.474", b"121.47", b"121473719"} <= forms
    assert b"121.5" not in forms
    assert any(hashlib.md5(b"1.5,2.5").hexdigest().encode() == form.pattern for _, form in place_forms("1.5", "2.5"))


def test_items_of_long_lists_have_few_forms():
    assert len(list(item_forms("dev.installed_apps", "com.vendor.app"))) < 40


def test_a_number_is_a_telephone_number_only_when_it_is_valid():
    assert parse_phone("+4930123125747") is not None
    assert parse_phone("123") is None
