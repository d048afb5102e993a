from __future__ import annotations

import pytest

from analyzer.analysis.indicator_phone import parse_phone, phone_spellings

CHINA = {one.text: one for one in reversed(list(phone_spellings("+8613816049257")))}
AMERICA = {one.text for one in phone_spellings("+16502530000")}


@pytest.mark.parametrize(
    "text",
    [
        "+8613816049257",
        "8613816049257",
        "008613816049257",
        "13816049257",
        "013816049257",
        "138-1604-9257",
        "138 1604 9257",
        "+86 138 1604 9257",
        "+86-138-1604-9257",
        "+86 13816049257",
        "+86-13816049257",
        "86-13816049257",
        "0086-138-1604-9257",
        "(+86)13816049257",
        "138****9257",
    ],
)
def test_a_chinese_mobile_number_is_known_as_people_write_it(text):
    assert text in CHINA


@pytest.mark.parametrize("text", ["(650) 253-0000", "650-253-0000", "650.253.0000", "6502530000", "+1 650-253-0000"])
def test_a_number_is_grouped_as_its_country_does(text):
    assert text in AMERICA


def test_a_number_without_a_country_code_is_read_at_home():
    assert {one.text for one in phone_spellings("13816049257")} == set(CHINA)


def test_a_masked_number_is_a_part_and_has_no_digests():
    masked = CHINA["138****9257"]
    assert (masked.partial, masked.hashed) == (True, False)
    assert "mask" in masked.note


def test_digests_are_taken_of_the_usual_spellings_only():
    hashed = {text for text, one in CHINA.items() if one.hashed}
    assert {"+8613816049257", "8613816049257", "13816049257"} <= hashed
    assert len(hashed) < 10


def test_a_number_is_a_telephone_number_only_when_it_is_valid():
    assert parse_phone("+4930123125747") is not None
    assert parse_phone("123") is None
    assert list(phone_spellings("123")) == []
