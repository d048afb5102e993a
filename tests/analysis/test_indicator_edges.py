from __future__ import annotations

import pytest

from analyzer.analysis.decode import Leaf
from analyzer.analysis.indicator import Indicator, Known
from analyzer.analysis.indicator_edges import stands_alone
from analyzer.model.evidence import EvidenceRef
from analyzer.model.vocabulary import Source, Where


def _alone(value: str, text: str, *, part: str = "", glued: bool = False, textual: bool = True, more: int = 0) -> bool:
    data = text.encode()
    leaf = Leaf(EvidenceRef("r", Source.FLOWS, 1), Where.BODY, "$.a", "a", data, textual=textual)
    indicator = Indicator(Known("id.x", value), part, value, value.encode(), more=more)
    return stands_alone(leaf, data.index(value.encode()), indicator, glued=glued)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Pixel 7 Pro", True),
        ("x|Pixel 7 Pro|Google", True),
        ("\x16\x0bPixel 7 Pro\x26", True),
        ("case for Pixel 7 Pro, black", False),
        ("Android-Pixel 7 Pro", False),
    ],
)
def test_what_many_devices_are_called_must_be_all_of_a_field(text, alone):
    leaf = Leaf(EvidenceRef("r", Source.FLOWS, 1), Where.BODY, "$.a", "a", text.encode(), textual=True)
    model = Indicator(Known("dev.hardware_profile", "Pixel 7 Pro"), "", "Pixel 7 Pro", b"Pixel 7 Pro")
    assert stands_alone(leaf, text.index("Pixel"), model) is alone


@pytest.mark.parametrize(
    ("value", "text", "alone"),
    [
        ("10.83.127.46", "x 10.83.127.46.", True),
        ("10.83.127.46", "110.83.127.46", False),
        ("10.83.127.46", "10.83.127.467", False),
        ("10.83.127.46", "10.83.127.46.5", False),
        ("10.83.127.46", "5.10.83.127.46", False),
        ("13816049257", "tel:13816049257", True),
        ("13816049257", "phone-13816049257", True),
        ("13816049257", "a13816049257b", True),
        ("13816049257", "213816049257", False),
        ("13816049257", "5-13816049257", False),
        ("138-1604-9257", "138-1604-9257-12", False),
        ("147362805", "b147362805", False),
        ("147362805", "147362805e7", False),
        ("867431059238179", "1700000000867431059238179", True),
        ("PLK7Q2X94M1T", "(PLK7Q2X94M1T)", True),
        ("PLK7Q2X94M1T", "XPLK7Q2X94M1T", False),
        ("PLK7Q2X94M1T", "PLK7Q2X94M1T8", False),
        ("b83fd2167a094c5e8e412d96f07ac3b5", "idb83fd2167a094c5e8e412d96f07ac3b5", True),
        ("com.taobao.taobao", "com.taobao.taobao,", True),
        ("com.taobao.taobao", "com.taobao.taobaolive", False),
        ("com.taobao.taobao", "com.taobao.taobao.lite", False),
        ("com.taobao.taobao", "cn.com.taobao.taobao", False),
        ("com.taobao.taobao", "See com.taobao.taobao.", True),
        ("a@b.example", "<a@b.example>", True),
        ("a@b.example", "a@b.example.org", False),
        ("a@b.example", "maria.a@b.example", False),
        ("a@b.example", "a@b.examples", False),
        ("Odalys Brennecke", "Odalys Brenneckenstein", False),
    ],
)
def test_a_piece_of_something_longer_is_not_the_value(value, text, alone):
    assert _alone(value, text) is alone


def test_a_coordinate_without_its_sign_is_another():
    assert not _alone("31.230437", "-31.230437", part="lat")
    assert not _alone("31.23043", "-31.230437", part="lat", more=-1)
    assert _alone("31.23043", "(31.2304371", part="lat", more=-1)
    assert not _alone("31.23043", "131.230437", part="lat", more=-1)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("12345678901234XX", False),
        ("1234567890123412", True),
        ("123456789012345", False),
        ("12345678901234567", False),
        ("91234567890123412", False),
    ],
)
def test_a_form_that_goes_on_does_so_for_the_digits_it_says(text, alone):
    assert _alone("12345678901234", text, more=2) is alone


def test_a_value_may_touch_other_letters_behind_a_salt_and_in_binary():
    assert _alone("PLK7Q2X94M1T", "saltPLK7Q2X94M1T", glued=True)
    assert _alone("PLK7Q2X94M1T", "2PLK7Q2X94M1T0", textual=False)
