from __future__ import annotations

import time

import pytest

from analyzer.analysis.policy_needless import NeedlessReader
from analyzer.packs.loader import load_packs
from analyzer.packs.wording import normal


@pytest.fixture(scope="module")
def reader():
    return NeedlessReader(load_packs().policy_words.needless)


def needless(reader, text: str) -> list[str]:
    """Give which of the data words of a text are said not to be needed."""
    plain = normal(text)
    known = ("imei", "位置信息", "手机号", "通讯录", "location", "contacts", "phone number")
    words = [word for word in known if word in plain]
    found = reader.unneeded(plain, {plain.index(word): plain.index(word) + len(word) for word in words})
    return [word for word in words if plain.index(word) in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们无需收集您的IMEI。", ["imei"]),
        ("您无需注册，我们也不需要您的手机号", ["手机号"]),
        ("使用本功能无需开启位置信息权限", ["位置信息"]),
        ("我们无需收集IMEI、通讯录，但我们会收集您的位置信息", ["imei", "通讯录"]),
        ("收集IMEI是不必要的。", ["imei"]),
        ("We do not need to collect your IMEI or contacts, but we collect your location.", ["imei", "contacts"]),
        ("You don't need to provide your phone number.", ["phone number"]),
        ("Collecting your IMEI is not necessary.", ["imei"]),
        ("The app works without access to your location.", ["location"]),
    ],
)
def test_data_that_is_said_not_to_be_needed_is_found(reader, text, expected):
    assert needless(reader, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "我们收集您的IMEI，无需征得您的同意",
        "无需您授权，我们会收集您的IMEI",
        "为了完成注册，我们需要收集您的IMEI",
        "We do not need your consent to collect your IMEI.",
        "We collect your IMEI where your consent is not required.",
        "We do not need to collect your IMEI, but we collect it for ads.",
    ],
)
def test_where_something_else_is_not_needed_or_it_is_collected_all_the_same_the_data_is_not_found(reader, text):
    assert needless(reader, text) == []


@pytest.mark.parametrize("text", ["无需", "无需您的", "收集", "collecting ", "need not "])
def test_a_sentence_without_end_costs_no_more_than_its_length(reader, text):
    begun = time.process_time()
    reader.unneeded(text * (10_000 // len(text)), {})
    assert time.process_time() - begun < 5
