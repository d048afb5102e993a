from __future__ import annotations

import pytest

from analyzer.analysis.indicator_weight import bits_of, is_placeholder, is_telling_alone, is_weak


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        ("id.account", "CN"),
        ("id.account", "1"),
        ("id.imei", "000000000000000"),
        ("id.serial", "aaaaaaaaaaaa"),
        ("id.serial", "Unknown"),
        ("id.account", "1234567"),
        ("person.name", "张伟"),
        ("dev.hardware_profile", "Pixel 6 Pro of nobody else"),
        ("dev.hardware_profile", "Pixel 6"),
        ("dev.hardware_profile", "1080x2400"),
        ("dev.hardware_profile", "arm64-v8a"),
        ("id.ip", "10.0.2.15"),
    ],
)
def test_what_is_short_common_or_guessed_is_weak(data_type, text):
    assert is_weak(data_type, text)


@pytest.mark.parametrize(
    ("data_type", "text"),
    [
        ("id.imei", "867431059238179"),
        ("id.android_id", "7c41e9d0b35fa286"),
        ("person.name", "林砚秋"),
        ("person.phone", "13816049257"),
        ("id.ip", "10.83.127.46"),
        ("id.serial", "PLK7Q2X94M1T"),
        ("dev.hardware_profile", "2201123C"),
        ("loc.cell", "147362805"),
        ("dev.hardware_profile", "SM-G991B"),
        ("dev.hardware_profile", "V2229A"),
    ],
)
def test_what_tells_devices_and_people_apart_is_not(data_type, text):
    assert not is_weak(data_type, text)


@pytest.mark.parametrize(
    ("data_type", "text", "telling"),
    [
        ("dev.hardware_profile", "Pixel 7 Pro", True),
        ("dev.hardware_profile", "Redmi Note 8", True),
        ("dev.hardware_profile", "Mi 10", False),
        ("dev.hardware_profile", "Google Pixel", False),
        ("dev.hardware_profile", "1080 2400", False),
        ("dev.os_locale", "Pixel 7 Pro", False),
    ],
)
def test_the_name_of_a_model_in_shops_tells_where_it_is_all_of_a_field(data_type, text, telling):
    assert is_telling_alone(data_type, text) is telling


def test_variety_and_length_are_what_tells():
    assert bits_of("11111111") < bits_of("12345678") < bits_of("1a2b3c4d") < bits_of("1a2b3c4d5e")
    assert bits_of("") == 0


@pytest.mark.parametrize(
    "text", ["", "unknown", "000000000000000", "00:00:00:00:00:00", "02:00:00:00:00:00", "9774D56D682E549C", "fffffff"]
)
def test_placeholders_are_known(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["867431059238179", "7c41e9d0b35fa286", "aab", "林林林秋"])
def test_values_are_no_placeholders(text):
    assert not is_placeholder(text)
